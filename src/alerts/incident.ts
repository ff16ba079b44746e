import {
  type AlertRule,
  type AlertSeverity,
  alertId,
  PeerGroup,
  RANKS,
  AlertSeverity as Severity,
} from './alert.js';
import { type Deviation, type End, type SuspectFlow, sidesOf } from './deviation.js';

type Group = { readonly kind: PeerGroup; readonly key: string; readonly name: string };

const byName = (kind: PeerGroup, name: string): Group => ({ kind, key: name, name });
const only = (kind: PeerGroup, name: string): Group => ({ kind, key: '', name });

/** What is outside goes by its name, by its block, or together with all that has neither. */
function groupOutside({ dnsName, block }: End, calls: boolean): Group {
  if (dnsName !== null) return byName(PeerGroup.NAME, dnsName);
  if (block !== null) return byName(PeerGroup.BLOCK, block);
  return calls
    ? only(PeerGroup.OUTSIDE, 'addresses outside')
    : only(PeerGroup.CLIENTS, 'callers from outside');
}

/** By what the other end belongs together with others: of the flow alone, so that no order of records changes it. */
function groupOf(flow: SuspectFlow, peer: End): Group {
  if (flow.metadata) return only(PeerGroup.METADATA, 'cloud metadata service');
  switch (peer.kind) {
    case 'DEPLOYMENT':
      return { kind: PeerGroup.PEER, key: peer.id, name: peer.label };
    case 'EXTERNAL':
      return groupOutside(peer, peer.id === flow.destination.id);
    case 'NODE':
      return only(PeerGroup.NODES, 'cluster nodes');
    default:
      return only(PeerGroup.UNRESOLVED, 'unresolved addresses');
  }
}

/** What a batch counted of a flow. Times are ISO text. */
export type Occurrence = {
  readonly events: number;
  /** Of them: those that were not blocked. */
  readonly passed: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
};

/** What a batch adds to an alert. */
export type Raised = {
  readonly id: string;
  readonly rank: number;
  readonly rule: AlertRule;
  readonly rules: readonly AlertRule[];
  readonly ruleIds: readonly string[];
  readonly category: string;
  readonly severity: AlertSeverity;
  readonly deploymentId: string;
  readonly peerId: string;
  readonly groupKind: PeerGroup;
  readonly groupName: string;
  readonly flowId: string;
  /** The flow, as lists show it. */
  readonly line: string;
  readonly why: string;
  readonly events: number;
  readonly passed: number;
  readonly firstOccurredAt: string;
  readonly lastOccurredAt: string;
};

const SEVERITIES = Object.values(Severity);

export const severest = (severities: readonly AlertSeverity[]): AlertSeverity =>
  SEVERITIES[Math.max(0, ...severities.map(one => SEVERITIES.indexOf(one)))] ?? Severity.LOW;

const sortedSet = <Text extends string>(texts: readonly Text[]): readonly Text[] =>
  [...new Set(texts)].toSorted();

type Lead = Pick<Raised, 'rank' | 'why' | 'category'>;

/** The most telling first; where two tell as much, by their texts. */
const tellsMore = (one: Lead, other: Lead): boolean => {
  if (one.rank !== other.rank) return one.rank < other.rank;
  return one.why === other.why ? one.category < other.category : one.why < other.why;
};

const leadOf = ({ rule, why }: Deviation): Lead & Pick<Raised, 'rule'> => ({
  rank: RANKS[rule.criterion],
  rule: rule.criterion,
  why,
  category: rule.categories[0] ?? '',
});

/** The alert that a flow belongs to, and how the flow is told in it. */
export type Place = Pick<
  Raised,
  'id' | 'deploymentId' | 'peerId' | 'groupKind' | 'groupName' | 'line'
>;

/** Null: none of its ends is a deployment. */
export function placeOf(flow: SuspectFlow): Place | null {
  const sides = sidesOf(flow);
  if (sides === null) return null;
  const group = groupOf(flow, sides.peer);
  return {
    id: alertId(sides.owner.id, group.kind, group.key),
    deploymentId: sides.owner.id,
    peerId: sides.peer.id,
    groupKind: group.kind,
    groupName: group.name,
    line: `\`${flow.source.label}\` -> \`${flow.destination.label}\` (${flow.protocol} ${flow.port ?? '-'})`,
  };
}

/** What one flow of a batch adds to the alert that it belongs to; null: nothing. */
export function raisedBy(
  flow: SuspectFlow,
  deviations: readonly Deviation[],
  { events, passed, firstSeenAt, lastSeenAt }: Occurrence,
): Raised | null {
  const place = placeOf(flow);
  const [first, ...others] = deviations.map(leadOf);
  if (place === null || first === undefined) return null;
  const lead = others.reduce((best, one) => (tellsMore(one, best) ? one : best), first);
  return {
    ...lead,
    ...place,
    rules: sortedSet(deviations.map(({ rule }) => rule.criterion)),
    ruleIds: sortedSet(deviations.map(({ rule }) => rule.id)),
    severity: severest(deviations.map(({ severity }) => severity)),
    flowId: flow.id,
    events,
    passed,
    firstOccurredAt: firstSeenAt,
    lastOccurredAt: lastSeenAt,
  };
}

/** Of flows that occurred last at the same moment one must come first, however the records were cut. */
const isLater = (one: Raised, other: Raised): boolean =>
  one.lastOccurredAt === other.lastOccurredAt
    ? one.flowId > other.flowId
    : one.lastOccurredAt > other.lastOccurredAt;

const earlier = (one: string, other: string): string => (one < other ? one : other);

function added(one: Raised, other: Raised): Raised {
  const [later, lead] = [isLater(one, other) ? one : other, tellsMore(one, other) ? one : other];
  return {
    ...later,
    rank: lead.rank,
    rule: lead.rule,
    why: lead.why,
    category: lead.category,
    rules: sortedSet([...one.rules, ...other.rules]),
    ruleIds: sortedSet([...one.ruleIds, ...other.ruleIds]),
    severity: severest([one.severity, other.severity]),
    events: one.events + other.events,
    passed: one.passed + other.passed,
    firstOccurredAt: earlier(one.firstOccurredAt, other.firstOccurredAt),
  };
}

/** What flows of a batch add to the same alert, added up. */
export function mergeRaised(raised: readonly Raised[]): readonly Raised[] {
  const merged = new Map<string, Raised>();
  for (const one of raised) {
    const known = merged.get(one.id);
    merged.set(one.id, known === undefined ? one : added(known, one));
  }
  return [...merged.values()];
}
