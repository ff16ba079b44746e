import { codeOf } from './failure.js';

type Client = {
  query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
};

/** Which database of which cluster of Postgres. A standby that takes over is the same; what was restored elsewhere is not. */
const WHICH = `/* session.which */ select oid::text as database,
  (select system_identifier::text from pg_control_system()) as cluster
  from pg_database where datname = current_database()`;

/** Where the control file may not be looked at. */
const WHICH_ONE = `/* session.whichOne */ select oid::text as database, '' as cluster
  from pg_database where datname = current_database()`;

const FORBIDDEN = '42501';

async function identityOf(client: Client): Promise<string> {
  const { rows } = await client.query(WHICH).catch(error => {
    if (codeOf(error) === FORBIDDEN) return client.query(WHICH_ONE);
    throw error;
  });
  return `${rows[0]?.['cluster']}/${rows[0]?.['database']}`;
}

/** Code of the error that meets who would work on another database than the one that was opened. */
export const OTHER_DATABASE = 'OTHER_DATABASE';

export type SameDatabase = {
  /** Looks at a new connection. @throws where it leads to another database than the first one did */
  readonly admit: (client: Client) => Promise<void>;
  /** Null: nothing has been connected. */
  readonly known: () => string | null;
};

/**
 * Sees to it that all connections of a process lead to one database: what it keeps in memory, and the tables that it counts on, are
 * those of that one.
 * @param onOther told when another one was met
 */
export function sameDatabase(
  known: string | null = null,
  onOther: () => void = () => {},
): SameDatabase {
  let first = known;
  return {
    admit: async client => {
      const identity = await identityOf(client);
      first ??= identity;
      if (identity === first) return;
      onOther();
      const error = new Error('another database is at the address of the one that was opened');
      throw Object.assign(error, { code: OTHER_DATABASE });
    },
    known: () => first,
  };
}
