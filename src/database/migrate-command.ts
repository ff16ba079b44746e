import { hasCluster } from './data-folder.js';
import { openDataSource } from './data-source.js';
import { heeding } from './deadline.js';
import { failure } from './failure.js';
import type { Log } from './log.js';
import { migrate, migrateDown, migrationStates } from './migrate.js';
import { migrations } from './migrations.js';
import { type DatabasePlace, openPlace } from './place.js';
import { reachPlace } from './reach.js';

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
/** Whether there is a database: asking must not set one up. */
const isPlace = async ({ databaseUrl, dataDir }: DatabasePlace): Promise<boolean> =>
  databaseUrl !== null || hasCluster(dataDir);

const pendingLine = ({ name }: { readonly name: string }): string => `pending ${name}`;

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
  if (word === 'status' && !(await isPlace(place))) return migrations.map(pendingLine);
  const database = await (word === 'status' ? reachPlace(place, log) : openPlace(place, log));
  try {
    const source = await openDataSource(database.url, { tables: [], migrations, poolSize: 2, log });
    // Here and not around it: in the package, commands have a copy of `heeding` of their own.
    return await heeding(stop, () => action(source)).finally(() => source.destroy());
  } finally {
    await database.stop();
  }
}
