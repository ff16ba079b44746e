import { sumOfCounts } from '../flows/edge.js';
import { hasOutcome } from '../flows/flow.js';
import { METADATA_CLASS } from '../flows/flow-view.js';
import type { WindowFlow } from '../flows/flow-window.store.js';
import { stableId } from '../inventory/identity.js';

export const BaselineState = {
  /** Learned; deviations are not yet anomalous. */
  LEARNING: 'LEARNING',
  /** What is not in it is anomalous. */
  LOCKED: 'LOCKED',
} as const;
export type BaselineState = (typeof BaselineState)[keyof typeof BaselineState];

export const BaselineDirection = { INGRESS: 'INGRESS', EGRESS: 'EGRESS' } as const;
export type BaselineDirection = (typeof BaselineDirection)[keyof typeof BaselineDirection];

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
};

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
};

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
const entryOf = (flow: WindowFlow, direction: BaselineDirection): BaselineEntry => {
  const peerId = direction === BaselineDirection.EGRESS ? flow.destinationId : flow.sourceId;
  const place = { direction, peerId, port: flow.port, protocol: flow.protocol };
  return {
    ...place,
    id: entryId(place),
    firstSeenAt: flow.firstSeenAt,
    lastSeenAt: flow.lastSeenAt,
    events: sumOfCounts(flow.dayEvents),
    days: flow.days.length,
  };
};

/** The entries of each deployment, by deployment id. */
export function learn(
  flows: readonly WindowFlow[],
  deployments: ReadonlySet<string>,
): ReadonlyMap<string, readonly BaselineEntry[]> {
  const learned = new Map<string, BaselineEntry[]>([...deployments].map(id => [id, []]));
  for (const flow of flows) {
    if (unlearnable(flow) !== null) continue;
    learned.get(flow.sourceId)?.push(entryOf(flow, BaselineDirection.EGRESS));
    learned.get(flow.destinationId)?.push(entryOf(flow, BaselineDirection.INGRESS));
  }
  return learned;
}
