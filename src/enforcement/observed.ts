import { hasOutcome } from '../flows/flow.js';
import type { Window } from '../flows/flow-condition.js';
import type { FlowScope, FlowWindowStore, WindowFlow } from '../flows/flow-window.store.js';
import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import type { Endpoint, Evidence, ObservedFlow } from '../netpol/index.js';
import { endpointOf } from './endpoint.js';
import { isOwnNode } from './flow-question.js';

export type ObservedStores = {
  readonly flowWindows: FlowWindowStore;
  readonly peers: Pick<PeerStore, 'byIds'>;
};

/** A distinct flow of a window with both of its ends. */
export type KnownFlow = {
  readonly flow: WindowFlow;
  readonly source: Peer;
  readonly destination: Peer;
};

const eventsOf = ({ dayEvents }: WindowFlow): bigint =>
  dayEvents.reduce((sum, events) => sum + BigInt(events), 0n);

export const evidenceOf = (flow: WindowFlow): Evidence => ({
  flows: 1,
  firstSeenAt: flow.firstSeenAt,
  lastSeenAt: flow.lastSeenAt,
  days: flow.days,
  events: eventsOf(flow),
});

/** A handshake that ends at once is less, in both directions; what is said over a connection is more. */
const BYTES_OF_A_TOUCH = 300;

/**
 * Whether more than an attempt to connect was seen, over all time: bytes beyond a handshake, or more packets than connections that began.
 * Undefined: the source tells neither, or one event for each connection.
 */
function answeredOf({ allEvents, connections, bytes }: WindowFlow): boolean | undefined {
  const [events, begun] = [Number(allEvents), Number(connections ?? 0)];
  if (bytes !== null) return Number(bytes) > BYTES_OF_A_TOUCH * Math.max(1, begun || events);
  return begun > 0 && events >= 2 * begun ? true : undefined;
}

/** The distinct flows of a scope and window, with their ends: two statements. */
export async function knownFlows(
  { flowWindows, peers }: ObservedStores,
  scope: FlowScope,
  window: Window,
): Promise<readonly KnownFlow[]> {
  const flows = await flowWindows.inWindow(scope, window);
  const ids = new Set(flows.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]));
  const found = await peers.byIds([...ids].map(id => ({ clusterId: scope.clusterId, id })));
  const byId = new Map(found.map(peer => [peer.askedId, peer]));
  return flows.flatMap(flow => {
    const source = byId.get(flow.sourceId);
    const destination = byId.get(flow.destinationId);
    return source === undefined || destination === undefined ? [] : [{ flow, source, destination }];
  });
}

/** As the engine generates from them, in the same order; each end is made once. */
export function observedFlows(known: readonly KnownFlow[]): readonly ObservedFlow[] {
  const ends = new Map<Peer, { readonly endpoint: Endpoint; readonly name: string }>();
  const endOf = (peer: Peer) => {
    const made = ends.get(peer) ?? { endpoint: endpointOf(peer), name: peerName(peer) };
    ends.set(peer, made);
    return made;
  };
  return known.map(({ flow, ...peers }) => {
    const [source, destination] = [endOf(peers.source), endOf(peers.destination)];
    const answered = answeredOf(flow);
    return {
      id: flow.id,
      ...(answered !== undefined && { answered }),
      source: source.endpoint,
      destination: destination.endpoint,
      names: { source: source.name, destination: destination.name },
      port: flow.port,
      protocol: flow.protocol,
      servicePort: flow.servicePort,
      evidence: evidenceOf(flow),
    };
  });
}

/**
 * What was only denied is no reason to allow anything. What failed for another reason than policy is one: nobody was
 * against it. A probe of the pod's own node needs no rule. What may be an answer is no evidence that anybody asked.
 */
export const isEvidence = ({ flow, source }: KnownFlow): boolean =>
  flow.directionKnown &&
  hasOutcome(flow.outcomes, 'ALLOWED', 'UNKNOWN', 'AUDIT', 'ERROR') &&
  !isOwnNode({ source, trafficClass: flow.trafficClass });
