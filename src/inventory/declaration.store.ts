import type { EntityManager } from 'typeorm';
import { statement } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { COUNTED } from '../query/page.js';
import type { Declaration } from './declaration.js';
import type { Taken } from './revision.store.js';

export type DeclarationStore = {
  /**
   * What a snapshot says takes the place of what its objects said before; an older snapshot than the newest changes nothing.
   * @returns how many began or ended
   */
  showDeclarations(snapshot: Taken, shown: readonly Declaration[]): Promise<number>;
  /** Those of these kinds that are not shown have ended. @returns how many did */
  endDeclarations(
    clusterId: number,
    at: string,
    kinds: readonly string[],
    shown: readonly Declaration[],
  ): Promise<number>;
};

const STATEMENTS = {
  end: statement('snapshots.endDeclarations', COUNTED),
  show: statement('snapshots.showDeclarations', COUNTED),
} as const;

const SAME = 'd.kind = s.kind and d.namespace = s.namespace and d.name = s.name';

/** What is said anew at the moment at which it began replaces it. */
const SHOW = (from: string): string => `
  with s as (select * from ${from}),
  ended as (
    update declaration d set valid_to = $2::timestamptz from s
    where d.cluster_id = ${CLUSTER} and d.valid_to is null and ${SAME} and d.says is distinct from s.says
    returning 1),
  begun as (
    insert into declaration as d (cluster_id, kind, namespace, name, valid_from, says)
    select $1, s.kind, s.namespace, s.name, $2::timestamptz, s.says from s
    where s.says is not null and not exists (select from declaration d
      where d.cluster_id = ${CLUSTER} and d.valid_to is null and ${SAME} and d.says = s.says)
    returning 1)
  select ((select count(*) from ended) + (select count(*) from begun))::int as count`;

const columns = {
  kind: ['text', ({ kind }: Declaration) => kind],
  namespace: ['text', ({ namespace }: Declaration) => namespace],
  name: ['text', ({ name }: Declaration) => name],
} as const;

export const declarationStore = (manager: EntityManager): DeclarationStore => ({
  showDeclarations: async ({ clusterId, at, newest }, shown) => {
    if (!newest || shown.length === 0) return 0;
    const says = (one: Declaration) => one.says && JSON.stringify(one.says);
    const { from, values } = unnest(shown, 't', { ...columns, says: ['jsonb', says] }, 3);
    const parameters = [clusterId, at, ...values];
    await manager.query(
      `/* snapshots.forgetDeclarations */ delete from declaration d using ${from}
      where d.cluster_id = ${CLUSTER} and d.valid_from = $2::timestamptz and d.kind = t.kind and d.namespace = t.namespace
        and d.name = t.name and d.says is distinct from t.says`,
      parameters,
    );
    return (await STATEMENTS.show.row(manager, SHOW(from), parameters)).count;
  },
  endDeclarations: async (clusterId, at, kinds, shown) => {
    const { from, values } = unnest(shown, 's', columns, 4);
    const text = `with ended as (
        update declaration d set valid_to = $2::timestamptz
        where d.cluster_id = ${CLUSTER} and d.valid_to is null and d.kind = any($3::text[])
          and not exists (select from ${from} where ${SAME})
        returning 1)
      select count(*)::int as count from ended`;
    return (await STATEMENTS.end.row(manager, text, [clusterId, at, kinds, ...values])).count;
  },
});
