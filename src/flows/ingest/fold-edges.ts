import { type Edge, type EdgeHour, flowId, plus } from '../edge.js';
import type { ObservedVerdict } from '../flow.js';
import { METADATA_CLASS } from '../flow-view.js';
import type { Observation } from '../observation.js';
import { HOUR, timeText } from '../time.js';

/** An observation whose ends are known. `port` is the pod's, after a Service's port was translated. */
export type Attributed = {
  readonly observation: Observation;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  readonly metadata: boolean;
};

export type Folded = {
  readonly edges: readonly Edge[];
  readonly hours: readonly EdgeHour[];
};

type Count = { events: number; connections: number | null; bytes: number | null };

type Sum = Count & {
  readonly seen: Attributed;
  firstSeen: number;
  lastSeen: number;
  verdict: ObservedVerdict;
  servicePort: number | null;
  /** By hour and verdict. */
  readonly hours: Map<string, Count & { readonly hour: number; readonly verdict: ObservedVerdict }>;
};

/** A window record longer than this counts in its first hours only: no source aggregates over more. */
export const LONGEST_WINDOW_HOURS = 48;

const hourOf = (micros: number): number => micros - (micros % HOUR);

function add(count: Count, { events, connections, bytes }: Count): void {
  count.events += events;
  count.connections = plus(count.connections, connections);
  count.bytes = plus(count.bytes, bytes);
}

/** The first hour of a record has its counts; the further hours that it spans show only that it was there. */
function addHours(sum: Sum, { firstSeen, lastSeen, verdict, ...counts }: Observation): void {
  const last = Math.min(hourOf(lastSeen), hourOf(firstSeen) + LONGEST_WINDOW_HOURS * HOUR);
  for (let hour = hourOf(firstSeen); hour <= last; hour += HOUR) {
    const key = `${hour} ${verdict}`;
    let row = sum.hours.get(key);
    if (row === undefined) {
      row = { hour, verdict, events: 0, connections: null, bytes: null };
      sum.hours.set(key, row);
    }
    if (hour === hourOf(firstSeen)) add(row, counts);
  }
}

const sumOf = (seen: Attributed): Sum => ({
  seen,
  firstSeen: seen.observation.firstSeen,
  lastSeen: seen.observation.lastSeen,
  verdict: seen.observation.verdict,
  servicePort: null,
  hours: new Map(),
  events: 0,
  connections: null,
  bytes: null,
});

function take(sum: Sum, { observation }: Attributed): void {
  if (observation.firstSeen < sum.firstSeen) sum.firstSeen = observation.firstSeen;
  if (observation.lastSeen >= sum.lastSeen) {
    sum.lastSeen = observation.lastSeen;
    sum.verdict = observation.verdict;
  }
  sum.servicePort ??= observation.servicePort;
  add(sum, observation);
  addHours(sum, observation);
}

const edgeOf = (id: string, { seen, ...sum }: Sum): Edge => ({
  id,
  sourceId: seen.sourceId,
  destinationId: seen.destinationId,
  port: seen.port,
  protocol: seen.observation.protocol,
  servicePort: sum.servicePort,
  trafficClass: seen.metadata ? METADATA_CLASS : seen.observation.trafficClass,
  firstSeenAt: timeText(sum.firstSeen),
  lastSeenAt: timeText(sum.lastSeen),
  observedVerdict: sum.verdict,
  events: sum.events,
  connections: sum.connections,
  bytes: sum.bytes,
});

const hoursOf = (flow: string, { hours }: Sum): readonly EdgeHour[] =>
  [...hours.values()].map(({ hour, ...counts }) => ({
    flowId: flow,
    hour: timeText(hour),
    ...counts,
  }));

/** Adds up a batch to one row per edge, and one per edge, hour and verdict, so that the store sees each row once. */
export function foldEdges(batch: readonly Attributed[]): Folded {
  const sums = new Map<string, Sum>();
  for (const seen of batch) {
    const key = `${seen.sourceId}${seen.destinationId}${seen.port ?? ''}${seen.observation.protocol}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = sumOf(seen);
      sums.set(key, sum);
    }
    take(sum, seen);
  }
  const ids = [...sums.values()].map(
    sum =>
      [
        flowId(
          sum.seen.sourceId,
          sum.seen.destinationId,
          sum.seen.port,
          sum.seen.observation.protocol,
        ),
        sum,
      ] as const,
  );
  const edges = ids.map(([id, sum]) => edgeOf(id, sum));
  return { edges, hours: ids.flatMap(([id, sum]) => hoursOf(id, sum)) };
}
