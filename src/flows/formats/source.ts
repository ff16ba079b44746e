import {
  type Observation,
  type ObservedPeer,
  PeerHint,
  type Reading,
  SkipReason,
} from '../observation.js';
import { type TimeParser, timeParser } from '../time.js';
import { isDiscard, trafficClassOf } from './class.js';
import { type Candidate, decide, isService } from './direction.js';
import {
  type FlowFormat,
  learnListener,
  newTally,
  type ReaderOptions,
  readingOf,
  reject,
  skip,
  type Tally,
} from './format.js';
import { faultOfPeer } from './name-fault.js';
import { faultOfNumbers } from './number-fault.js';
import { newPeer } from './peer.js';
import type { Fault, RawRecord } from './record.js';
import { type Decided, isListeningShown } from './reply.js';
import { countReport, newReportedTwice, type ReportedTwice } from './reported-twice.js';
import { specialPeer } from './special-address.js';
import { type SourceTrust, Trust } from './trust.js';

/** What the records of one stream have told so far. */
export type SourceStream = {
  readonly trust: SourceTrust;
  readonly peers: Map<string, ObservedPeer>;
  readonly reports: ReportedTwice;
  readonly parseTime: TimeParser;
  readonly receivedAt: number;
  /** Records of this chunk. */
  held: Candidate[];
  tally: Tally;
};

const newSourceStream = (trust: SourceTrust, { receivedAt }: ReaderOptions): SourceStream => ({
  trust,
  peers: new Map(),
  reports: newReportedTwice(),
  parseTime: timeParser(),
  receivedAt,
  held: [],
  tally: newTally(),
});

export const refuse = (
  stream: SourceStream,
  line: number,
  fault: Fault,
  path: string | null = null,
): null => {
  reject(stream.tally, line, fault, path);
  return null;
};

export const pass = (stream: SourceStream, reason: SkipReason): null => {
  skip(stream.tally, reason);
  return null;
};

/** The one object of a peer, by a key that tells it from all others of the stream. */
export const peerFor = (
  { peers }: SourceStream,
  key: string,
  make: () => ObservedPeer,
): ObservedPeer => {
  const known = peers.get(key);
  if (known !== undefined) return known;
  const peer = make();
  // What one record says wrongly is not taken over by the others that name the same peer.
  if (faultOfPeer(peer) === null) peers.set(key, peer);
  return peer;
};

/** Who is known by an address alone: attribution decides with the inventory. */
export const addressPeer = (stream: SourceStream, ip: string): ObservedPeer =>
  peerFor(stream, ip, () => newPeer(PeerHint.UNKNOWN, { ip }));

/** Takes a record: at once what can be no flow, the rest when its chunk is whole. */
export const offer = (stream: SourceStream, candidate: Candidate): void => {
  const fault = faultOfNumbers(candidate);
  if (fault !== null) {
    reject(stream.tally, candidate.line, fault, fault.path);
    return;
  }
  const { source, destination, protocol, port } = candidate;
  const reason = isDiscard(protocol, port)
    ? SkipReason.DISCARD_PORT
    : specialPeer(source, destination, port);
  if (reason !== null) {
    skip(stream.tally, reason, candidate.firstSeen);
    return;
  }
  stream.held.push(candidate);
};

/** Zero is a port that was left out. */
const portOf = (port: number | null): number | null => (port === 0 ? null : port);

const observationOf = (
  stream: SourceStream,
  candidate: Candidate,
  { isReply, basis, doubt }: Decided,
): Observation => {
  const { source, destination, protocol, sharedKey, sharedBy } = candidate;
  const counted =
    sharedKey === null ? candidate : countReport(stream.reports, sharedKey, sharedBy, candidate);
  const reached = portOf(candidate.port);
  const before = isService(destination);
  return {
    firstSeen: candidate.firstSeen,
    lastSeen: candidate.lastSeen,
    source,
    destination,
    port: before ? null : reached,
    servicePort: before ? reached : portOf(candidate.servicePort),
    protocol,
    verdict: candidate.verdict,
    connections: counted.connections,
    events: counted.events,
    bytes: counted.bytes,
    direction: candidate.direction,
    reporter: candidate.reporter,
    countedBy: candidate.countedBy,
    isReply,
    replyBasis: basis,
    doubt,
    trafficClass: trafficClassOf({ source, destination, port: reached, protocol }),
    sourcePort: portOf(candidate.sourcePort),
    policies: candidate.policies,
    recordId: stream.trust.ids.trust === Trust.FULL ? candidate.recordId : null,
    line: candidate.line,
  };
};

/** What answers is no flow, and shows who listens. */
const takeReply = (stream: SourceStream, candidate: Candidate, decided: Decided): void => {
  skip(stream.tally, SkipReason.REPLY, candidate.firstSeen);
  const { source: peer, protocol, firstSeen: at } = candidate;
  const port = portOf(candidate.sourcePort);
  if (port !== null && !isService(peer) && isListeningShown(decided, port))
    learnListener(stream.tally, { peer, port, protocol, at });
};

const settle = (stream: SourceStream): void => {
  for (const candidate of stream.held) {
    const decision = decide(candidate, stream.trust.reply.trust);
    if (decision.isReply === true && decision.doubt === null)
      takeReply(stream, candidate, decision);
    else stream.tally.observations.push(observationOf(stream, candidate, decision));
  }
  stream.held = [];
};

/** Peers kept in memory between chunks. */
const MOST_PEERS = 200_000;

const take = (stream: SourceStream): Reading => {
  settle(stream);
  const { tally } = stream;
  stream.tally = newTally();
  if (stream.peers.size > MOST_PEERS) stream.peers.clear();
  return readingOf(tally);
};

type Source<State> = Omit<FlowFormat, 'open'> & {
  readonly trust: SourceTrust;
  /** What the reader of one stream remembers beside the stream's own memory. */
  readonly remember: () => State;
  readonly read: (stream: SourceStream, record: RawRecord, state: State) => void;
  /** Before a chunk is whole: what the reader still holds. */
  readonly flush?: (stream: SourceStream, state: State) => void;
};

/** A format of records that stand for themselves; their direction is decided with the rest of their stream. */
export const sourceFormat = <State>({
  trust,
  remember,
  read,
  flush,
  ...named
}: Source<State>): FlowFormat => ({
  ...named,
  open: options => {
    const stream = newSourceStream(trust, options);
    const state = remember();
    return {
      push: record => read(stream, record, state),
      take: () => {
        flush?.(stream, state);
        return take(stream);
      },
    };
  },
});
