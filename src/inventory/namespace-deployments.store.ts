import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { int4, statement, uuid } from '../database/row.js';
import { and, type Condition, condition, sql, value } from '../query/condition.js';
import { countText, cursorColumn, KEYED, type Keyed, type PageRequest } from '../query/page.js';
import { DEPLOYMENTS } from './deployment.store.js';
import type { Peer } from './peer.js';
import { peerColumns, SOME_OF_PEER } from './peer-columns.js';

type NamespaceKey = { readonly clusterId: number; readonly id: string };

/** With the place of its namespace among those that were asked for, from 1. */
type Placed = Peer & Keyed & { readonly place: number };

type Counted = NamespaceKey & { readonly count: number };

/** Deployments of several namespaces: one statement for all. */
export type NamespaceDeploymentStore = {
  /**
   * A page of each namespace.
   * @param filter over `peer` p
   */
  pages(
    namespaces: readonly NamespaceKey[],
    filter: Condition,
    request: PageRequest,
    columns: readonly (keyof Peer)[],
  ): Promise<readonly Placed[]>;
  counts(namespaces: readonly NamespaceKey[], filter: Condition): Promise<readonly Counted[]>;
};

const STATEMENTS = {
  pages: statement<Placed>('namespaceDeployments.pages', {
    ...SOME_OF_PEER,
    ...KEYED,
    place: int4,
  }),
  counts: statement<Counted>('namespaceDeployments.counts', {
    clusterId: int4,
    id: uuid,
    count: int4,
  }),
} as const;

const keysTable = (keys: readonly NamespaceKey[]): Condition => {
  const clusters = value(
    'int[]',
    keys.map(({ clusterId }) => clusterId),
  );
  const ids = value(
    'uuid[]',
    keys.map(({ id }) => id),
  );
  return sql`unnest(${clusters}, ${ids}) with ordinality k (cluster_id, id, place)
    cross join lateral (select * from namespace where cluster_id = k.cluster_id and id = k.id offset 0) n`;
};

const OF_NAMESPACE = condition('p.cluster_id = n.cluster_id and p.namespace = n.name');

export const namespaceDeploymentStore = (
  manager: EntityManager,
  caller: Caller,
): NamespaceDeploymentStore => {
  const wanted = [OF_NAMESPACE, DEPLOYMENTS, visibleWorkload(caller, 'p')];
  return {
    pages: (namespaces, filter, request, columns) => {
      const rows = and([...wanted, filter, ...request.conditions]);
      return STATEMENTS.pages.ask(
        manager,
        sql`select x.*, k.place::int from ${keysTable(namespaces)} cross join lateral (
          select ${peerColumns('p', columns)}${cursorColumn(request)} from peer p
          where ${rows} ${request.orderBy} limit ${String(request.fetch)}) x`,
      );
    },
    counts: (namespaces, filter) => {
      const { sql: text, values } = and([...wanted, filter]);
      const counted = { sql: countText(`from peer p where ${text}`), values };
      return STATEMENTS.counts.ask(
        manager,
        sql`select k.cluster_id as "clusterId", k.id, x.count
        from ${keysTable(namespaces)} cross join lateral (${counted}) x`,
      );
    },
  };
};
