import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { addEffects } from './cli/command.js';
import type { AddCommands, CliIo, OwnServer, Shell } from './cli/shell.js';
import { Failure } from './cli/shell.js';
import { type Config, environment } from './config.js';
import { strayVariables } from './config-faults.js';
import { waitLonger } from './database/backoff.js';
import { heeding } from './database/deadline.js';
import { configFrom, curable, type Flags, logFor } from './host.js';
import type { Door } from './http/door.js';
import { counted } from './netpol/index.js';
import { fired, stopOnUncaught, stopSignal, unlessStopped } from './stopping.js';

const exampleOf = (words: string): string => `\nExample:\n  $ weirgate ${words}`;

const placed = (command: Command): Command =>
  command
    .option('--data-dir <dir>', 'folder of the embedded Postgres (default `.weirgate`)')
    .option('--database-url <url>', 'a Postgres to use instead (or DATABASE_URL)');

const working = (command: Command): Command =>
  placed(command)
    .option('--workers <number>', 'jobs that run at the same time (default 1)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent');

const served = (command: Command): Command =>
  working(command)
    .option('--port <port>', 'port to listen on (default 8080)')
    .option('--host <host>', 'address to listen on (default 127.0.0.1)')
    .option('--allowed-hosts <names>', 'names by which clients reach it, with commas between them')
    .option('--allowed-origins <origins>', 'web pages of other origins that may ask it')
    .option('--tls-cert <file>', 'PEM file of its certificate')
    .option('--tls-key <file>', 'PEM file of the key of the certificate')
    .option('--tls-client-ca <file>', 'PEM file of who signs certificates of clients')
    .option('--trusted-proxies <blocks>', 'proxies whose X-Forwarded-For is believed')
    .option('--issuers-file <file>', 'JSON that names the issuers whose tokens are taken')
    .option('--requests-per-minute <number>', 'of each caller; 0: any number')
    .option('--cost-per-minute <number>', 'of each caller; 0: any')
    .option('--introspection <on|off>', 'whether the schema is told')
    .option('--trusted-documents <file>', 'JSON of the documents that alone are run');

/** The log of a process that holds a database, which tells what nobody caught as well. */
async function serverLog(config: Config) {
  const log = await logFor(config);
  stopOnUncaught(err => log.error({ err }, 'an error that nobody caught: the process ends'));
  return log;
}

type Starting = { readonly worker?: boolean; readonly again?: boolean; readonly door?: Door };

async function start(flags: Flags, { stdout }: CliIo, options: Starting = {}) {
  const stop = stopSignal();
  const config = configFrom(flags);
  const { serve } = await import('./serve.js');
  const log = await serverLog(config);
  const stray = strayVariables(environment()).map(({ name }) => name);
  if (stray.length > 0) log.warn({ stray }, 'variables named as ours are no settings');
  const running = await curable(() => serve(config, log, { ...options, stop }));
  stdout.write(`listening on ${running.url}\n`);
  return running;
}

type Serving = { readonly replaced: Promise<void>; readonly close: () => Promise<void> };

/** What has run once is started for as long as it takes. */
async function startPatiently(startNow: (again: boolean) => Promise<Serving>, { stderr }: CliIo) {
  const stop = stopSignal();
  for (let tried = 0; ; tried += 1) {
    try {
      return await startNow(true);
    } catch (error) {
      if (stop.aborted) throw error;
      stderr.write(`cannot start again yet: ${error instanceof Error ? error.message : error}\n`);
      await waitLonger(tried, stop);
    }
  }
}

/** Starts anew where another database has come in the place of the one that was opened: nothing that was kept of it is true. */
async function untilStopped(
  startNow: (again: boolean) => Promise<Serving>,
  io: CliIo,
): Promise<void> {
  const stop = stopSignal();
  for (let again = false; !stop.aborted; again = true) {
    const serving = await (again ? startPatiently(startNow, io) : startNow(false));
    await Promise.race([fired(stop), serving.replaced]);
    const closed = serving.close();
    // What it still had to write belongs to the database that is gone.
    await (stop.aborted ? closed : closed.catch(() => {}));
  }
}

const addServe = ({ program, io }: Shell): void => {
  addEffects(served(program.command('serve')), [
    { of: ['workers'], when: ({ worker }) => worker !== false, says: 'with --no-worker' },
  ])
    .description('run the server and its jobs; SIGTERM drains and ends it')
    .addHelpText('after', exampleOf('serve --port 8080 --data-dir /var/lib/weirgate'))
    .option('--no-worker', 'leave jobs to processes that `weirgate worker` started')
    .action(({ worker, ...flags }: Flags & { readonly worker: boolean }) =>
      unlessStopped(async () => {
        stopSignal();
        const config = configFrom(flags);
        const { openDoor } = await import('./serve.js');
        const door = await curable(async () => openDoor(config, await serverLog(config)));
        const startNow = (again: boolean) => start(flags, io, { worker, again, door });
        await untilStopped(startNow, io).finally(() => door.close());
      }),
    );
};

const addWorker = ({ program, io }: Shell): void => {
  working(program.command('worker'))
    .description('run jobs of a server in this process; SIGTERM drains and ends it')
    .addHelpText(
      'after',
      exampleOf('worker --workers 4 --database-url postgres://weirgate@db/weirgate'),
    )
    .action(async (flags: Flags) => {
      const config = configFrom(flags);
      if (config.databaseUrl === null)
        throw new Failure(
          'a worker needs the database of its server',
          'say `--database-url`, or set DATABASE_URL; a server with an embedded Postgres runs its jobs itself',
        );
      const stop = stopSignal();
      const { work } = await import('./serve.js');
      await unlessStopped(async () => {
        await untilStopped(async again => {
          const running = await curable(async () =>
            work(config, await serverLog(config), { stop, again }),
          );
          io.stdout.write('running jobs\n');
          return running;
        }, io);
      });
    });
};

