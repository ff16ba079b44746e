import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { int4, statement, uuid } from '../database/row.js';
import { and, type Condition, condition, sql, value } from '../query/condition.js';
import type { Order } from '../query/keyset.js';
import { countText, cursorColumn, KEYED, type Keyed, type PageRequest } from '../query/page.js';
import type { RowKey } from '../query/row-key.js';
import { ENTRY, ENTRY_COLUMNS, type EntryOf } from './baseline.store.js';

/** With the place of its baseline among those that were asked for, from 1. */
type Placed = EntryOf & Keyed & { readonly place: number };

type Counted = RowKey & { readonly count: number };

/** Entries of several baselines, by deployment: one statement for all. */
export type BaselineEntryPageStore = {
  /** A page of each baseline. */
  pages(baselines: readonly RowKey[], request: PageRequest): Promise<readonly Placed[]>;
  counts(baselines: readonly RowKey[]): Promise<readonly Counted[]>;
};

/** By direction, peer, port (none last) and protocol. */
export const BASELINE_ENTRY_ORDER: Order = [
  { expression: 'e.direction', type: 'text', direction: 'ASC' },
  { expression: 'e.peer_id', type: 'uuid', direction: 'ASC' },
  { expression: 'coalesce(e.port, 65536)', type: 'int', direction: 'ASC' },
  { expression: 'e.protocol', type: 'text', direction: 'ASC' },
  { expression: 'e.id', type: 'uuid', direction: 'ASC' },
];

const STATEMENTS = {
  pages: statement<Placed>('baselineEntryPages.pages', { ...ENTRY, ...KEYED, place: int4 }),
  counts: statement<Counted>('baselineEntryPages.counts', {
    clusterId: int4,
    id: uuid,
    count: int4,
  }),
} as const;

const keysTable = (keys: readonly RowKey[], seen: Condition): Condition => {
  const clusters = value(
    'int[]',
    keys.map(({ clusterId }) => clusterId),
  );
  const ids = value(
    'uuid[]',
    keys.map(({ id }) => id),
  );
  return sql`unnest(${clusters}, ${ids}) with ordinality k (cluster_id, id, place)
    cross join lateral (select p.id from peer p where p.cluster_id = k.cluster_id and p.id = k.id and ${seen} offset 0) d`;
};

const OF_BASELINE = condition('e.cluster_id = k.cluster_id and e.deployment_id = k.id');

export const baselineEntryPageStore = (
  manager: EntityManager,
  caller: Caller,
): BaselineEntryPageStore => {
  const seen = visibleWorkload(caller, 'p');
  return {
    pages: (baselines, request) => {
      const rows = and([OF_BASELINE, ...request.conditions]);
      return STATEMENTS.pages.ask(
        manager,
        sql`select x.*, k.place::int from ${keysTable(baselines, seen)} cross join lateral (
          select ${ENTRY_COLUMNS}${cursorColumn(request)} from baseline_entry e
          where ${rows} ${request.orderBy} limit ${String(request.fetch)}) x`,
      );
    },
    counts: baselines =>
      STATEMENTS.counts.ask(
        manager,
        sql`select k.cluster_id as "clusterId", k.id, x.count from ${keysTable(baselines, seen)}
          cross join lateral (${countText(`from baseline_entry e where ${OF_BASELINE.sql}`)}) x`,
      ),
  };
};
