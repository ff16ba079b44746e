import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleNamespace } from '../access/visible.js';
import {
  bool,
  type Columns,
  int4,
  jsonb,
  nullable,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { buildWhere, type Condition, sql, value } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import type { Labels } from './labels.js';
import type { Namespace } from './namespace.js';

export type NamespaceStore = {
  byIds(
    keys: readonly { readonly clusterId: number; readonly id: string }[],
  ): Promise<readonly Namespace[]>;
  /** @param filter over `namespace` n */
  page(filter: Condition, request: PageRequest): Promise<readonly (Namespace & Keyed)[]>;
  count(filter: Condition): Promise<number>;
};

const NAMESPACE: Columns<Namespace> = {
  clusterId: int4,
  id: uuid,
  name: text,
  labels: jsonb<Labels>(),
  inferred: bool,
  endedAt: nullable(text),
};

const STATEMENTS = {
  byIds: statement('namespaces.byIds', NAMESPACE, { keepsPlan: true }),
  page: statement<Namespace & Keyed>('namespaces.page', { ...NAMESPACE, ...KEYED }),
  count: statement('namespaces.count', COUNTED),
} as const;

const COLUMNS = `n.cluster_id as "clusterId", n.id, n.name, n.labels, n.inferred,
  ${dateTimeText('n.ended_at')} as "endedAt"`;

export const namespaceStore = (manager: EntityManager, caller: Caller): NamespaceStore => {
  const seen = visibleNamespace(caller, 'n');
  return {
    byIds: keys => {
      const clusters = value(
        'int[]',
        keys.map(({ clusterId }) => clusterId),
      );
      const ids = value(
        'uuid[]',
        keys.map(({ id }) => id),
      );
      const asked = sql`select ${COLUMNS} from unnest(${clusters}, ${ids}) k (cluster_id, id)
        cross join lateral (select * from namespace where cluster_id = k.cluster_id and id = k.id offset 0) n where ${seen}`;
      return STATEMENTS.byIds.rows(manager, asked.sql, asked.values);
    },
    page: (filter, request) => {
      const { sql: where, values } = buildWhere([seen, filter, ...request.conditions]);
      return STATEMENTS.page.rows(
        manager,
        `select ${COLUMNS}${cursorColumn(request)}
        from namespace n ${where} ${request.orderBy} limit ${request.fetch}`,
        values,
      );
    },
    count: async filter => {
      const { sql: where, values } = buildWhere([seen, filter]);
      return (await STATEMENTS.count.row(manager, countText(`from namespace n ${where}`), values))
        .count;
    },
  };
};
