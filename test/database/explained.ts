import type pg from 'pg';
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

/** Postgres tells how it ran each statement, of which the rows were read as well. */
const TELL = `/* explained.tell */ select set_config('auto_explain.' || name, value, true) from (values
  ('log_min_duration', '0'), ('log_analyze', 'on'), ('log_timing', 'off'), ('log_format', 'json'),
  ('log_parameter_max_length', '0'), ('log_level', 'notice')) of (name, value)`;

type Told = { readonly 'Query Text': string; readonly Plan: Plan };

/** Notes how each named statement was run that the work runs in this transaction. */
export async function explained(
  manager: EntityManager,
  asked: Asked[],
  work: () => Promise<unknown>,
): Promise<void> {
  const client: pg.Client = await manager.queryRunner?.connect();
  const note = ({ message = '' }: { readonly message?: string | undefined }): void => {
    const [, json] = /^duration: .* plan:\n(.*)$/s.exec(message) ?? [];
    if (json === undefined) return;
    const { 'Query Text': text, Plan: plan } = JSON.parse(json) as Told;
    const name = NAMED.exec(text)?.[1];
    if (name !== undefined) asked.push({ name, rows: rowsRead(plan), scans: scanned(plan) });
  };
  await manager.query(`load 'auto_explain'`);
  await manager.query(TELL);
  client.on('notice', note);
  try {
    await work();
  } finally {
    client.off('notice', note);
  }
}

/** So long a test is looked after by the server as well, which would analyse the tables in its midst. */
export const UNATTENDED = `do $$
  declare one regclass;
  begin
    for one in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
      execute format('alter table %s set (autovacuum_enabled = off)', one);
    end loop;
  end $$`;
