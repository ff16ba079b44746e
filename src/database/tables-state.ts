import type { DataSource } from 'typeorm';
import { migrationNames } from './migrate.js';

export type TablesState = {
  readonly tables: 'OURS' | 'OLDER' | 'MISSING';
  /** Whether nothing can be written at the moment: a standby, or a database that is set so. */
  readonly readOnly: boolean;
};

type Look = { readonly there: boolean; readonly read_only: boolean };

/** Whether the tables are those that this program knows, or of a newer one, which a newer server has brought there. */
export async function tablesState(source: DataSource): Promise<TablesState> {
  const [look] = await source.query<Look[]>(`/* tables.look */
    select to_regclass('schema_migration') is not null as there,
      current_setting('transaction_read_only') = 'on' as read_only`);
  const readOnly = look?.read_only ?? false;
  if (!look?.there) return { tables: 'MISSING', readOnly };
  const known = migrationNames(source);
  const [{ applied } = { applied: 0 }] = await source.query<{ applied: number }[]>(
    '/* tables.applied */ select count(*)::int as applied from schema_migration where name = any($1)',
    [known],
  );
  return { tables: applied < known.length ? 'OLDER' : 'OURS', readOnly };
}
