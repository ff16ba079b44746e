import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { maskedPeersOfLists, withItems } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { statement } from '../database/row.js';
import { and, type Condition, condition, sql } from '../query/condition.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import type { OtherKind } from './other-peers.js';
import type { Peer } from './peer.js';
import { peerColumns, SOME_OF_PEER } from './peer-columns.js';

export type OtherPeerStore = {
  /**
   * @param filter over `peer` p
   * @param columns what is read of each row
   */
  page(
    kind: OtherKind,
    filter: Condition,
    request: PageRequest,
    columns: readonly (keyof Peer)[],
  ): Promise<readonly (Peer & Keyed)[]>;
  count(kind: OtherKind, filter: Condition): Promise<number>;
};

const STATEMENTS = {
  page: statement<Peer & Keyed>('otherPeers.page', { ...SOME_OF_PEER, ...KEYED }),
  count: statement('otherPeers.count', COUNTED),
} as const;

/** The kind stands in the text, so that the partial indexes serve. */
const ofKind = (kind: OtherKind): Condition =>
  condition(`p.kind = '${kind}' and p.alias_of is null`);

/** Whoever is outside of a caller's scope is of no kind that is asked for. */
export const otherPeerStore = (manager: EntityManager, caller: Caller): OtherPeerStore => {
  const items = maskedPeersOfLists(caller);
  const seen = inClusters(caller, 'p.cluster_id');
  const wanted = (kind: OtherKind, filter: Condition) => [ofKind(kind), seen, filter];
  return {
    page: (kind, filter, request, columns) => {
      const rows = and([...wanted(kind, filter), ...request.conditions]);
      const page = sql`select ${peerColumns('p', columns)}${cursorColumn(request)} from peer p
        where ${rows} ${request.orderBy} limit ${String(request.fetch)}`;
      return STATEMENTS.page.ask(manager, withItems(items, page));
    },
    count: async (kind, filter) => {
      const { sql: text, values } = and(wanted(kind, filter));
      const counted = { sql: countText(`from peer p where ${text}`), values };
      const [row] = await STATEMENTS.count.ask(manager, withItems(items, counted));
      return row?.count ?? 0;
    },
  };
};
