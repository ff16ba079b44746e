import { openDataSource } from './data-source.js';
import { heeding } from './deadline.js';
import { startEmbedded } from './embedded.js';
import { failure } from './failure.js';
import type { Log } from './log.js';
import { migrate, migrateDown, migrationStates } from './migrate.js';
import { migrations } from './migrations.js';

/** Where the database is: at `databaseUrl`, or else the embedded one in `dataDir`. */
export type DatabasePlace = { readonly databaseUrl: string | null; readonly dataDir: string };

export type OpenPlace = { readonly url: string; stop(): Promise<void> };

/** The database of a configuration: nothing to start or stop where it names one. */
export async function openPlace(
  { databaseUrl, dataDir }: DatabasePlace,
  log: Log,
  signal?: AbortSignal,
): Promise<OpenPlace> {
  if (databaseUrl !== null) return { url: databaseUrl, stop: async () => {} };
  return startEmbedded({ dataDir, log, ...(signal && { signal }) });
}

type Source = Awaited<ReturnType<typeof openDataSource>>;

const ACTIONS: Readonly<Record<string, (source: Source) => Promise<readonly string[]>>> = {
  up: async source => {
    const done = await migrate(source);
    return done.length === 0 ? ['nothing to do'] : done.map(name => `applied ${name}`);
  },
  down: async source => {
    const name = await migrateDown(source);
    return [name === null ? 'nothing to do' : `took back ${name}`];
  },
  status: async source =>
    (await migrationStates(source)).map(
      ({ name, applied }) => `${applied ? 'applied' : 'pending'} ${name}`,
    ),
};

const NEVER = new AbortController().signal;

/**
 * `migrate up|down|status` (default `status`): answers the lines to print. Throws a Failure for any other word,
 * and when the database is newer than this program.
 * @param stop ends the statement that runs
 */
export async function runMigrateCommand(
  args: readonly string[],
  place: DatabasePlace,
  log: Log,
  stop = NEVER,
): Promise<readonly string[]> {
  const [word = 'status', ...rest] = args;
  const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
  if (action === undefined || rest.length > 0)
    throw failure(
      `\`migrate ${args.join(' ')}\` is not a command`,
      'say `migrate up`, `migrate down` (one step back, with its data) or `migrate status`',
    );
  const database = await openPlace(place, log);
  try {
    const source = await openDataSource(database.url, { tables: [], migrations, poolSize: 2, log });
    // Here and not around it: in the package, commands have a copy of `heeding` of their own.
    return await heeding(stop, () => action(source)).finally(() => source.destroy());
  } finally {
    await database.stop();
  }
}
