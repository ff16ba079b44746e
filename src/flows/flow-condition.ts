import { peersInBlocks } from '../inventory/external-blocks/external-block.js';
import { peerLabel } from '../inventory/peer-label.js';
import { formatPeerText, type PeerText, parsePeerText } from '../netpol/index.js';
import {
  and,
  type Condition,
  condition,
  EVERYTHING,
  NOTHING,
  or,
  sql,
  value,
} from '../query/condition.js';
import {
  cidrCondition,
  combined,
  equals,
  storable,
  stringCondition,
  timeCondition,
} from '../query/filter.js';
import { resolveWindow, type Window, type WindowBounds } from '../query/time-bound.js';
import { type ObservedVerdict, outcomesOf } from './flow.js';
import { type FlowFilter, FlowTag, METADATA_CLASS } from './flow-view.js';
import { HOUR_IN_INDEX, isOfLife, isOfVerdict } from './hour-slot.js';

export type { Window } from '../query/time-bound.js';

/** @throws ApiError BAD_USER_INPUT where it would end before it begins */
export const windowOf = (filter: WindowBounds | null | undefined, now: Date): Window =>
  resolveWindow(filter ?? {}, now);

export const isUnbounded = ({ since, until }: Window): boolean => since === null && until === null;

/** Of an hour `h`: it overlaps the window (none does one that ends where it begins), and is of this verdict where one is given. */
export const hoursWithin = ({ since, until }: Window, verdict: ObservedVerdict | null): Condition =>
  and([
    since !== null && since === until ? NOTHING : EVERYTHING,
    since === null ? EVERYTHING : sql`h.slot >= slot_from(${value('timestamptz', since)})`,
    until === null ? EVERYTHING : sql`h.slot < slot_until(${value('timestamptz', until)})`,
    verdict === null ? EVERYTHING : condition(isOfVerdict(verdict)),
  ]);

/** The same as a range of the index `flow_hour_hour`. */
export function hoursIndexed(window: Window, verdict: ObservedVerdict | null): Condition {
  const { since, until } = window;
  return and([
    hoursWithin(window, verdict),
    since === null
      ? EVERYTHING
      : sql`${HOUR_IN_INDEX} >= slot_from(${value('timestamptz', since)}) >> 3`,
    until === null
      ? EVERYTHING
      : sql`${HOUR_IN_INDEX} < slot_until(${value('timestamptz', until)}) >> 3`,
  ]);
}

/**
 * An hour of the flow that overlaps the window, of this verdict where one is given; `offset 0`: it is looked up for each
 * flow that is read, and no other.
 */
export const hourWithin = (window: Window, verdict: ObservedVerdict | null): Condition =>
  sql`exists (select from flow_hour h where h.cluster_id = f.cluster_id and h.flow_id = f.id
    and ${condition(isOfLife('h.slot'))} and ${hoursWithin(window, verdict)} offset 0)`;

/**
 * A flow is in a window when an hour row overlaps it and so does [first seen, last seen]
 * (docs/identity-and-time.md, Windows). The hour that it was last seen in is one, so that only a flow that was seen after the
 * window is asked for another.
 * @param hour whether the flow `f` has an hour in the window: looked up where nothing else is given
 */
export function inWindow(window: Window, hour = hourWithin(window, null)): Condition {
  const { since, until } = window;
  if (isUnbounded(window)) return EVERYTHING;
  const from = since === null ? EVERYTHING : condition('f.last_seen_at >= $1::timestamptz', since);
  const to = until === null ? EVERYTHING : condition('f.first_seen_at < $1::timestamptz', until);
  if (until === null) return and([from, to]);
  const ended = condition('f.last_seen_at < $1::timestamptz', until);
  return and([from, to, or([ended, hour])]);
}

/** The last 24 h before the newest observation of the cluster. */
export const RECENT = condition(`f.last_seen_at > c.newest_observation_at - interval '24 hours'`);

/** Seen in the window, or else recently. */
const isActive = (window: Window): Condition => (isUnbounded(window) ? RECENT : inWindow(window));

