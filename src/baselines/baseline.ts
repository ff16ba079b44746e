import { sumOfCounts } from '../flows/edge.js';
import { hasOutcome } from '../flows/flow.js';
import { METADATA_CLASS } from '../flows/flow-view.js';
import type { WindowFlow } from '../flows/flow-window.store.js';
import { stableId } from '../inventory/identity.js';
import { patternOf, type Span, type TrafficPattern } from './pattern.js';

export const BaselineState = {
  /** Too little was seen yet; deviations are not anomalous. */
  LEARNING: 'LEARNING',
  /** Enough was seen, and nothing new for a while; deviations are not yet anomalous. */
  STABLE: 'STABLE',
  /** What is not in it is anomalous. */
  LOCKED: 'LOCKED',
} as const;
export type BaselineState = (typeof BaselineState)[keyof typeof BaselineState];

export const BaselineDirection = { INGRESS: 'INGRESS', EGRESS: 'EGRESS' } as const;
export type BaselineDirection = (typeof BaselineDirection)[keyof typeof BaselineDirection];

/** What is held of an entry. Those that were OBSERVED or CONFIRMED are normal. */
export const EntryStatus = {
  /** Learned from flows. */
  OBSERVED: 'OBSERVED',
  /** Somebody said that it is normal: it stays, whatever is learned. */
  CONFIRMED: 'CONFIRMED',
  /** Somebody said that it must not be: never learned again, and its flows raise alerts. */
  FORBIDDEN: 'FORBIDDEN',
  /** Taken out: it is learned again when it is seen again. */
  REMOVED: 'REMOVED',
} as const;
export type EntryStatus = (typeof EntryStatus)[keyof typeof EntryStatus];

/** What somebody said of an entry; nulls: nobody did. Times are ISO text. */
export type Decision = {
  readonly status: EntryStatus;
  readonly statusAt: string | null;
  readonly statusBy: string | null;
  readonly reason: string | null;
};

/** One peer and port that are normal for a deployment. Times are ISO text. */
export type BaselineEntry = {
  readonly id: string;
  readonly direction: BaselineDirection;
  readonly peerId: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly events: string;
  readonly days: number;
  /** Hours in which it was seen; null: it was learned before they were counted. */
  readonly hours: number | null;
  /** Null: too little was seen to tell. */
  readonly pattern: TrafficPattern | null;
} & Decision;

export const UNDECIDED: Decision = {
  status: EntryStatus.OBSERVED,
  statusAt: null,
  statusBy: null,
  reason: null,
};

/** Whether an entry says that its flows are normal. */
export const isNormal = ({ status }: Pick<BaselineEntry, 'status'>): boolean =>
  status === EntryStatus.OBSERVED || status === EntryStatus.CONFIRMED;

export type Baseline = {
  readonly clusterId: number;
  readonly deploymentId: string;
  readonly state: BaselineState;
  /** Goes up by one with every change of entries or state. */
  readonly version: number;
  /** The window that it was learned from; null is open. */
  readonly learnedSince: string | null;
  readonly learnedUntil: string | null;
  readonly generatedAt: string;
  readonly lockedAt: string | null;
  /** Whether it learns by itself what comes while it is LEARNING. */
  readonly continuous: boolean;
  /** Hours of the deployment's time in which something came of the cluster. */
  readonly coveredHours: number;
  /** Of them: those after the last in which something new was learned. */
  readonly quietHours: number;
  /** Of what was learned; bigint as text. */
  readonly events: string;
  readonly lastNewAt: string | null;
  /** From when on enough was seen; null: it was not yet. */
  readonly stableSince: string | null;
  /** A change opened it again at this time; null: none did. */
  readonly reopenedAt: string | null;
  /** Whether it was locked when a change opened it, so that it is locked again. */
  readonly relock: boolean;
};

/** The state of a baseline that nobody has locked. */
export const openState = ({ stableSince }: Pick<Baseline, 'stableSince'>): BaselineState =>
  stableSince === null ? BaselineState.LEARNING : BaselineState.STABLE;

/** Why a flow of a window is not learned; null when it is: the dataplane let it through at least once, or does not say. */
export function unlearnable(flow: WindowFlow): string | null {
  if (flow.trafficClass === METADATA_CLASS) return 'it calls the cloud metadata service';
  if (!flow.directionKnown) return 'nothing tells who asked whom';
  if (hasOutcome(flow.outcomes, 'ALLOWED', 'UNKNOWN')) return null;
  if (hasOutcome(flow.outcomes, 'DENIED')) return 'the dataplane denied it';
  return hasOutcome(flow.outcomes, 'AUDIT') ? 'policy would deny it were it enforced' : 'it failed';
}

/** The id of an entry within its baseline. */
export const entryId = ({
  direction,
  peerId,
  port,
  protocol,
}: Pick<BaselineEntry, 'direction' | 'peerId' | 'port' | 'protocol'>): string =>
  stableId(`entry ${direction} ${peerId} ${port ?? ''} ${protocol}`);

/** What a flow adds to the baseline of one of its ends. */
const entryOf = (
  flow: WindowFlow,
  direction: BaselineDirection,
  span: Span | null,
): BaselineEntry => {
  const peerId = direction === BaselineDirection.EGRESS ? flow.destinationId : flow.sourceId;
  const place = { direction, peerId, port: flow.port, protocol: flow.protocol };
  return {
    ...place,
    id: entryId(place),
    firstSeenAt: flow.firstSeenAt,
    lastSeenAt: flow.lastSeenAt,
    events: sumOfCounts(flow.dayEvents),
    days: flow.days.length,
    hours: flow.hours,
    pattern: span === null ? null : patternOf(flow, span),
    ...UNDECIDED,
  };
};

/**
 * The entries of each deployment, by deployment id.
 * @param spans over what time each was seen; patterns are told of those alone
 */
export function learn(
  flows: readonly WindowFlow[],
  deployments: ReadonlySet<string>,
  spans: ReadonlyMap<string, Span>,
): ReadonlyMap<string, readonly BaselineEntry[]> {
  const learned = new Map<string, BaselineEntry[]>([...deployments].map(id => [id, []]));
  for (const flow of flows) {
    if (unlearnable(flow) !== null) continue;
    const { sourceId, destinationId } = flow;
    const { EGRESS, INGRESS } = BaselineDirection;
    learned.get(sourceId)?.push(entryOf(flow, EGRESS, spans.get(sourceId) ?? null));
    learned.get(destinationId)?.push(entryOf(flow, INGRESS, spans.get(destinationId) ?? null));
  }
  return learned;
}
