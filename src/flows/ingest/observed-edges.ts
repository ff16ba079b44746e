import { plus } from '../edge.js';
import { graverOf, type ObservedVerdict } from '../flow.js';
import type {
  CountingEnd,
  DnsAnswer,
  Doubt,
  FlowProtocol,
  Observation,
  ObservedPeer,
  ReplyBasis,
} from '../observation.js';
import { HOUR, hourOf } from '../time.js';
import type { Asked } from './resolved.js';

/** What is counted of connections. Numbers, since a batch never exceeds 2^53. */
export type Count = { events: number; connections: number | null; bytes: number | null };

type EndSums = Readonly<Record<CountingEnd, Count>>;

const newCount = (): Count => ({ events: 0, connections: null, bytes: null });

/** Counts of one hour (its start in microseconds) and observed verdict. */
export type HourCount = Count & {
  readonly hour: number;
  readonly verdict: ObservedVerdict;
  /** Of the records that are counted here. */
  firstSeen: number;
  lastSeen: number;
  /** What the ends counted themselves, beside all other counts; null: nothing. */
  ends: EndSums | null;
};

/** Sum over the records of one edge. Times in microseconds. */
export type EdgeSum = Count & {
  firstSeen: number;
  lastSeen: number;
  /** The latest. */
  verdict: ObservedVerdict;
  servicePort: number | null;
  trafficClass: string;
  directionKnown: boolean;
  basis: ReplyBasis;
  /** As JSON: the policies that the latest record that names any does, and its time. */
  policies: string | null;
  policiesAt: number;
  /** One for each hour and verdict; nearly always one in all. */
  readonly hours: HourCount[];
};

/** One end of a chunk's records, as the reader knew it at the chunk's end: a later record may tell more of it. */
export type SeenPeer = {
  readonly peer: ObservedPeer;
  readonly place: number;
  /** Of the chunk, in microseconds. */
  earliest: number;
  latest: number;
  readonly labels: ObservedPeer['labels'];
  readonly workload: ObservedPeer['workload'];
  /** The port that all records of this piece ask; null: who it is does not depend on it. */
  readonly asked: Asked | null;
  /** Who had its address in turn while the records of this piece went on, so that nothing tells whose they are; null: one had. */
  readonly between: string | null;
};

/** The sum of a chunk's records between two ends as they were observed. */
export type ObservedEdge = EdgeSum & {
  /** Among the edges of its chunk. */
  readonly place: number;
  /** Places in `ends`. */
  readonly source: number;
  readonly destination: number;
  readonly port: number | null;
  readonly protocol: FlowProtocol;
  /** Of all of its records alike; null: they prove who asked whom. */
  readonly doubt: Doubt | null;
  /** Between the same ends, with another port or protocol. */
  readonly next: ObservedEdge | null;
  /** Of ends that are told by an address or labels, which may be another's within the chunk; else null. */
  readonly records: Counted[] | null;
};

/** What a chunk adds up to before anybody knows who its ends are: a small part of what its records take. */
export type ObservedEdges = {
  readonly ends: readonly SeenPeer[];
  /** In the order of their first records. */
  readonly edges: readonly ObservedEdge[];
  readonly listeners: readonly SeenListener[];
  readonly answers: readonly SeenAnswer[];
};

/** What a client was told by DNS. */
export type SeenAnswer = Omit<DnsAnswer, 'client'> & {
  /** A place in `ends`. */
  readonly end: number;
};

/** An end that answered in records that are no flows. */
export type SeenListener = {
  /** A place in `ends`. */
  readonly end: number;
  readonly port: number;
  readonly protocol: FlowProtocol;
};

/** A window record longer than this counts in its first hours only: no source aggregates over more. */
export const LONGEST_WINDOW_HOURS = 48;

export function addCount(sum: Count, { events, connections, bytes }: Count): void {
  sum.events = Math.min(sum.events + events, Number.MAX_SAFE_INTEGER);
  sum.connections = plus(sum.connections, connections);
  sum.bytes = plus(sum.bytes, bytes);
}

/** Adds what the ends counted themselves. */
export function addEnds(sum: HourCount, { SOURCE, DESTINATION }: EndSums): void {
  sum.ends ??= { SOURCE: newCount(), DESTINATION: newCount() };
  addCount(sum.ends.SOURCE, SOURCE);
  addCount(sum.ends.DESTINATION, DESTINATION);
}

