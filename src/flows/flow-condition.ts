import { badInput } from '../query/api-error.js';
import { and, type Condition, condition, EVERYTHING, or } from '../query/condition.js';
import {
  cidrCondition,
  combined,
  equals,
  stringCondition,
  timeCondition,
} from '../query/filter.js';
import { resolveOptionalBound } from '../query/time-bound.js';
import { type FlowFilter, FlowTag, METADATA_CLASS } from './flow-view.js';

/** Both ends open: null. Half-open: `since` is in, `until` is out. ISO text. */
export type Window = { readonly since: string | null; readonly until: string | null };

/** @throws ApiError BAD_USER_INPUT where it would end before it begins */
export function windowOf(
  filter: Pick<FlowFilter, 'since' | 'until'> | null | undefined,
  now: Date,
): Window {
  const since = resolveOptionalBound(filter?.since, now);
  const until = resolveOptionalBound(filter?.until, now);
  if (since !== null && until !== null && since > until)
    throw badInput(`\`since\` (${since}) is after \`until\` (${until})`);
  return { since, until };
}

export const isUnbounded = ({ since, until }: Window): boolean => since === null && until === null;

/** What the list shows of a peer: SQL over the alias of a `peer` row. */
export const peerLabel = (alias: string): string => `(case ${alias}.kind
  when 'DEPLOYMENT' then ${alias}.namespace || '/' || ${alias}.name
  when 'EXTERNAL' then 'EXTERNAL:' || ${alias}.name
  when 'NODE' then 'NODE:' || ${alias}.name
  else 'UNRESOLVED:' || ${alias}.name end)`;

/** The tables that every flow list reads: `f`, `c`, source `s`, destination `d`. */
export const FLOW_TABLES = `flow f
  join cluster c on c.id = f.cluster_id
  join peer s on s.cluster_id = f.cluster_id and s.id = f.source_id
  join peer d on d.cluster_id = f.cluster_id and d.id = f.destination_id`;

/**
 * A flow is in a window when an hour row overlaps it and so does [first seen, last seen]
 * (data-model.md, Flows and time).
 */
function inWindow({ since, until }: Window): Condition {
  if (since === null && until === null) return EVERYTHING;
  const from = since === null ? EVERYTHING : condition('f.last_seen_at >= $1::timestamptz', since);
  const to = until === null ? EVERYTHING : condition('f.first_seen_at < $1::timestamptz', until);
  const hour = condition(
    `exists (select from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
      and ($1::timestamptz is null or h.hour > $1::timestamptz - interval '1 hour')
      and ($2::timestamptz is null or h.hour < $2::timestamptz))`,
    since,
    until,
  );
  return and([from, to, hour]);
}

/** Seen in the window, or else in the last 24 h before the newest observation of the cluster. */
export function isActive(window: Window): Condition {
  if (!isUnbounded(window)) return inWindow(window);
  return condition(`f.last_seen_at > c.newest_observation_at - interval '24 hours'`);
}

const ALLOWED = condition(`(f.governed and f.policy_verdict = 'ALLOWED')`);
const BASELINE = condition('f.in_baseline');
/** Denied by policy or dataplane, off a locked baseline, or towards a metadata service. */
export const ANOMALOUS_SQL = `(f.policy_verdict = 'DENIED' or f.observed_verdict = 'DENIED' or f.off_locked or f.traffic_class = '${METADATA_CLASS}')`;
const ANOMALOUS = condition(ANOMALOUS_SQL);

const tagCondition = (tag: FlowTag, window: Window): Condition => {
  switch (tag) {
    case FlowTag.ACTIVE:
      return isActive(window);
    case FlowTag.BASELINE:
      return BASELINE;
    case FlowTag.ALLOWED:
      return ALLOWED;
    case FlowTag.ANOMALOUS:
      return ANOMALOUS;
  }
};

/** One cluster by name becomes its id first, so that the indexes that begin with `cluster_id` serve. */
const clusterCondition = (filter: FlowFilter['cluster']): Condition =>
  filter?.eq === null || filter?.eq === undefined
    ? stringCondition('c.name', filter)
    : and([
        condition('f.cluster_id = (select id from cluster where name = $1)', filter.eq),
        stringCondition('c.name', filter),
      ]);

const either = (column: string, filter: FlowFilter['namespace'], extra = ''): Condition =>
  filter === null || filter === undefined
    ? EVERYTHING
    : or(
        ['s', 'd'].map(alias =>
          and([
            stringCondition(`${alias}.${column}`, filter),
            extra === '' ? EVERYTHING : condition(`${alias}.${extra}`),
          ]),
        ),
      );

/** Of an external end: its address, else its block. */
const ADDRESS = (alias: string): string => `coalesce(${alias}.address, ${alias}.cidr::inet)`;

const own =
  (now: Date) =>
  (filter: FlowFilter): Condition => {
    const window = windowOf(filter, now);
    const { tags } = filter;
    return and([
      clusterCondition(filter.cluster),
      either('namespace', filter.namespace),
      either('name', filter.deployment, `kind = 'DEPLOYMENT'`),
      stringCondition(peerLabel('s'), filter.source),
      stringCondition(peerLabel('d'), filter.destination),
      equals('f.port', filter.port),
      equals('f.protocol', filter.protocol),
      tags === null || tags === undefined
        ? EVERYTHING
        : or(tags.map(tag => tagCondition(tag, window))),
      timeCondition('f.first_seen_at', filter.firstSeenAt, now),
      timeCondition('f.last_seen_at', filter.lastSeenAt, now),
      cidrCondition(ADDRESS('s'), filter.sourceAddress),
      cidrCondition(ADDRESS('d'), filter.destinationAddress),
      equals('f.observed_verdict', filter.observedVerdict),
      equals('f.policy_verdict', filter.policyVerdict),
      inWindow(window),
    ]);
  };

/** What a filter asks of the rows of `FLOW_TABLES`. */
export const flowCondition = (filter: FlowFilter | null | undefined, now: Date): Condition =>
  combined(filter, own(now));
