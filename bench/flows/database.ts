import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/database/data-source.js';
import { startEmbedded } from '../../src/database/embedded.js';
import { silentLog } from '../../src/database/log.js';
import { migrate } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations.js';
import { type EdgeSize, seedEdges } from '../data/edges.js';

type Use = (source: DataSource, url: string) => Promise<void>;

/** An embedded Postgres with empty tables, without autovacuum, so that its statistics are those that are asked for. */
export async function withTables(use: Use): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'weirgate-bench-'));
  await chmod(folder, 0o711);
  const database = await startEmbedded({ dataDir: folder, log: silentLog, durable: false });
  try {
    const source = await openDataSource(database.url, {
      tables: [],
      migrations,
      poolSize: 2,
      statementTimeoutMs: 0,
    });
    try {
      await source.query('alter system set autovacuum = off');
      await source.query('select pg_reload_conf()');
      await migrate(source);
      await use(source, database.url);
    } finally {
      await source.destroy();
    }
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same with edges in it. */
export const withEdges = (size: EdgeSize, use: Use): Promise<void> =>
  withTables(async (source, url) => {
    await seedEdges(sql => source.query(sql), size);
    await use(source, url);
  });
