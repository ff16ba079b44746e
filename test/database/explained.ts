import type { EntityManager } from 'typeorm';

type Plan = {
  readonly 'Relation Name'?: string;
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
};

/** Rows that a plan read of tables, with those that a filter took out again. */
const rowsRead = ({ Plans = [], ...node }: Plan): number =>
  (node['Relation Name'] === undefined
    ? 0
    : (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']) +
  Plans.reduce((sum, plan) => sum + rowsRead(plan), 0);

/** Tables that a plan reads from end to end. */
const scanned = ({ Plans = [], ...node }: Plan): readonly string[] => [
  ...(node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []),
  ...Plans.flatMap(scanned),
];

export type Asked = {
  readonly name: string;
  readonly rows: number;
  readonly scans: readonly string[];
};

const NAMED = /^\/\* (\S+) \*\//;

/** These settle what the whole session does, or lock and read nothing. */
const UNPLANNED = /^(simulations\.(allAtOnce|inMemory)|flows\.ensureDay|\w+\.analyze)$/;

/**
 * A manager that has each named statement planned and run before it runs; one that was planned with the same values already is
 * not planned again.
 * @param known the statements that were; to be shared by runs over the same rows and statistics
 */
export function explaining(
  manager: EntityManager,
  asked: Asked[],
  known = new Set<string>(),
): EntityManager {
  const explain = async (name: string, sql: string, values: unknown[] | undefined) => {
    await manager.query('savepoint before_plan');
    const [row] = await manager.query(`explain (analyze, timing off, format json) ${sql}`, values);
    await manager.query('rollback to savepoint before_plan');
    const plan = row['QUERY PLAN'][0].Plan;
    asked.push({ name, rows: rowsRead(plan), scans: scanned(plan) });
  };
  const query = async (sql: string, values?: unknown[]) => {
    const name = NAMED.exec(sql)?.[1];
    const key = JSON.stringify([sql, values]);
    if (name !== undefined && !UNPLANNED.test(name) && !known.has(key))
      await explain(name, sql, values);
    known.add(key);
    return manager.query(sql, values);
  };
  return {
    query,
    transaction: (run: (within: EntityManager) => unknown) =>
      run(explaining(manager, asked, known)),
  } as unknown as EntityManager;
}

/** So long a test is looked after by the server as well, which would analyse the tables in its midst. */
export const UNATTENDED = `do $$
  declare one regclass;
  begin
    for one in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
      execute format('alter table %s set (autovacuum_enabled = off)', one);
    end loop;
  end $$`;