type Times = { readonly firstSeen: number; readonly lastSeen: number };

/** Adds what was counted between two times. */
export function addToHour(sum: HourCount, counted: Count & Times): void {
  addCount(sum, counted);
  if (counted.firstSeen < sum.firstSeen) sum.firstSeen = counted.firstSeen;
  if (counted.lastSeen > sum.lastSeen) sum.lastSeen = counted.lastSeen;
}

/** The counts of an hour and verdict; made where there are none. */
export function hourCount(hours: HourCount[], hour: number, verdict: ObservedVerdict): HourCount {
  for (const one of hours) if (one.hour === hour && one.verdict === verdict) return one;
  const made: HourCount = {
    hour,
    verdict,
    firstSeen: Number.MAX_SAFE_INTEGER,
    lastSeen: 0,
    events: 0,
    connections: null,
    bytes: null,
    ends: null,
  };
  hours.push(made);
  return made;
}

/** What an end counted itself stands apart: which of both ends counted more is not known before it is stored. */
function addOwn(sum: HourCount, counted: Counted, end: CountingEnd): void {
  const { firstSeen, lastSeen } = counted;
  addToHour(sum, { firstSeen, lastSeen, ...newCount() });
  addEnds(sum, { SOURCE: newCount(), DESTINATION: newCount(), [end]: counted });
}

/** The first hour of a record has its counts; the further hours that it spans show only that it was there. */
function addHours(hours: HourCount[], observation: Counted): void {
  const { firstSeen, lastSeen, verdict, countedBy } = observation;
  const first = hourOf(firstSeen);
  const sum = hourCount(hours, first, verdict);
  if (countedBy === null) addToHour(sum, observation);
  else addOwn(sum, observation, countedBy);
  const last = Math.min(hourOf(lastSeen), first + LONGEST_WINDOW_HOURS * HOUR);
  for (let hour = first + HOUR; hour <= last; hour += HOUR) hourCount(hours, hour, verdict);
}

type Last = Pick<EdgeSum, 'lastSeen' | 'verdict'>;

/** What was said last; of two at one time the graver, so that their order does not matter. */
export function keepLast(sum: Last, { lastSeen, verdict }: Last): void {
  if (lastSeen > sum.lastSeen) sum.verdict = verdict;
  else if (lastSeen === sum.lastSeen) sum.verdict = graverOf(sum.verdict, verdict);
  sum.lastSeen = Math.max(sum.lastSeen, lastSeen);
}

/** What a record adds to its edge. */
export type Counted = Count & Pick<Observation, 'firstSeen' | 'lastSeen' | 'verdict' | 'countedBy'>;

export function addRecord(sum: ObservedEdge, observation: Counted): void {
  if (observation.firstSeen < sum.firstSeen) sum.firstSeen = observation.firstSeen;
  keepLast(sum, observation);
  if (observation.countedBy === null) addCount(sum, observation);
  addHours(sum.hours, observation);
  if (sum.records !== null) sum.records.push(observation);
}

/** The part of an edge that some of its records make, between other ends. */
export function partOf(
  edge: ObservedEdge,
  records: readonly Counted[],
  source: number,
  destination: number,
): ObservedEdge {
  const [first, ...others] = records;
  if (first === undefined) throw new Error('a part of an edge has records');
  const { firstSeen, lastSeen, verdict } = first;
  const none = { events: 0, connections: null, bytes: null, hours: [], records: null, next: null };
  const part = { ...edge, ...none, source, destination, firstSeen, lastSeen, verdict };
  for (const record of [first, ...others]) addRecord(part, record);
  return part;
}

type Named = Pick<EdgeSum, 'policies' | 'policiesAt'>;

/** Keeps the later of two namings; of two at one time the greater text, so that their order does not matter. */
export function keepLatest(sum: Named, other: Named): void {
  const isLater =
    other.policiesAt > sum.policiesAt ||
    (other.policiesAt === sum.policiesAt && (other.policies ?? '') > (sum.policies ?? ''));
  if (other.policies !== null && isLater) Object.assign(sum, named(other));
}

const named = ({ policies, policiesAt }: Named): Named => ({ policies, policiesAt });
