import { DirectionHint, type Doubt, FlowProtocol, ReplyBasis } from '../observation.js';

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

/** Whether a client may have one port while its server has the other, as far as the numbers tell. */
export const mayBeClient = (client: number, server: number): boolean =>
  portClass(client) >= portClass(server);

/** True for a port that a system gives to clients, and that nobody has registered for a server. */
export const isEphemeral = (port: number): boolean => portClass(port) === 2;

/** Below 0: the source's port is the more likely server; above 0 the destination's. Null: one is not told. */
const portDifference = ({ sourcePort, port }: Ports): number | null =>
  sourcePort === null || port === null ? null : portClass(sourcePort) - portClass(port);

type Ports = Pick<PacketShape, 'sourcePort' | 'port'>;

/** A set of `DirectionHint`. */
const portHints = (shape: Ports): number => {
  const difference = portDifference(shape) ?? 0;
  if (difference === 0) return 0;
  return difference > 0 ? DirectionHint.PORTS_FORWARD : DirectionHint.PORTS_REPLY;
};

/** Of what a record itself proves. */
const PROOFS: ReadonlySet<ReplyBasis> = new Set([
  ReplyBasis.CONNTRACK,
  ReplyBasis.TCP_FLAGS,
  ReplyBasis.SERVICE,
]);

/** Whether a record whose direction is sure shows that the asked end listens at its port. */
export const isListeningShown = ({ basis }: Pick<ReplyDecision, 'basis'>, port: number): boolean =>
  PROOFS.has(basis) || (!isEphemeral(port) && basis !== ReplyBasis.PORT_HEURISTIC);

const SURE_BY_PORTS = 2;

/** No client has a port below 1024 while its server has one that systems give to clients. */
const isSureByPorts = (shape: Ports): boolean =>
  Math.abs(portDifference(shape) ?? 0) === SURE_BY_PORTS;

const toldHints = ({ isReply }: ReplyDecision): number => {
  if (isReply === null) return 0;
  return isReply ? DirectionHint.TOLD_REPLY : DirectionHint.TOLD_FORWARD;
};

/** The port that is asked is the more likely server. */
export const isServerByPort = (shape: Ports): boolean => (portDifference(shape) ?? 0) > 0;

/**
 * Whether nothing else can show that the source's word is wrong: its flag, which says forward of a reply now and then, is
 * doubted where the ports do not tell the same, anything else only where they tell the opposite.
 */
const isSure = ({ isReply, basis }: ReplyDecision, shape: Ports): boolean => {
  if (isReply === false && basis === ReplyBasis.REPORTED) return isServerByPort(shape);
  const server = isReply === true ? shape.sourcePort : shape.port;
  return server === null || !isEphemeral(server);
};

export type Decided = ReplyDecision & { readonly doubt: Doubt | null };

export const sure = (decision: ReplyDecision): Decided => ({ ...decision, doubt: null });

/**
 * Of a record that proves nothing itself: what it makes believe, which the inventory and other records may set right.
 * @param told the source's word, as far as it goes
 */
export function doubtful(shape: PacketShape, told: ReplyDecision | null): Decided {
  const { sourcePort, port } = shape;
  const guess = told ?? inferReply(shape);
  if (port === null || (sourcePort === null && guess.isReply !== null)) return sure(guess);
  if (told === null && isSureByPorts(shape)) return sure(guess);
  if (told !== null && told.isReply !== null && isSure(told, shape)) return sure(told);
  // Two facts of the record that contradict each other make none.
  const isContradicted = told !== null && told.isReply === null;
  const hints = isContradicted ? 0 : (told === null ? 0 : toldHints(told)) | portHints(shape);
  return { ...guess, doubt: { hints, sourcePort } };
}

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
