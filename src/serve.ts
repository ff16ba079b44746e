import { createApp } from './app.js';
import type { Config } from './config.js';
import { openDataSource } from './database/data-source.js';
import type { Log } from './database/log.js';
import { migrate } from './database/migrate.js';
import { openPlace } from './database/migrate-command.js';
import { migrations } from './database/migrations.js';
import { databasesOn } from './databases.js';
import { tables } from './rooms.js';

export type Running = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Drains, then ends the database last of all. */
  close(): Promise<void>;
};

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

function tellWhoMayAsk(host: string, log: Log): void {
  if (LOOPBACK.has(host)) {
    log.info({ host }, 'no token has been created: every local caller is answered');
  } else {
    log.warn(
      { host },
      'no token has been created: everybody who reaches this address may read and change everything',
    );
  }
}

/** Starts the database (where it is ours), brings the tables up to date, and listens. */
export async function serve(config: Config, log: Log): Promise<Running> {
  const place = await openPlace(config, log);
  try {
    const source = await openDataSource(place.url, {
      tables,
      migrations,
      poolSize: config.poolSize,
      statementTimeoutMs: config.statementTimeoutMs,
      log,
    });
    try {
      await migrate(source);
      const app = await createApp(databasesOn(source), config, log);
      const url = await app.listen(config.port, config.host);
      tellWhoMayAsk(config.host, log);
      const close = (): Promise<void> =>
        app
          .close()
          .finally(() => source.destroy())
          .finally(() => place.stop());
      return { url, close };
    } catch (error) {
      await source.destroy();
      throw error;
    }
  } catch (error) {
    await place.stop();
    throw error;
  }
}
