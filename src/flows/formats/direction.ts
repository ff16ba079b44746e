import type { ObservedPolicy, ObservedVerdict } from '../flow.js';
import {
  type CountingEnd,
  type FlowDirection,
  FlowProtocol,
  type ObservedPeer,
  PeerHint,
  type Reporter,
} from '../observation.js';
import {
  FLAGGED_FORWARD,
  FLAGGED_REPLY,
  inferReply,
  PAIRED_FORWARD,
  PAIRED_REPLY,
  type ReplyDecision,
  replyByFlags,
  SERVICE_FORWARD,
  SERVICE_REPLY,
} from './reply.js';
import {
  type Ends,
  learnPair,
  learnServer,
  type Servers,
  serverByFacts,
  serverByPairs,
} from './servers.js';
import { Trust } from './trust.js';

/** A record of a source whose ends are known, and whose direction may not be. */
export type Candidate = {
  readonly line: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly source: ObservedPeer;
  readonly destination: ObservedPeer;
  /** Addresses of the packet; null where the source aggregates them away. */
  readonly sourceIp: string | null;
  readonly destinationIp: string | null;
  readonly sourcePort: number | null;
  /** As the packet had it: the Service's port where the destination is a Service. */
  readonly port: number | null;
  /** Where it is told beside the pod's port. */
  readonly servicePort: number | null;
  readonly protocol: FlowProtocol;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly icmpType: number | null;
  readonly verdict: ObservedVerdict;
  readonly events: number;
  readonly connections: number | null;
  readonly bytes: number | null;
  readonly direction: FlowDirection;
  readonly reporter: Reporter;
  /** The source's own word; it counts as far as the source is trusted. */
  readonly told: ReplyDecision | null;
  readonly policies: readonly ObservedPolicy[] | null;
  readonly recordId: string | null;
  /** The end that counted it, where records of both ends count the same; null: not told, or no end's own count. */
  readonly countedBy: CountingEnd | null;
  /** What several reports of one conversation have in common; null: each record counts. */
  readonly sharedKey: string | null;
  /** Which of them it is. */
  readonly sharedBy: string;
};

const endsOf = ({ sourceIp, destinationIp, sourcePort, port }: Candidate): Ends | null =>
  sourceIp === null || destinationIp === null || sourcePort === null || port === null
    ? null
    : { sourceIp, destinationIp, sourcePort, port };

export const isService = ({ kind }: ObservedPeer): boolean => kind === PeerHint.SERVICE;

const byService = ({ source, destination }: Candidate): ReplyDecision | null => {
  if (isService(destination) === isService(source)) return null;
  return isService(destination) ? SERVICE_FORWARD : SERVICE_REPLY;
};

/** What the record itself proves. */
const decisionOf = (candidate: Candidate, trust: Trust): ReplyDecision | null => {
  if (trust === Trust.FULL && candidate.told !== null) return candidate.told;
  return replyByFlags(candidate) ?? byService(candidate);
};

/** Teaches who was seen to ask whom. */
export const learn = (servers: Servers, candidate: Candidate, trust: Trust): void => {
  const known = decisionOf(candidate, trust);
  const ends = endsOf(candidate);
  if (ends === null) return;
  learnPair(servers, ends, candidate.protocol);
  if (known?.isReply === false) learnServer(servers, ends.destinationIp, ends.port);
  if (known?.isReply === true) learnServer(servers, ends.sourceIp, ends.sourcePort);
};

const decided = (
  asked: boolean | null,
  forward: ReplyDecision,
  reply: ReplyDecision,
): ReplyDecision | null => (asked === null ? null : asked ? forward : reply);

/**
 * Facts before guesses: the source's word where it is trusted, flags, a Service's address, what the
 * stream has shown to listen, the source's word where it is not contradicted, pairing, then ports.
 */
export const decide = (servers: Servers, candidate: Candidate, trust: Trust): ReplyDecision => {
  const own = decisionOf(candidate, trust);
  if (own !== null) return own;
  const ends = endsOf(candidate);
  const byFacts =
    ends === null ? null : decided(serverByFacts(servers, ends), FLAGGED_FORWARD, FLAGGED_REPLY);
  if (byFacts !== null) return byFacts;
  if (trust === Trust.CHECKED && candidate.told !== null) return candidate.told;
  const byPairs =
    ends === null
      ? null
      : decided(serverByPairs(servers, ends, candidate.protocol), PAIRED_FORWARD, PAIRED_REPLY);
  return byPairs ?? inferReply(candidate);
};

export const isPortless = (protocol: FlowProtocol): boolean =>
  protocol !== FlowProtocol.TCP && protocol !== FlowProtocol.UDP && protocol !== FlowProtocol.SCTP;
