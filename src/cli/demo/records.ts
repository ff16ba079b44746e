import { type Chance, chanceOf, oneOf, wholeBelow } from './chance.js';
import { jobPodName, podsOf, workloadNamed } from './pods.js';
import { type DemoEdge, type DemoEnd, isRunning, Rhythm } from './traffic.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Half-open, in milliseconds since 1970, both whole hours. */
export type Span = { readonly from: number; readonly to: number };

export type Stretch = Span & {
  /** A record each so many hours. */
  readonly every: number;
};

const textOf = (at: number): string => new Date(at).toISOString();

/** A pod of a workload (another than the one excepted), or what is outside, as a neutral record writes it. */
const peerOf = (end: DemoEnd, at: number, chance: Chance, except: object | null = null): object => {
  if (typeof end !== 'string') {
    return end.dnsName === null ? { ip: end.ip } : { ip: end.ip, dnsName: end.dnsName };
  }
  if (isRunning(end)) {
    const taken = except !== null && 'pod' in except ? except.pod : null;
    const others = podsOf(end).filter(({ name }) => name !== taken);
    const { workload, name, ip } = oneOf(chance, others.length === 0 ? podsOf(end) : others);
    return { namespace: workload.namespace, pod: name, ip };
  }
  const workload = workloadNamed(end);
  return { namespace: workload.namespace, pod: jobPodName(workload, at) };
};

/** From a fifth at four in the morning to all at four in the afternoon. */
const busyness = (at: number): number => {
  const hour = new Date(at).getUTCHours();
  return 0.6 - 0.4 * Math.cos(((hour - 4) / 24) * 2 * Math.PI);
};

/** NCCL's listeners take ports from the range of the system, others with each run. */
const dynamicPort = (chance: Chance): number => 40_000 + 137 * wholeBelow(chance, 24);

const nameOf = (end: DemoEnd): string => (typeof end === 'string' ? end : end.ip);

const seedOf = ({ source, destination, port, protocol }: DemoEdge, hour: number): string =>
  `${nameOf(source)} ${nameOf(destination)} ${port} ${protocol} ${hour}`;

type Hour = { readonly at: number; readonly chance: Chance };

const connectionsOf = (edge: DemoEdge, { at, chance }: Hour): number => {
  const share = edge.rhythm === Rhythm.NIGHTLY ? 1 : busyness(at);
  return Math.max(1, Math.round(edge.connections * share * (0.8 + 0.4 * chance())));
};

/** One window of an edge's traffic, within one hour. */
const windowRecord = (edge: DemoEdge, hour: Hour): object => {
  const { at, chance } = hour;
  const connections = connectionsOf(edge, hour);
  const first = at + wholeBelow(chance, 10 * MINUTE);
  const last = first + 20 * MINUTE + wholeBelow(chance, 29 * MINUTE);
  const source = peerOf(edge.source, at, chance);
  return {
    firstSeen: textOf(first),
    lastSeen: textOf(last),
    source,
    destination: peerOf(edge.destination, at, chance, source),
    port: edge.port ?? dynamicPort(chance),
    protocol: edge.protocol,
    verdict: edge.verdict,
    connections,
    events: connections,
    bytes: connections * (400 + wholeBelow(chance, 4_000)),
    reporter: 'SOURCE',
  };
};

/** What goes back on a connection: another record of it, and no flow of its own. */
const replyRecord = (edge: DemoEdge, { at, chance }: Hour): object => ({
  time: textOf(at + 30 * MINUTE),
  source: peerOf(edge.destination, at, chance),
  destination: peerOf(edge.source, at, chance),
  port: 32_768 + wholeBelow(chance, 20_000),
  protocol: edge.protocol,
  verdict: edge.verdict,
  isReply: true,
});

/** A reply is written for one of so many windows. */
const REPLIES = 8;

const recordsOfHour = (edge: DemoEdge, at: number): readonly object[] => {
  const hour = { at, chance: chanceOf(seedOf(edge, at / HOUR)) };
  const record = windowRecord(edge, hour);
  const answered = edge.verdict === 'ALLOWED' && wholeBelow(hour.chance, REPLIES) === 0;
  return answered ? [record, replyRecord(edge, hour)] : [record];
};

/** Edges of a sparse stretch take turns, so that no hour is without records. */
const turnOf = (edge: DemoEdge, every: number): number =>
  wholeBelow(chanceOf(seedOf(edge, 0)), every);

const hoursOf = ({ from, to, every }: Stretch): readonly number[] =>
  Array.from(
    { length: Math.ceil((to - from) / HOUR / every) },
    (_, index) => from + index * every * HOUR,
  );

const nightsOf = ({ from, to }: Span): readonly number[] =>
  hoursOf({ from, to, every: 1 }).filter(at => new Date(at).getUTCHours() === 2);

/**
 * Neutral records of all edges over a stretch of time, one JSON line each, in the order of time. The same stretch
 * gives the same bytes.
 */
export const recordLines = (edges: readonly DemoEdge[], stretch: Stretch): readonly string[] => {
  const timed = edges.flatMap(edge => {
    const from = stretch.from + turnOf(edge, stretch.every) * HOUR;
    const hours =
      edge.rhythm === Rhythm.NIGHTLY ? nightsOf(stretch) : hoursOf({ ...stretch, from });
    return hours.map(at => ({ at, edge }));
  });
  return timed
    .toSorted((one, other) => one.at - other.at)
    .flatMap(({ at, edge }) => recordsOfHour(edge, at))
    .map(record => JSON.stringify(record));
};
