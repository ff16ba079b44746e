import { readingOf } from '../decide/side.js';
import { namedBy, type Workload, workloadsByClass } from '../map/workloads.js';
import { Direction } from '../policy.js';
import { NOTHING } from '../ports/traffic.js';
import type { Row } from '../rows/row.js';
import { type Difference, differences, type State, sameFacts, type Union } from './union.js';

/** A pair of places in the union. */
export type ChangedPair = {
  readonly source: number;
  readonly destination: number;
  readonly difference: Difference;
};

const workloadIn = ({ workloads, inward }: State, place: number): Workload | undefined =>
  workloads[inward[place] ?? -1];

function between(state: State, source: number, destination: number): number {
  const from = workloadIn(state, source);
  const to = workloadIn(state, destination);
  return from === undefined || to === undefined
    ? NOTHING
    : state.allowed.between(from.podClass, to.podClass);
}

const rowIn = (state: State, direction: Direction, place: number): Row | null => {
  const workload = workloadIn(state, place);
  return workload === undefined ? null : state.allowed.row(direction, workload.podClass);
};

/** Peers towards which this state's row alone may say something: null stands for all. */
function namedIn(state: State, row: Row | null): readonly number[] | null {
  if (row === null) return [];
  if (state.allowed.allowsRest(row)) return null;
  return namedBy(state.compiled, row).map(place => state.outward[place] ?? -1);
}

const sameRest = (one: Row | null, other: Row | null): boolean =>
  one !== null && other !== null && one.rest.join() === other.rest.join();

/** Peers towards which two rows can differ. */
function peersToAsk({ peers, before, after }: Union, one: Row | null, other: Row | null) {
  if (sameFacts(before.compiled, after.compiled) && sameRest(one, other)) {
    const named = [one, other].flatMap(row => (row === null ? [] : namedBy(before.compiled, row)));
    return new Set(named);
  }
  const was = namedIn(before, one);
  const is = namedIn(after, other);
  return was === null || is === null ? peers.keys() : new Set([...was, ...is]);
}

/** Places whose row of a direction is not the same in both states. */
export type ChangedPlaces = Readonly<Record<Direction, readonly number[]>>;

export const changedPlaces = (union: Union): ChangedPlaces => ({
  INGRESS: placesChangedIn(union, Direction.INGRESS),
  EGRESS: placesChangedIn(union, Direction.EGRESS),
});

function placesChangedIn({ peers, before, after }: Union, direction: Direction): readonly number[] {
  if (!sameFacts(before.compiled, after.compiled)) return [...peers.keys()];
  const was = before.compiled.engine.listOf[direction];
  const is = after.compiled.engine.listOf[direction];
  const { index } = before.compiled.engine;
  const byClass = workloadsByClass(before.compiled);
  const seesHosts = readingOf(before.compiled).hostsAsPods;
  const places: number[] = [];
  for (let id = 0; id < was.length; id++) {
    if (was[id] === is[id]) continue;
    // No policy selects a hostNetwork pod in mode `nodes`.
    if (index.classes[id]?.hostNetwork === true && !seesHosts) continue;
    places.push(...(byClass[id] ?? []));
  }
  return places;
}

/** All pairs of workloads whose connections differ; only those that a changed row concerns are looked at. */
export function changedPairs(union: Union, places: ChangedPlaces): readonly ChangedPair[] {
  const { peers, before, after } = union;
  const compare = differences(union);
  const found = new Map<number, ChangedPair>();
  const ask = (source: number, destination: number): void => {
    if (source === destination) return;
    const was = between(before, source, destination);
    const difference = compare(was, between(after, source, destination));
    if (difference === null) return;
    found.set(source * peers.length + destination, { source, destination, difference });
  };
  const rowsAt = (direction: Direction, place: number) =>
    [rowIn(before, direction, place), rowIn(after, direction, place)] as const;
  for (const source of places.EGRESS) {
    const rows = rowsAt(Direction.EGRESS, source);
    for (const destination of peersToAsk(union, ...rows)) ask(source, destination);
  }
  for (const destination of places.INGRESS) {
    const rows = rowsAt(Direction.INGRESS, destination);
    for (const source of peersToAsk(union, ...rows)) ask(source, destination);
  }
  return [...found.values()];
}
