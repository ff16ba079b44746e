import { ObservedVerdict } from '../flow.js';
import { NoticeCode, PeerHint, type Reading, SkipReason } from '../observation.js';
import { isDiscard } from './class.js';
import { enumOf, objectOf, toldCount } from './coerce.js';
import {
  type FlowFormat,
  learnListener,
  newTally,
  notice,
  type ObservationReader,
  type ReaderOptions,
  readingOf,
  reject,
  skip,
} from './format.js';
import { disagreeing } from './hubble-book.js';
import { draftOf } from './hubble-draft.js';
import { FLOW_TYPES, type HubbleFlow } from './hubble-flow.js';
import { observationOf } from './hubble-observation.js';
import { isUntrackedPoint } from './hubble-packet.js';
import { doubtfulReply, isDoubtful, provenBy, replyOfRecord, styleAfter } from './hubble-reply.js';
import { CAMEL_FIELDS, spelled, spelledEvent } from './hubble-spelling.js';
import { boundMemory, type Draft, newStream, type Stream } from './hubble-stream.js';
import { isUnexplained, verdictOf } from './hubble-verdict.js';
import { badCount } from './number-fault.js';
import type { JsonObject, RawRecord } from './record.js';
import { dropRefused } from './refused-packet.js';
import { type Decided, isListeningShown, sure } from './reply.js';
import { specialPeer } from './special-address.js';

const DNS_PORT = 53;

/** The node's DNS proxy asks for a pod whose own record is there too. */
const isNodeDns = ({ source, destination, shape }: Draft): boolean =>
  shape.port === DNS_PORT &&
  source.kind === PeerHint.NODE &&
  (destination.kind === PeerHint.POD || destination.kind === PeerHint.WORKLOAD);

const skipReasonOf = (draft: Draft): SkipReason | null => {
  const { flow, shape, point } = draft;
  if (isNodeDns(draft)) return SkipReason.NODE_DNS_PROXY;
  if (isDiscard(shape.protocol, shape.port)) return SkipReason.DISCARD_PORT;
  const special = specialPeer(draft.source, draft.destination, shape.port);
  if (special !== null) return special;
  const isUntold = typeof flow.is_reply !== 'boolean' && flow.reply !== true;
  return isUntold && isUntrackedPoint(point) ? SkipReason.REPLY_UNKNOWN_OVERLAY : null;
};

const takeReply = (stream: Stream, { source, shape, time }: Draft, decided: Decided): void => {
  skip(stream.tally, SkipReason.REPLY, time);
  const { sourcePort: port, protocol } = shape;
  if (port !== null && isListeningShown(decided, port))
    learnListener(stream.tally, { peer: source, port, protocol, at: time });
};

const finish = (stream: Stream, draft: Draft, decision: Decided): void => {
  if (decision.isReply === true && decision.doubt === null) takeReply(stream, draft, decision);
  else stream.tally.observations.push(observationOf(stream.packets, draft, decision));
};

const decide = (stream: Stream, draft: Draft): void => {
  const told = replyOfRecord(draft.flow, draft.shape);
  if (told !== null && (told.isReply === true || !isDoubtful(draft)))
    finish(stream, draft, sure(provenBy(draft, told)));
  else stream.held.push({ draft, told });
};

const UNEXPLAINED_DROP = {
  code: NoticeCode.DROP_UNEXPLAINED,
  message:
    'packets were dropped and no reason is told: they count as failed, though a policy may have denied them',
  hint: "let the exporter's field mask keep `drop_reason_desc` and `event_type`",
};

const UNTOLD_PROTOCOL = {
  code: NoticeCode.PROTOCOL_UNTOLD,
  message:
    'flows have no `l4`: their protocol and port are not told, they are kept as of another protocol, and no rule is made for them',
  hint: "let the exporter's field mask keep `l4`; fragments, and protocols that Hubble does not know, have none",
};

const takeFlow = (stream: Stream, flow: HubbleFlow, envelope: JsonObject, line: number): void => {
  const verdict = verdictOf(flow);
  if (verdict === null || enumOf(flow.Type, FLOW_TYPES) === 'SOCK') {
    skip(stream.tally, SkipReason.NOT_A_FLOW);
    return;
  }
  if (verdict === ObservedVerdict.ERROR && isUnexplained(flow))
    notice(stream.tally, { line, ...UNEXPLAINED_DROP });
  if (flow.l4 == null) notice(stream.tally, { line, ...UNTOLD_PROTOCOL });
  stream.style = styleAfter(stream.style, flow);
  const draft = draftOf(stream, { flow, envelope, line, verdict });
  if (draft === null) return;
  const reason = skipReasonOf(draft);
  if (reason !== null) skip(stream.tally, reason, draft.time);
  else decide(stream, draft);
};

