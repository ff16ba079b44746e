import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { countText, cursorColumn, type Keyed, type PageRequest } from '../query/page.js';
import type { Namespace } from './namespace.js';

export type NamespaceStore = {
  byIds(
    keys: readonly { readonly clusterId: number; readonly id: string }[],
  ): Promise<readonly Namespace[]>;
  /** @param filter over `namespace` n and `cluster` c */
  page(filter: Condition, request: PageRequest): Promise<readonly (Namespace & Keyed)[]>;
  count(filter: Condition): Promise<number>;
};

const COLUMNS = `n.cluster_id as "clusterId", n.id, n.name, n.labels, n.inferred,
  ${dateTimeText('n.ended_at')} as "endedAt"`;
const FROM = 'from namespace n join cluster c on c.id = n.cluster_id';

export const namespaceStore = (manager: EntityManager, caller: Caller): NamespaceStore => {
  const seen = visible(caller, { clusterId: 'n.cluster_id', namespace: 'n.name' });
  return {
    byIds: keys =>
      manager.query(
        `/* namespaces.byIds */ select ${COLUMNS}
        from unnest($1::int[], $2::uuid[]) k (cluster_id, id)
        join namespace n on n.cluster_id = k.cluster_id and n.id = k.id where ${seen}`,
        [keys.map(({ clusterId }) => clusterId), keys.map(({ id }) => id)],
      ),
    page: (filter, request) => {
      const { sql, values } = buildWhere([condition(seen), filter, ...request.conditions]);
      return manager.query(
        `/* namespaces.page */ select ${COLUMNS}${cursorColumn(request)}
        ${FROM} ${sql} ${request.orderBy} limit ${request.fetch}`,
        [...values],
      );
    },
    count: async filter => {
      const { sql, values } = buildWhere([condition(seen), filter]);
      const [row] = await manager.query(`/* namespaces.count */ ${countText(`${FROM} ${sql}`)}`, [
        ...values,
      ]);
      return row.count;
    },
  };
};
