import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { int4, statement, text } from '../database/row.js';
import { blockName } from '../inventory/external-blocks/external-block.js';
import { sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { narrowed } from './flow-narrow.js';
import { seenFlows } from './flow-seen.js';
import type { FlowSelection } from './flow-selection.js';

/** By what peers outside are put together. */
export const OutsideGrouping = { NAME: 'NAME', BLOCK: 'BLOCK', ADDRESS: 'ADDRESS' } as const;
export type OutsideGrouping = (typeof OutsideGrouping)[keyof typeof OutsideGrouping];

/** Peers outside that have a name, a block or an address in common. */
export type OutsideGroup = {
  readonly name: string;
  readonly addresses: number;
  readonly flows: number;
  readonly lastSeenAt: string;
};

export type FlowOutsideStore = {
  /** The peers outside of the flows of a selection; those with the most flows first, at most 500 groups. */
  groups(selection: FlowSelection, by: OutsideGrouping): Promise<readonly OutsideGroup[]>;
};

const GROUPS = statement<OutsideGroup>('flowOutside.groups', {
  name: text,
  addresses: int4,
  flows: int4,
  lastSeenAt: text,
});

const ADDRESS = `coalesce(host(p.address), p.cidr::text, p.name)`;

const NAMES: Readonly<Record<OutsideGrouping, string>> = {
  NAME: 'p.name',
  BLOCK: `coalesce(${blockName('p')}, p.name)`,
  ADDRESS,
};

export const flowOutsideStore = (manager: EntityManager, caller: Caller): FlowOutsideStore => ({
  groups: (asked, by) => {
    const { selection, clusters } = seenFlows(caller, asked);
    return GROUPS.ask(
      manager,
      sql`with ${clusters}, found as materialized (
          select f.cluster_id, f.id, f.source_id, f.destination_id, f.last_seen_at from ${narrowed(selection)} where ${selection.rows}),
        ends as materialized (select cluster_id, peer_id, array_agg(id) as flows, max(last_seen_at) as last
          from (select cluster_id, id, source_id as peer_id, last_seen_at from found
            union select cluster_id, id, destination_id, last_seen_at from found) x group by 1, 2),
        outside as materialized (select ${NAMES[by]} as name, ${ADDRESS} as address, e.cluster_id, e.flows, e.last from ends e
          cross join lateral (select * from peer where cluster_id = e.cluster_id and id = e.peer_id offset 0) p
          where p.kind = 'EXTERNAL'),
        grouped as (select o.name, count(distinct o.address)::int as addresses, count(distinct (o.cluster_id, f.id))::int as flows,
            max(o.last) as last from outside o cross join lateral unnest(o.flows) f (id) group by o.name)
      select name, addresses, flows, ${dateTimeText('last')} as "lastSeenAt" from grouped
      order by flows desc, name collate "C" limit 500`,
    );
  },
});
