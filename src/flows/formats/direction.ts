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
  type Decided,
  doubtful,
  type ReplyDecision,
  replyByFlags,
  SERVICE_FORWARD,
  SERVICE_REPLY,
  sure,
} from './reply.js';
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

/**
 * The source's word where it is trusted, flags, a Service's address; what is left open is told by the inventory, by what
 * other records prove, by the source's word where nothing contradicts it, by pairing, and only then by port numbers.
 */
export function decide(candidate: Candidate, trust: Trust): Decided {
  const own = decisionOf(candidate, trust);
  if (own !== null) return sure(own);
  return doubtful(candidate, trust === Trust.CHECKED ? candidate.told : null);
}

export const isPortless = (protocol: FlowProtocol): boolean =>
  protocol !== FlowProtocol.TCP && protocol !== FlowProtocol.UDP && protocol !== FlowProtocol.SCTP;
