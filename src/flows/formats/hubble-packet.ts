import { FlowDirection, FlowProtocol, Reporter } from '../observation.js';
import { enumOf, numberOf } from './coerce.js';
import {
  type HubbleFlow,
  type HubbleIcmp,
  type HubbleL4,
  type HubblePorts,
  TRACE_POINTS,
  TRAFFIC_DIRECTIONS,
} from './hubble-flow.js';
import type { PacketShape } from './reply.js';

/** NaN for what is told and is no number. */
const toldPort = (value: unknown): number | null =>
  value === undefined || value === null ? null : (numberOf(value) ?? Number.NaN);

const withPorts = (protocol: FlowProtocol, ports: HubblePorts): PacketShape => ({
  protocol,
  sourcePort: toldPort(ports.source_port),
  port: toldPort(ports.destination_port),
  syn: ports.flags?.SYN === true,
  ack: ports.flags?.ACK === true,
  icmpType: null,
});

const withType = (protocol: FlowProtocol, { type }: HubbleIcmp): PacketShape => ({
  protocol,
  sourcePort: null,
  port: null,
  syn: false,
  ack: false,
  // Type 0 (echo reply) is a zero value, which protojson leaves out.
  icmpType: numberOf(type) ?? 0,
});

const OTHER: PacketShape = {
  protocol: FlowProtocol.OTHER,
  sourcePort: null,
  port: null,
  syn: false,
  ack: false,
  icmpType: null,
};

/** Protocol, ports and flags; `OTHER` for fragments and protocols without ports. */
export const shapeOf = (l4: HubbleL4 | null | undefined): PacketShape => {
  if (l4 == null) return OTHER;
  if (l4.TCP != null) return withPorts(FlowProtocol.TCP, l4.TCP);
  if (l4.UDP != null) return withPorts(FlowProtocol.UDP, l4.UDP);
  if (l4.SCTP != null) return withPorts(FlowProtocol.SCTP, l4.SCTP);
  if (l4.ICMPv4 != null) return withType(FlowProtocol.ICMP, l4.ICMPv4);
  return l4.ICMPv6 != null ? withType(FlowProtocol.ICMPV6, l4.ICMPv6) : OTHER;
};

/** Where in the dataplane it was seen; empty where the record does not say. */
export const pointOf = ({ trace_observation_point }: HubbleFlow): string =>
  enumOf(trace_observation_point, TRACE_POINTS) ?? '';

/** Points at the edge of a node: connection tracking is not asked there. */
const NODE_POINTS: ReadonlySet<string> = new Set([
  'TO_OVERLAY',
  'FROM_OVERLAY',
  'TO_NETWORK',
  'FROM_NETWORK',
]);

/** Points where an absent `is_reply` cannot be told: replies to ephemeral ports look like requests there. */
export const isUntrackedPoint = (point: string): boolean =>
  point === 'TO_OVERLAY' || point === 'TO_NETWORK';

export const directionOf = ({ traffic_direction }: HubbleFlow): FlowDirection => {
  const name = enumOf(traffic_direction, TRAFFIC_DIRECTIONS);
  if (name === 'INGRESS') return FlowDirection.INGRESS;
  return name === 'EGRESS' ? FlowDirection.EGRESS : FlowDirection.UNKNOWN;
};

export const reporterOf = (direction: FlowDirection, point: string): Reporter => {
  if (NODE_POINTS.has(point)) return Reporter.NODE;
  if (direction === FlowDirection.INGRESS) return Reporter.DESTINATION;
  return direction === FlowDirection.EGRESS ? Reporter.SOURCE : Reporter.UNKNOWN;
};
