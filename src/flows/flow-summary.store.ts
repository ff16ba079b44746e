import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { int4, oneOf, statement, text } from '../database/row.js';
import { type Condition, joined, sql, value } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { type FacetCount, facetColumns, facetsOf, facetValues } from '../query/facets.js';
import { hoursWithin, tagCondition, type Window } from './flow-condition.js';
import { COUNT_COLUMNS, COUNTS } from './flow-counts.store.js';
import type { HistoryPoint, HistoryStep } from './flow-history.js';
import { narrowed } from './flow-narrow.js';
import { seenFlows } from './flow-seen.js';
import type { FlowSelection } from './flow-selection.js';
import { FlowTag } from './flow-view.js';

/** Properties that flows are counted by. */
export const FlowFacetName = {
  cluster: 'cluster',
  namespace: 'namespace',
  observedVerdict: 'observedVerdict',
  policyVerdict: 'policyVerdict',
  port: 'port',
  protocol: 'protocol',
  tag: 'tag',
  trafficClass: 'trafficClass',
} as const;
export type FlowFacetName = (typeof FlowFacetName)[keyof typeof FlowFacetName];

/** What was counted of several flows in one hour or day. */
export type SeriesPoint = HistoryPoint & { readonly flows: number };

export type FlowSummaryStore = {
  /** How the flows of a selection fall apart; by facet, the most frequent values first, at most a hundred of each. */
  facets(selection: FlowSelection, window: Window): Promise<readonly FacetCount<FlowFacetName>[]>;
  /** What was counted of them by hour or day, the newest so many. */
  series(
    selection: FlowSelection,
    window: Window,
    steps: { readonly by: HistoryStep; readonly most: number },
  ): Promise<readonly SeriesPoint[]>;
};

const STATEMENTS = {
  facets: statement<FacetCount<FlowFacetName>>('flowSummary.facets', {
    ...facetColumns(oneOf(FlowFacetName)),
  }),
  series: statement<SeriesPoint>('flowSummary.series', { at: text, flows: int4, ...COUNTS }),
} as const;

/** One value for each tag that a flow has. */
const tagColumns = (window: Window): Condition =>
  joined(
    Object.values(FlowTag).map(tag => sql`${tagCondition(tag, window)} as "${tag}"`),
    ', ',
  );

const PLAIN = ['cluster', 'observedVerdict', 'policyVerdict', 'port', 'protocol', 'trafficClass'];

/** A flow is of the namespaces of both of its ends, once of each. */
const VALUES = `(select * from ${facetValues(PLAIN)}
  union all select 'tag', t.tag from (values ${Object.values(FlowTag)
    .map(tag => `('${tag}', x."${tag}")`)
    .join(', ')}) t (tag, has) where t.has
  union all select distinct 'namespace', p.namespace from (values (x.source_id), (x.destination_id)) e (id)
    cross join lateral (select namespace from peer where cluster_id = x.cluster_id and id = e.id offset 0) p) y (facet, value)`;

const found = (selection: FlowSelection, columns: Condition): Condition =>
  sql`found as materialized (select ${columns} from ${narrowed(selection)} where ${selection.rows})`;

export const flowSummaryStore = (manager: EntityManager, caller: Caller): FlowSummaryStore => ({
  facets: (asked, window) => {
    const { selection, clusters } = seenFlows(caller, asked);
    const columns = sql`f.cluster_id, f.source_id, f.destination_id, c.name as cluster, f.port, f.protocol,
      f.observed_verdict as "observedVerdict", f.policy_verdict as "policyVerdict", upper(replace(f.traffic_class, '-', '_')) as "trafficClass",
      ${tagColumns(window)}`;
    const items = joined([clusters, found(selection, columns)], ', ');
    return STATEMENTS.facets.ask(manager, facetsOf(items, VALUES));
  },
  series: (asked, window, { by, most }) => {
    const { selection, clusters } = seenFlows(caller, asked);
    const step = sql`date_trunc(${value('text', by.toLowerCase())}, slot_hour(h.slot), 'UTC')`;
    return STATEMENTS.series.ask(
      manager,
      sql`with ${clusters}, ${found(selection, sql`f.cluster_id, f.id`)},
        steps as (select ${step} as step, count(distinct (h.cluster_id, h.flow_id))::int as flows, ${COUNT_COLUMNS}
          from found f join flow_hour h on h.cluster_id = f.cluster_id and h.flow_id = f.id
          where ${hoursWithin(window, null)} group by 1 order by 1 desc limit ${String(most)})
      select ${dateTimeText('step')} as at, flows, events, connections, bytes, allowed, denied, audited, failed, unknown
      from steps order by step desc`,
    );
  },
});