const addMigrate = ({ program, io }: Shell): void => {
  placed(program.command('migrate'))
    .argument('[action]', 'up, down (one step back, with its data) or status', 'status')
    .description('bring the tables of the database up to date, or back')
    .addHelpText('after', exampleOf('migrate status --data-dir .weirgate'))
    .action(async (action: string, flags: Flags) => {
      const config = configFrom(flags);
      const { runMigrateCommand } = await import('./database/migrate-command.js');
      const stop = stopSignal();
      const lines = await curable(async () =>
        runMigrateCommand([action], config, await serverLog(config), stop),
      );
      io.stdout.write(`${lines.join('\n')}\n`);
    });
};

const told = (counts: Readonly<Record<string, number>>, file: string, done: string): string => {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${done} \`${file}\`: ${counted(rows, 'row')} of ${counted(Object.keys(counts).length, 'table')}\n`;
};

const addBackup = ({ program, io }: Shell): void => {
  placed(program.command('backup'))
    .argument('<file>', 'a new file, such as `weirgate.backup.gz`; readable for its owner only')
    .description('write all that the database holds to a file, also while a server runs on it')
    .addHelpText('after', exampleOf('backup --data-dir .weirgate weirgate.backup.gz'))
    .action(async (file: string, flags: Flags) => {
      const config = configFrom(flags);
      const stop = stopSignal();
      const log = await serverLog({ ...config, logLevel: 'warn' });
      const { backupTo } = await import('./backup-file.js');
      const counts = await curable(() => heeding(stop, () => backupTo(config, file, log)));
      io.stdout.write(told(counts, file, 'wrote'));
    });
};

const addRestore = ({ program, io }: Shell): void => {
  placed(program.command('restore'))
    .argument('<file>', 'what `weirgate backup` of this version or an older one wrote')
    .description('put a backup into an empty database or data folder, wholly or not at all')
    .addHelpText('after', exampleOf('restore --data-dir ./new weirgate.backup.gz'))
    .action(async (file: string, flags: Flags) => {
      const config = configFrom(flags);
      const stop = stopSignal();
      const log = await serverLog({ ...config, logLevel: 'warn' });
      const { restoreFrom } = await import('./backup-file.js');
      const counts = await curable(() => heeding(stop, () => restoreFrom(config, file, log)));
      io.stdout.write(told(counts, file, 'restored'));
    });
};

const DEMO_FOLDER = '.weirgate/demo';

const addDemo = ({ program, io }: Shell): void => {
  served(program.command('demo'))
    .description('run the server on a demonstration cluster, and show what to try')
    .addHelpText('after', exampleOf('demo --port 8081'))
    .option('--once', 'tell, and end')
    .action(({ once, ...flags }: Flags & { readonly once?: boolean }) =>
      unlessStopped(() => demonstrate(flags, io, once === true)),
    );
};

async function demonstrate(flags: Flags, io: CliIo, once: boolean): Promise<void> {
  const isElsewhere = flags['databaseUrl'] !== undefined || Boolean(environment()['DATABASE_URL']);
  const place = isElsewhere ? {} : { dataDir: DEMO_FOLDER };
  const running = await start({ logLevel: 'warn', ...place, ...flags }, io);
  try {
    const { runDemo } = await import('./cli/demo/demo.js');
    const { stdout, stderr } = io;
    const { url: server, token } = running;
    await runDemo({ server, token, stdout, stderr, now: new Date() });
    if (!once) await fired(stopSignal());
  } finally {
    await running.close();
  }
}

/** As shells tell of a command that was ended by SIGINT. */
const INTERRUPTED = 130;

/** A server at any free port on an embedded Postgres in a folder that goes away with it. */
export async function startOwnServer(): Promise<OwnServer> {
  const stop = stopSignal();
  const folder = await mkdtemp(join(tmpdir(), 'weirgate-'));
  // As root, Postgres runs under another account, which has to pass through.
  await chmod(folder, 0o711);
  const config = { ...configFrom({ port: '0', logLevel: 'warn' }), host: '127.0.0.1' };
  const { serve } = await import('./serve.js');
  const place = { ...config, dataDir: join(folder, 'data'), databaseUrl: null, durable: false };
  const log = await serverLog(config);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const running = await curable(() => serve(place, log, { stop }));
    const close = () => running.close().finally(remove);
    void fired(stop)
      .then(close)
      .finally(() => process.exit(INTERRUPTED));
    return { url: running.url, token: running.token, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Makes a token where the database is: the way to the first one. */
export const createTokenOnDatabase: NonNullable<CliIo['createTokenOnDatabase']> = async (
  place,
  input,
) => {
  const config = configFrom(place);
  const { createTokenOn } = await import('./token-on-database.js');
  stopSignal();
  return curable(async () =>
    createTokenOn(config, await serverLog({ ...config, logLevel: 'warn' }), input),
  );
};

/** Commands that run the server in this process; every other command is a client. */
export const HOST_COMMANDS: readonly AddCommands[] = [
  addServe,
  addWorker,
  addMigrate,
  addBackup,
  addRestore,
  addDemo,
];