const ALLOWED = condition(`(f.governed and f.policy_verdict = 'ALLOWED')`);
const BASELINE = condition('f.in_baseline');

/**
 * Of flows that are in the window: the dataplane said so in it, or ever where it is unbounded. The hours of a flow that
 * was told nothing else need no look.
 */
function isTold(verdict: ObservedVerdict, window: Window): Condition {
  const set = outcomesOf(verdict);
  const ever = condition(`f.outcomes & ${set} <> 0`);
  if (isUnbounded(window)) return ever;
  return and([ever, or([condition(`f.outcomes = ${set}`), hourWithin(window, verdict)])]);
}

/** Of flows that are in the window: denied by the dataplane, off a locked baseline, or towards a metadata service. */
export const isAnomalousItself = (window: Window): Condition =>
  or([
    condition(`f.off_locked or f.traffic_class = '${METADATA_CLASS}'`),
    isTold('DENIED', window),
  ]);

/** The same, or denied by the policies in force. */
export const isAnomalous = (window: Window): Condition =>
  or([condition(`f.policy_verdict = 'DENIED'`), isAnomalousItself(window)]);

export const tagCondition = (tag: FlowTag, window: Window): Condition => {
  switch (tag) {
    case FlowTag.ACTIVE:
      return isActive(window);
    case FlowTag.BASELINE:
      return BASELINE;
    case FlowTag.ALLOWED:
      return ALLOWED;
    case FlowTag.ANOMALOUS:
      return isAnomalous(window);
  }
};

/** Which end of a flow. */
export type End = 'source' | 'destination';

const ENDS = ['source', 'destination'] as const;

/** A condition on one end, or on either: `peers` is asked of `p`. */
export type PeerCondition = { readonly ends: readonly End[]; readonly peers: Condition };

/**
 * The peers of the list's clusters are looked for once, and each flow is then looked up among them (a hashed
 * subplan), however many are walked. `is true` keeps the planner from joining them, which would lose the list's order.
 */
const isAmong = (end: End, peers: Condition): Condition =>
  sql`((f.cluster_id, f.${end}_id) in (select p.cluster_id, p.id from k join peer p on p.cluster_id = k.id
    where ${peers})) is true`;

export const ofPeers = ({ ends, peers }: PeerCondition): Condition =>
  peers === EVERYTHING ? EVERYTHING : or(ends.map(end => isAmong(end, peers)));

/** Of an external end: its address, else its block. */
const ADDRESS = 'coalesce(p.address, p.cidr::inet)';

const isDeployment = (name: Condition): Condition =>
  name === EVERYTHING ? EVERYTHING : and([condition(`p.kind = 'DEPLOYMENT'`), name]);

const OUTSIDE = 'EXTERNAL:';

const settled = (text: string): PeerText | null => {
  const peer = parsePeerText(text);
  return 'fault' in peer ? null : peer;
};

/** A name without a namespace, with a dot in it. */
const isDomain = (peer: PeerText): peer is Extract<PeerText, { kind: 'named' }> =>
  peer.kind === 'named' && peer.namespace === null && peer.name.includes('.');

/** As lists show it: `external:a` becomes `EXTERNAL:a`; what is no peer that they show stays as it is, and finds nothing. */
function shownAs(text: string): string {
  const peer = settled(text);
  if (peer === null) return text;
  if (peer.kind === 'address') return `${OUTSIDE}${peer.address}`;
  if (peer.kind === 'block') return `${OUTSIDE}${peer.cidr}`;
  if (peer.kind === 'domain' || isDomain(peer)) return `${OUTSIDE}${peer.name}`;
  return peer.kind === 'external' || peer.kind === 'node' || peer.kind === 'unresolved'
    ? formatPeerText(peer)
    : text;
}

/** Whole names are read as every question reads them. */
const settledEnds = (filter: FlowFilter['source']): FlowFilter['source'] =>
  filter && {
    ...filter,
    ...(typeof filter.eq === 'string' && { eq: shownAs(filter.eq) }),
    ...(filter.in && { in: filter.in.map(shownAs) }),
  };

