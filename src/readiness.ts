import { statfs } from 'node:fs/promises';
import type { Config } from './config.js';
import type { Databases } from './databases.js';
import type { Readiness } from './http/health.js';
import { apiErrorIn } from './query/unavailable.js';

const NOT_OURS = {
  MISSING: 'the database is empty: it is not the one that this server was started on',
  OLDER: 'the tables of the database are older than this server',
} as const;

const READ_ONLY = 'the database is read-only: nothing can be written';

/** Postgres writes its log ahead in files of 16 MB, and ends where it cannot. */
const LEAST_FREE = 64 * 2 ** 20;

/** Only where the database is ours do we know its disk. */
async function diskWarnings({ dataDir, databaseUrl }: Place): Promise<readonly string[]> {
  if (dataDir === undefined || databaseUrl !== null) return [];
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  return free < LEAST_FREE
    ? [`the disk of \`${dataDir}\` is almost full: ${Math.floor(free / 2 ** 20)} MB are free`]
    : [];
}

type Place = Partial<Pick<Config, 'dataDir' | 'databaseUrl'>>;

/**
 * Whether requests can be served, else why not. Where only writing fails it is ready all the same, with a warning: to take every
 * replica away would take reading away too.
 */
export const readinessOf =
  ({ state }: Pick<Databases, 'state'>, place: Place, onOther: () => void = () => {}) =>
  async (): Promise<Readiness> => {
    try {
      const { tables, readOnly } = await state();
      if (tables !== 'OURS') {
        onOther();
        return NOT_OURS[tables];
      }
      const warnings = [...(readOnly ? [READ_ONLY] : []), ...(await diskWarnings(place))];
      return warnings.length === 0 ? true : { warnings };
    } catch (error) {
      return apiErrorIn(error)?.message ?? 'the database does not answer';
    }
  };