/** Lines of a Hubble stream that hold no flow. */
const OTHER_EVENTS = [
  ['node_status', SkipReason.NODE_STATUS],
  ['agent_event', SkipReason.AGENT_EVENT],
  ['debug_event', SkipReason.DEBUG_EVENT],
] as const;

/** Fields that no other source's records have. */
const BARE_FIELDS = [
  ...OTHER_EVENTS.map(([field]) => field),
  'lost_events',
  'event_type',
  'traffic_direction',
  'is_reply',
  'trace_observation_point',
  ...CAMEL_FIELDS,
] as const;

const takeLost = (stream: Stream, lost: JsonObject, line: number): void => {
  const count = toldCount(lost['num_events_lost']) ?? 0;
  if (Number.isNaN(count)) {
    const path = 'lost_events.num_events_lost';
    reject(stream.tally, line, badCount(path), path);
    return;
  }
  stream.tally.lost = Math.min(stream.tally.lost + count, Number.MAX_SAFE_INTEGER);
  skip(stream.tally, SkipReason.LOST_EVENTS);
};

const takeOther = (stream: Stream, value: JsonObject, line: number): void => {
  const lost = objectOf(value['lost_events']);
  if (lost !== null) {
    takeLost(stream, lost, line);
    return;
  }
  const event = OTHER_EVENTS.find(([field]) => value[field] !== undefined);
  if (event !== undefined) skip(stream.tally, event[1]);
  else
    reject(
      stream.tally,
      line,
      {
        code: 'NOT_HUBBLE',
        message: 'record has no `flow`, and none of the fields of a flow',
        hint: 'write the file with `hubble observe -o jsonpb`, or name the format that it has',
      },
      null,
    );
};

/** A flow without its envelope, as Hubble before 0.11 wrote it. */
const isBareFlow = (value: JsonObject): boolean =>
  value['verdict'] !== undefined || value['l4'] !== undefined || value['IP'] !== undefined;

/** Other logs have an `event_type` that is a word; our own record has `isReply`, and a `protocol` beside it. */
const isBare = (value: JsonObject): boolean =>
  typeof value['protocol'] !== 'string' &&
  typeof value['event_type'] !== 'string' &&
  BARE_FIELDS.some(field => value[field] !== undefined);

/** Calico's Goldmane wraps a flow in `flow` too. */
const isHubble = (value: JsonObject): boolean => {
  const wrapped = objectOf(value['flow']);
  if (wrapped !== null) return wrapped['Key'] === undefined;
  return value['l4'] !== undefined || value['IP'] !== undefined || isBare(value);
};

const push = (stream: Stream, record: RawRecord): void => {
  if (record.fault !== null) {
    reject(stream.tally, record.line, record.fault, null);
    return;
  }
  const { value, line } = record;
  const wrapped = objectOf(value['flow']);
  if (wrapped !== null) takeFlow(stream, spelled(wrapped), value, line);
  else if (isBareFlow(value)) takeFlow(stream, spelled(value), value, line);
  else takeOther(stream, spelledEvent(value), line);
};

const take = (stream: Stream): Reading => {
  for (const { draft, told } of stream.held)
    finish(stream, draft, doubtfulReply(stream.style, draft, told));
  const { tally } = stream;
  dropRefused(stream.refused, tally);
  const clusterNames = disagreeing([...stream.books.values()]);
  stream.held = [];
  stream.tally = newTally();
  boundMemory(stream);
  return clusterNames === null ? readingOf(tally) : { ...readingOf(tally), clusterNames };
};

/**
 * Reads Hubble's flows: `hubble observe -o jsonpb`, exporter files, bare flows, Retina's and AKS's.
 *
 * What a record leaves open is told by its stream: labels of pods, DNS answers, and whether there is an
 * `is_reply`, and who was seen to listen. Records that wait for it wait until the end of their chunk, never
 * longer; a stream whose first chunk has no `is_reply` is read as an old one's until one shows up.
 */
const open = (options: ReaderOptions): ObservationReader => {
  const stream = newStream(options);
  return { push: record => push(stream, record), take: () => take(stream) };
};

export const hubble: FlowFormat = {
  name: 'hubble',
  aliases: ['cilium', 'retina', 'acns'],
  about: 'Cilium Hubble, Microsoft Retina and AKS flow logs as JSON lines',
  claims: ({ value }) => value !== null && isHubble(value),
  open,
};
