import { enumOf, numberOf, objectOf } from './coerce.js';
import { EventType, type HubbleFlow, L7_TYPES, TRACE_REASONS } from './hubble-flow.js';
import {
  ASSUMED_FORWARD,
  inferReply,
  type PacketShape,
  REPORTED_FORWARD,
  REPORTED_REPLY,
  type ReplyDecision,
  replyByFlags,
  TRACKED_FORWARD,
  TRACKED_REPLY,
} from './reply.js';

/**
 * Whether the stream's records carry `is_reply`. Very old Hubble has only `reply`, left out when false.
 * What is found holds for the whole stream; `is_reply` beats `reply`, whenever it shows up.
 */
export const ReplyStyle = { UNKNOWN: 'unknown', OLD: 'old', THREE_VALUED: 'three-valued' } as const;
export type ReplyStyle = (typeof ReplyStyle)[keyof typeof ReplyStyle];

export const styleAfter = (style: ReplyStyle, flow: HubbleFlow): ReplyStyle => {
  if (style === ReplyStyle.THREE_VALUED || typeof flow.is_reply === 'boolean')
    return ReplyStyle.THREE_VALUED;
  return flow.reply === true ? ReplyStyle.OLD : style;
};

/** Retina presets `is_reply` to false, corrects it only where it tracks connections, and alone has `extensions`. */
const isRetina = ({ extensions }: HubbleFlow): boolean => objectOf(extensions) !== null;

/** A dropped packet has no `is_reply`: the first packet of a connection, if it is a SYN or has no flags. */
const replyOfDrop = (flow: HubbleFlow, shape: PacketShape): ReplyDecision | null => {
  const type = numberOf(flow.event_type?.type);
  if (type !== EventType.DROP && type !== EventType.POLICY_VERDICT) return null;
  if (flow.verdict !== 'DROPPED' && flow.verdict !== 2) return null;
  return replyByFlags(shape) ?? (shape.ack ? null : ASSUMED_FORWARD);
};

const replyByTrace = (flow: HubbleFlow): ReplyDecision | null => {
  switch (enumOf(flow.trace_reason, TRACE_REASONS)) {
    case 'NEW':
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

const reportedReply = (flow: HubbleFlow, shape: PacketShape): ReplyDecision => {
  if (flow.is_reply === true) return REPORTED_REPLY;
  const byFlags = shape.syn && shape.ack ? replyByFlags(shape) : null;
  if (byFlags !== null) return byFlags;
  if (!isRetina(flow)) return REPORTED_FORWARD;
  const inferred = inferReply(shape);
  return inferred.isReply === true ? inferred : REPORTED_FORWARD;
};

/** What the record itself tells; null: it depends on the stream's style. */
export const replyOfRecord = (flow: HubbleFlow, shape: PacketShape): ReplyDecision | null => {
  if (typeof flow.is_reply === 'boolean') return reportedReply(flow, shape);
  if (flow.reply === true) return REPORTED_REPLY;
  return replyOfDrop(flow, shape) ?? replyByL7(flow) ?? replyByTrace(flow);
};

/** Decides by the stream where the record does not tell. */
export const replyByStyle = (style: ReplyStyle, shape: PacketShape): ReplyDecision =>
  style === ReplyStyle.OLD ? (replyByFlags(shape) ?? REPORTED_FORWARD) : inferReply(shape);
