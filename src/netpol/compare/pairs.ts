import type { ClassId } from '../compile/class-id.js';
import { readingOf } from '../decide/side.js';
import { namedBy, type Workload, workloadsByClass } from '../map/workloads.js';
import { Direction } from '../policy.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import { differingClasses, type Row, sameRest } from '../rows/row.js';
import { outcomesOf } from '../rows/rows.js';
import { type Difference, differences, type State, sameFamily, type Union } from './union.js';

/** A pair of places in the union. */
export type ChangedPair = {
  readonly source: number;
  readonly destination: number;
  readonly difference: Difference;
};

const workloadIn = ({ workloads, inward }: State, place: number): Workload | undefined =>
  workloads[inward[place] ?? -1];

function between(state: State, source: number, destination: number): TrafficId {
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

const areKin = ({ before, after }: Union): boolean => sameFamily(before.compiled, after.compiled);

/** Peers whose pods are of some class, in either state. */
const peersOf = ({ before, after }: Union, classes: readonly ClassId[]): ReadonlySet<number> =>
  new Set(
    [before, after].flatMap(({ compiled, outward }) => {
      const byClass = workloadsByClass(compiled);
      return classes.flatMap(id => (byClass[id] ?? []).map(place => outward[place] ?? -1));
    }),
  );

/** Peers towards which rows that treat the rest alike differ; found once for all subjects that share both rows. */
function differingPeers(union: Union) {
  const { engine } = union.after.compiled;
  const outcomes = outcomesOf(union.after.compiled);
  const known = new Map<Row, Map<Row, ReadonlySet<number>>>();
  return (one: Row, other: Row): ReadonlySet<number> => {
    const others = known.get(one) ?? new Map<Row, ReadonlySet<number>>();
    known.set(one, others);
    const before = others.get(other);
    if (before !== undefined) return before;
    // No row holds hostNetwork pods: they are always asked.
    const classes = [...differingClasses(engine, outcomes, one, other), ...engine.index.hosts];
    const peers = peersOf(union, classes);
    others.set(other, peers);
    return peers;
  };
}

/** Peers towards which two rows can differ. */
function peersToAsk(union: Union) {
  const { peers, before, after } = union;
  const kin = areKin(union);
  const differing = differingPeers(union);
  return (one: Row | null, other: Row | null): Iterable<number> => {
    if (kin && one !== null && other !== null && sameRest(one, other)) return differing(one, other);
    const was = namedIn(before, one);
    const is = namedIn(after, other);
    return was === null || is === null ? peers.keys() : new Set([...was, ...is]);
  };
}

/** Places in the union of which the two states can say different things. */
export type ChangedPlaces = Readonly<Record<Direction, readonly number[]>> & {
  /** Workloads of one state only, or whose pods are of another class: also what others' rows say of them can differ. */
  readonly moved: ReadonlySet<number>;
};

export function changedPlaces(union: Union): ChangedPlaces {
  const moved = movedPlaces(union);
  return {
    INGRESS: placesChangedIn(union, Direction.INGRESS, moved),
    EGRESS: placesChangedIn(union, Direction.EGRESS, moved),
    moved,
  };
}

function movedPlaces(union: Union): ReadonlySet<number> {
  const { peers, before, after } = union;
  if (!areKin(union) || before.inward === after.inward) return new Set();
  const stays = (place: number): boolean =>
    workloadIn(before, place)?.podClass === workloadIn(after, place)?.podClass;
  return new Set([...peers.keys()].filter(place => !stays(place)));
}

function placesChangedIn(
  union: Union,
  direction: Direction,
  moved: ReadonlySet<number>,
): readonly number[] {
  const { peers, before, after } = union;
  if (!areKin(union)) return [...peers.keys()];
  const was = before.compiled.engine.listOf[direction];
  const is = after.compiled.engine.listOf[direction];
  const seesHosts = readingOf(before.compiled).hostsAsPods;
  return [...peers.keys()].filter(place => {
    if (moved.has(place)) return true;
    const podClass = workloadIn(before, place)?.podClass;
    if (podClass === undefined || was[podClass.id] === is[podClass.id]) return false;
    // No policy selects a hostNetwork pod in mode `nodes`.
    return !podClass.hostNetwork || seesHosts;
  });
}

type Ask = (source: number, destination: number) => void;

function askMoved({ peers }: Union, { moved }: ChangedPlaces, ask: Ask): void {
  for (const place of moved) {
    for (const peer of peers.keys()) {
      ask(place, peer);
      ask(peer, place);
    }
  }
}

function askRows(union: Union, direction: Direction, places: ChangedPlaces, ask: Ask): void {
  const peersFor = peersToAsk(union);
  for (const place of places[direction]) {
    if (places.moved.has(place)) continue;
    const rows = [
      rowIn(union.before, direction, place),
      rowIn(union.after, direction, place),
    ] as const;
    for (const peer of peersFor(...rows)) ask(place, peer);
  }
}

/** A single pod reaches itself whatever isolates it (row 15); two pods of a workload do not (row 42). */
const isOnePod = (union: Union, place: number): boolean =>
  [union.before, union.after].some(state => {
    const workload = workloadIn(state, place);
    if (workload === undefined) return false;
    const { alone, workload: owner } = state.compiled.facts.pods[workload.pod] ?? {};
    return alone === true || owner?.kind === 'Pod';
  });

/**
 * All pairs of workloads whose connections differ; only those that a changed row concerns are looked at.
 * @param withItself a workload and itself too, which is two of its pods
 */
export function changedPairs(
  union: Union,
  places: ChangedPlaces,
  withItself: boolean,
): readonly ChangedPair[] {
  const { peers, before, after } = union;
  const compare = differences(union);
  const found = new Map<number, ChangedPair>();
  const ask: Ask = (source, destination) => {
    if (source === destination && (!withItself || isOnePod(union, source))) return;
    const was = between(before, source, destination);
    const difference = compare(was, between(after, source, destination));
    if (difference === null) return;
    found.set(source * peers.length + destination, { source, destination, difference });
  };
  askMoved(union, places, ask);
  askRows(union, Direction.EGRESS, places, ask);
  askRows(union, Direction.INGRESS, places, (subject, peer) => ask(peer, subject));
  return [...found.values()];
}
