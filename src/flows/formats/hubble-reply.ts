import { FlowDirection } from '../observation.js';
import { enumOf, numberOf, objectOf } from './coerce.js';
import { EventType, type HubbleFlow, L7_TYPES, TRACE_REASONS } from './hubble-flow.js';
import { type Draft, ReplyStyle } from './hubble-stream.js';
import {
  ASSUMED_FORWARD,
  type Decided,
  doubtful,
  inferReply,
  isEphemeral,
  isServerByPort,
  type PacketShape,
  POINT_FORWARD,
  POINT_REPLY,
  REPORTED_FORWARD,
  REPORTED_REPLY,
  type ReplyDecision,
  replyByFlags,
  TRACKED_FORWARD,
  TRACKED_REPLY,
  UNKNOWN,
} from './reply.js';
import { type SourceTrust, TRUST, Trust } from './trust.js';

export const styleAfter = (style: ReplyStyle, flow: HubbleFlow): ReplyStyle => {
  if (style === ReplyStyle.THREE_VALUED || typeof flow.is_reply === 'boolean')
    return ReplyStyle.THREE_VALUED;
  return flow.reply === true ? ReplyStyle.OLD : style;
};

/** Retina alone has `extensions`. */
const trustOf = ({ extensions }: HubbleFlow): SourceTrust =>
  objectOf(extensions) === null ? TRUST.hubble : TRUST.retina;

/** A dropped packet has no `is_reply`: the first packet of a connection, if it is a SYN or has no flags. */
const replyOfDrop = (flow: HubbleFlow, shape: PacketShape): ReplyDecision | null => {
  const type = numberOf(flow.event_type?.type);
  if (type !== EventType.DROP && type !== EventType.POLICY_VERDICT) return null;
  if (flow.verdict !== 'DROPPED' && flow.verdict !== 2) return null;
  return replyByFlags(shape) ?? (shape.ack ? null : ASSUMED_FORWARD);
};

const replyByTrace = (flow: HubbleFlow): ReplyDecision | null => {
  switch (enumOf(flow.trace_reason, TRACE_REASONS)) {
    case 'ESTABLISHED':
      return TRACKED_FORWARD;
    case 'REPLY':
      return TRACKED_REPLY;
    default:
      return null;
  }
};

const replyByL7 = (flow: HubbleFlow): ReplyDecision | null => {
  switch (enumOf(flow.l7?.type, L7_TYPES)) {
    case 'REQUEST':
      return REPORTED_FORWARD;
    case 'RESPONSE':
      return REPORTED_REPLY;
    default:
      return null;
  }
};

const reportedReply = (flow: HubbleFlow, shape: PacketShape): ReplyDecision | null => {
  if (flow.is_reply === true) return REPORTED_REPLY;
  const byFlags = shape.syn && shape.ack ? replyByFlags(shape) : null;
  if (byFlags !== null) return byFlags;
  return trustOf(flow).reply.trust === Trust.NONE ? replyByFlags(shape) : REPORTED_FORWARD;
};

/** What the record itself tells; null: it depends on the stream's style. */
export const replyOfRecord = (flow: HubbleFlow, shape: PacketShape): ReplyDecision | null => {
  if (typeof flow.is_reply === 'boolean') return reportedReply(flow, shape);
  if (flow.reply === true) return REPORTED_REPLY;
  return replyOfDrop(flow, shape) ?? replyByFlags(shape) ?? replyByL7(flow) ?? replyByTrace(flow);
};

/**
 * A packet that comes to an endpoint belongs to a connection from outside of it if its direction is
 * INGRESS, and answers one of its own if it is EGRESS; of packets that leave it the other way round.
 */
const replyByPoint = ({ direction, point }: Draft): ReplyDecision | null => {
  if (direction === FlowDirection.UNKNOWN) return null;
  const isIngress = direction === FlowDirection.INGRESS;
  if (point === 'TO_ENDPOINT') return isIngress ? POINT_FORWARD : POINT_REPLY;
  if (point === 'FROM_ENDPOINT') return isIngress ? POINT_REPLY : POINT_FORWARD;
  return null;
};

/** What connection tracking and the point of observation say, which the ports must not deny. */
const hintOf = (draft: Draft): ReplyDecision | null => {
  // ICMP says by its type what it answers.
  if (draft.shape.icmpType !== null) return null;
  if (trustOf(draft.flow).direction.trust === Trust.NONE) return null;
  const byPoint = replyByPoint(draft);
  if (byPoint !== null) return byPoint;
  return enumOf(draft.flow.trace_reason, TRACE_REASONS) === 'NEW' ? TRACKED_FORWARD : null;
};

const unlessPortsDeny = (hint: ReplyDecision, shape: PacketShape): ReplyDecision => {
  const { isReply } = inferReply(shape);
  return isReply === null || isReply === hint.isReply ? hint : UNKNOWN;
};

/**
 * True for a record that other records may prove to be a reply: no source should call an answer forward, and Cilium does
 * when it has lost the connection. A port that is plainly the server's is not doubted.
 */
export const isDoubtful = ({ shape }: Draft): boolean =>
  !shape.syn && shape.sourcePort !== null && shape.port !== null && !isServerByPort(shape);

/** A SYN to a port that systems give to clients proves what the source's word alone would not. */
export const provenBy = ({ shape }: Draft, told: ReplyDecision): ReplyDecision =>
  told.isReply === false && shape.port !== null && isEphemeral(shape.port)
    ? (replyByFlags(shape) ?? told)
    : told;

/**
 * Of a record that does not tell, or is not to be believed alone; its connection's other records may tell.
 * @param style of the stream
 */
export function doubtfulReply(
  style: ReplyStyle,
  draft: Draft,
  told: ReplyDecision | null,
): Decided {
  const word = told ?? hintOf(draft);
  const { shape } = draft;
  if (told === null && word !== null) return doubtful(shape, unlessPortsDeny(word, shape));
  return doubtful(shape, word ?? (style === ReplyStyle.OLD ? REPORTED_FORWARD : null));
}
