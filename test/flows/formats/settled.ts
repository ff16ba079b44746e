import {
  directionOf,
  endKey,
  type FlowEnd,
  type OpenFlow,
  oppositesOf,
} from '../../../src/flows/directions/open-flow.js';
import { isListeningShown } from '../../../src/flows/formats/reply.js';
import type { Observation, ObservedPeer, Reading } from '../../../src/flows/observation.js';

/** Who a peer is, as attribution would find it: by its pod's name, else by its address. */
const idOf = ({ kind, namespace, pod, workload, service, node, ip, cidr }: ObservedPeer): string =>
  pod === null
    ? JSON.stringify([kind, namespace, workload, service, node, ip, cidr])
    : `${namespace}/${pod}`;

const openFlowOf = (one: Observation): OpenFlow | null => {
  const { doubt, port, protocol, source, destination } = one;
  if (doubt == null || port === null) return null;
  const [sourceId, destinationId] = [idOf(source), idOf(destination)];
  const id = `${sourceId} ${destinationId} ${port} ${protocol}`;
  const sourcePorts = doubt.sourcePort === null ? [] : [doubt.sourcePort];
  return { id, sourceId, destinationId, port, protocol, sourcePorts, hints: doubt.hints };
};

/** The ends that records and replies prove to listen. */
function listening({ observations, listeners }: Reading): ReadonlySet<string> {
  const asked = observations.flatMap(({ doubt, isReply, replyBasis: basis, ...one }): FlowEnd[] => {
    const { port, protocol, destination } = one;
    const isProof = doubt == null && isReply === false && port !== null;
    return isProof && isListeningShown({ basis }, port)
      ? [{ peerId: idOf(destination), port, protocol }]
      : [];
  });
  const answered = listeners.map(({ peer, ...end }) => ({ ...end, peerId: idOf(peer) }));
  return new Set([...asked, ...answered].map(endKey));
}

/** What a reader found, once the records that prove nothing are told by the others: as it is when they are stored. */
export function settled(reading: Reading): Reading {
  const listens = listening(reading);
  const flows = reading.observations.map(one => openFlowOf(one));
  const opposites = oppositesOf(flows.filter(flow => flow !== null));
  const decided = reading.observations.map((one, at): Observation => {
    const flow = flows[at];
    if (flow == null) return one;
    const { isReply, basis } = directionOf(flow, {
      listens: end => listens.has(endKey(end)),
      opposites,
    });
    return { ...one, isReply, replyBasis: basis };
  });
  const replies = decided.filter(({ isReply }) => isReply === true).length;
  const reply = (reading.skipped.reply ?? 0) + replies;
  return {
    ...reading,
    observations: decided.filter(({ isReply }) => isReply !== true),
    skipped: { ...reading.skipped, ...(reply === 0 ? {} : { reply }) },
  };
}
