import { FlowProtocol, ReplyBasis } from '../observation.js';

/** Three-valued: null is not false. */
export type ReplyDecision = { readonly isReply: boolean | null; readonly basis: ReplyBasis };

const decision = (isReply: boolean | null, basis: ReplyBasis): ReplyDecision =>
  Object.freeze({ isReply, basis });

export const REPORTED_REPLY = decision(true, ReplyBasis.REPORTED);
export const REPORTED_FORWARD = decision(false, ReplyBasis.REPORTED);
export const ASSUMED_FORWARD = decision(false, ReplyBasis.ASSUMED);
export const TRACKED_REPLY = decision(true, ReplyBasis.CONNTRACK);
export const TRACKED_FORWARD = decision(false, ReplyBasis.CONNTRACK);
export const FLAGGED_REPLY = decision(true, ReplyBasis.TCP_FLAGS);
export const FLAGGED_FORWARD = decision(false, ReplyBasis.TCP_FLAGS);
const ICMP_REPLY = decision(true, ReplyBasis.ICMP_TYPE);
const ICMP_FORWARD = decision(false, ReplyBasis.ICMP_TYPE);
const PORT_REPLY = decision(true, ReplyBasis.PORT_HEURISTIC);
const PORT_FORWARD = decision(false, ReplyBasis.PORT_HEURISTIC);
export const PAIRED_FORWARD = decision(false, ReplyBasis.PAIRING);
export const PAIRED_REPLY = decision(true, ReplyBasis.PAIRING);
export const SERVICE_FORWARD = decision(false, ReplyBasis.SERVICE);
export const SERVICE_REPLY = decision(true, ReplyBasis.SERVICE);
export const POINT_FORWARD = decision(false, ReplyBasis.OBSERVATION_POINT);
export const POINT_REPLY = decision(true, ReplyBasis.OBSERVATION_POINT);
export const UNKNOWN = decision(null, ReplyBasis.ASSUMED);

/** The part of a packet that tells its direction. Flags are null where the source gives none. */
export type PacketShape = {
  readonly protocol: FlowProtocol;
  readonly sourcePort: number | null;
  readonly port: number | null;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly icmpType: number | null;
};

/** "SYN without ACK = client to server; SYN+ACK = reply"; other packets do not tell. */
export const replyByFlags = ({ syn, ack }: PacketShape): ReplyDecision | null => {
  if (!syn) return null;
  return ack ? FLAGGED_REPLY : FLAGGED_FORWARD;
};

/** Echo and neighbour solicitation ask; what else ICMP says is an answer to some packet (RFC 792, 4443, 4861). */
const ICMP_ASKS: ReadonlySet<number> = new Set([8, 13]);
const ICMPV6_ASKS: ReadonlySet<number> = new Set([128, 130, 133, 135, 143]);

const replyByIcmp = (protocol: FlowProtocol, type: number): ReplyDecision => {
  const asks = protocol === FlowProtocol.ICMP ? ICMP_ASKS : ICMPV6_ASKS;
  return asks.has(type) ? ICMP_FORWARD : ICMP_REPLY;
};

/**
 * Registered servers within the range from which systems take clients' ports: MySQL X, Keystone, Jenkins
 * agents, gRPC, HDFS, WireGuard, ActiveMQ.
 */
const HIGH_SERVERS: ReadonlySet<number> = new Set([
  33_060, 35_357, 50_000, 50_051, 50_070, 51_820, 61_613, 61_614, 61_616,
]);
/** NFS, whose clients use ports below 1024. */
const NFS = 2049;
/** Linux takes clients' ports from 32768 to 60999, IANA from 49152 up. */
const FIRST_EPHEMERAL = 32_768;
const FIRST_UNPRIVILEGED = 1024;

/** 0: a well-known server; 1: whatever; 2: a client's. Within a class no port is more of a client than another. */
const portClass = (port: number): 0 | 1 | 2 => {
  if (port < FIRST_UNPRIVILEGED || port === NFS) return 0;
  return port >= FIRST_EPHEMERAL && !HIGH_SERVERS.has(port) ? 2 : 1;
};

/** True for a port that a system gives to clients, and that nobody has registered for a server. */
export const isEphemeral = (port: number): boolean => portClass(port) === 2;

const replyByPorts = (sourcePort: number | null, port: number | null): ReplyDecision => {
  if (port === null) return UNKNOWN;
  if (sourcePort === null) return portClass(port) < 2 ? PORT_FORWARD : UNKNOWN;
  const difference = portClass(sourcePort) - portClass(port);
  if (difference === 0) return UNKNOWN;
  return difference > 0 ? PORT_FORWARD : PORT_REPLY;
};

/** Decides where the source does not: flags, then ICMP's type, then ports; null where none tells. */
export const inferReply = (shape: PacketShape): ReplyDecision => {
  const byFlags = replyByFlags(shape);
  if (byFlags !== null) return byFlags;
  if (shape.icmpType !== null) return replyByIcmp(shape.protocol, shape.icmpType);
  return replyByPorts(shape.sourcePort, shape.port);
};
