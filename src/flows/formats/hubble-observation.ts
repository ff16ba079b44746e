import { ObservedVerdict } from '../flow.js';
import { type Observation, PeerHint } from '../observation.js';
import { trafficClassOf } from './class.js';
import { numberOf, objectOf, textOf, toldCount } from './coerce.js';
import { EventType, type HubbleFlow } from './hubble-flow.js';
import { reporterOf } from './hubble-packet.js';
import { policiesOf } from './hubble-policies.js';
import type { Draft } from './hubble-stream.js';
import type { Decided } from './reply.js';
import { type Counted, countPacket, type SamePacket } from './same-packet.js';

/** Flows that the agent has folded into one record already; null: it has not. */
const aggregatedEvents = ({ aggregate }: HubbleFlow): number | null => {
  if (aggregate == null) return null;
  const counts = objectOf(aggregate);
  const sum =
    (toldCount(counts?.['ingress_flow_count']) ?? 0) +
    (toldCount(counts?.['egress_flow_count']) ?? 0) +
    (toldCount(counts?.['unknown_direction_flow_count']) ?? 0);
  return Math.max(sum, 1);
};

/** Retina's struct; protobuf's `Any` puts it under `value`. */
const bytesOf = ({ extensions }: HubbleFlow): number | null => {
  if (extensions === undefined) return null;
  const any = objectOf(extensions);
  const fields = objectOf(any?.['value']) ?? any;
  return toldCount(fields?.['bytes']);
};

/**
 * A policy verdict is given once a connection, a SYN is sent once a connection. Records without the
 * pod's name come from behind the L7 proxy, whose own connections are not the client's.
 */
const isStart = ({ flow, shape, verdict, source }: Draft, type: number | null): boolean =>
  verdict === ObservedVerdict.ALLOWED &&
  shape.sourcePort !== null &&
  source.kind !== PeerHint.WORKLOAD &&
  (type === EventType.POLICY_VERDICT || (shape.syn && !shape.ack && flow.l7 == null));

const ALONE: Counted = { events: 1, connections: null };

const countOf = (packets: SamePacket, draft: Draft): Counted => {
  const { flow, shape, verdict, time, point, direction } = draft;
  const ip = flow.IP;
  const source = ip?.source;
  const destination = ip?.destination;
  if (typeof source !== 'string' || typeof destination !== 'string') return ALONE;
  const type = numberOf(flow.event_type?.type);
  return countPacket(packets, {
    tuple: `${source} ${shape.sourcePort} ${destination} ${shape.port ?? shape.icmpType} ${shape.protocol} ${verdict}`,
    time,
    point: point === '' ? `${type} ${direction}` : point,
    isStart: isStart(draft, type),
  });
};

/** A time that is told to the nanosecond: no clock that was rounded ends in other digits than 000. */
const TO_THE_NANOSECOND = /\.\d{6}(?!000)\d{3}(?:Z|[+-])/;

/**
 * What a record without `uuid` is known by, as Hubble wrote them before it had one and as a field mask may leave them: all
 * that it says, where that is of one nanosecond. Where the time is rounded nothing tells a repeat from another packet.
 */
const idOfAll = (flow: HubbleFlow): string | null =>
  typeof flow.time === 'string' && TO_THE_NANOSECOND.test(flow.time) ? JSON.stringify(flow) : null;

/** Zero is a port that was left out. */
const portOf = (port: number | null): number | null => (port === 0 ? null : port);

export const observationOf = (
  packets: SamePacket,
  draft: Draft,
  { isReply, basis, doubt }: Decided,
): Observation => {
  const { flow, time, source, destination, shape, verdict, direction } = draft;
  const reached = portOf(shape.port);
  const isService = destination.kind === PeerHint.SERVICE;
  const folded = aggregatedEvents(flow);
  const counted = folded === null ? countOf(packets, draft) : ALONE;
  return {
    firstSeen: time,
    lastSeen: time,
    source,
    destination,
    port: isService ? null : reached,
    servicePort: isService ? reached : null,
    protocol: shape.protocol,
    verdict,
    connections: counted.connections,
    events: folded ?? counted.events,
    bytes: bytesOf(flow),
    direction,
    reporter: reporterOf(direction, draft.point),
    countedBy: null,
    isReply,
    replyBasis: basis,
    doubt,
    trafficClass: trafficClassOf({ source, destination, port: reached, protocol: shape.protocol }),
    sourcePort: portOf(shape.sourcePort),
    policies: policiesOf(flow),
    recordId: textOf(flow.uuid) ?? idOfAll(flow),
    line: draft.line,
  };
};