/** `namespace/name[Kind]`, where kinds share a name. */
function ofKind(text: string): { readonly name: string; readonly workload: string } | null {
  const peer = settled(text);
  if (peer?.kind !== 'named' || peer.ofKind === null) return null;
  return { name: formatPeerText({ ...peer, ofKind: null }), workload: peer.ofKind };
}

/** `EXTERNAL:name` is also whatever lies in a block of that name. */
function named(written: FlowFilter['source']): Condition {
  if (written?.in?.some(text => ofKind(text) !== null) === true) {
    const { in: some, ...rest } = written;
    return and([named(rest), or(some.map(text => named({ eq: text })))]);
  }
  const kind = typeof written?.eq === 'string' ? ofKind(written.eq) : null;
  if (kind !== null) {
    const { name, workload } = kind;
    const isKind = condition('lower(p.workload_kind) = lower($1)', storable(workload));
    return and([named({ ...written, eq: name }), isKind]);
  }
  const filter = settledEnds(written);
  const label = stringCondition(peerLabel('p'), filter);
  const { eq = null, in: some = null, ...partly } = filter ?? {};
  const isPartly = Object.values(partly).some(text => text !== null && text !== undefined);
  if ((eq !== null && some !== null) || isPartly) return label;
  const blocks = [eq ?? some ?? []].flat().filter(text => text.startsWith(OUTSIDE));
  if (blocks.length === 0) return label;
  const names = blocks.map(text => storable(text.slice(OUTSIDE.length)));
  const inside = peersInBlocks('$1::text[]');
  return or([
    label,
    condition(
      `p.id = any(array(select e.id ${inside})) and (p.cluster_id, p.id) in (select e.cluster_id, e.id ${inside})`,
      names,
    ),
  ]);
}

/** What a filter asks of ends, those first that name the fewest flows as a rule. */
export const peerConditions = (filter: FlowFilter): readonly PeerCondition[] => [
  { ends: ['source'], peers: named(filter.source) },
  { ends: ['destination'], peers: named(filter.destination) },
  { ends: ENDS, peers: isDeployment(stringCondition('p.name', filter.deployment)) },
  { ends: ['source'], peers: cidrCondition(ADDRESS, filter.sourceAddress) },
  { ends: ['destination'], peers: cidrCondition(ADDRESS, filter.destinationAddress) },
  { ends: ENDS, peers: stringCondition('p.namespace', filter.namespace) },
];

const isAskedVerdict = ({ observedVerdict }: FlowFilter, window: Window): Condition =>
  observedVerdict === null || observedVerdict === undefined
    ? EVERYTHING
    : isTold(observedVerdict, window);

const own =
  (now: Date) =>
  (filter: FlowFilter): Condition => {
    const window = windowOf(filter, now);
    const { tags } = filter;
    return and([
      stringCondition('c.name', filter.cluster),
      ...peerConditions(filter).map(ofPeers),
      equals('f.port', filter.port),
      equals('f.protocol', filter.protocol),
      tags === null || tags === undefined
        ? EVERYTHING
        : or(tags.map(tag => tagCondition(tag, window))),
      timeCondition('f.first_seen_at', filter.firstSeenAt, now),
      timeCondition('f.last_seen_at', filter.lastSeenAt, now),
      isAskedVerdict(filter, window),
      equals('f.policy_verdict', filter.policyVerdict),
      inWindow(window),
    ]);
  };

/** What a filter asks of a flow `f` with its cluster `c`; `k` holds the clusters of the list. */
export const flowCondition = (filter: FlowFilter | null | undefined, now: Date): Condition =>
  combined(filter, own(now));

/** Which clusters a list is about, of `c`. */
export const clusterCondition = (filters: readonly FlowFilter[]): Condition =>
  and(filters.map(({ cluster }) => stringCondition('c.name', cluster)));

/** The filter, and those that must hold with it. */
export function conjuncts(filter: FlowFilter | null | undefined): readonly FlowFilter[] {
  if (filter === null || filter === undefined) return [];
  return [filter, ...(filter.and ?? []).flatMap(conjuncts)];
}
