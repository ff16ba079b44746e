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
const FLAGGED_REPLY = decision(true, ReplyBasis.TCP_FLAGS);
const FLAGGED_FORWARD = decision(false, ReplyBasis.TCP_FLAGS);
const ICMP_REPLY = decision(true, ReplyBasis.ICMP_TYPE);
const ICMP_FORWARD = decision(false, ReplyBasis.ICMP_TYPE);
const PORT_REPLY = decision(true, ReplyBasis.PORT_HEURISTIC);
const PORT_FORWARD = decision(false, ReplyBasis.PORT_HEURISTIC);
const UNKNOWN = decision(null, ReplyBasis.ASSUMED);

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

/** How likely a port is a client's: the ranges of IANA, Linux and BSD, after StackRox's collector. */
const clientScore = (port: number): number => {
  if (port >= 49_152) return 4;
  if (port >= 32_768) return 3;
  if (port >= 1025 && port <= 5000) return 2;
  return port === 1024 ? 1 : 0;
};

const replyByPorts = (sourcePort: number | null, port: number | null): ReplyDecision => {
  if (port === null) return UNKNOWN;
  if (sourcePort === null) return clientScore(port) < 3 ? PORT_FORWARD : UNKNOWN;
  const difference = clientScore(sourcePort) - clientScore(port);
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
