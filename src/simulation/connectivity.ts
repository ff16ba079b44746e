import {
  type Compiled,
  compareSets,
  formatMapPeer,
  formatPortSet,
  isNoPorts,
  isTwin,
  type MapPeer,
  type PortSet,
  remembered,
} from '../netpol/index.js';
import type { ConnectivityChange } from './simulation.js';

type Change = {
  readonly source: MapPeer;
  readonly destination: MapPeer;
  readonly newlyAllowed: string | null;
  readonly newlyBlocked: string | null;
};

const workloadOf = (peer: MapPeer): MapPeer => {
  if (peer.kind !== 'workload' || peer.labelSet === undefined) return peer;
  const { labelSet: _, ...workload } = peer;
  return workload;
};

const hasSets = ({ source, destination }: Change): boolean =>
  workloadOf(source) !== source || workloadOf(destination) !== destination;

/** How many label sets each workload has, where it has several; by its name. */
function setCounts(compiled: Compiled, textOf: (peer: MapPeer) => string) {
  const counts = new Map<string, number>();
  for (const { workload, namespace, memberOf, key } of compiled.facts.pods) {
    if (memberOf === undefined || isTwin({ kind: 'pod', key })) continue;
    const { kind: workloadKind, name } = workload;
    const text = textOf({ kind: 'workload', namespace, name, workloadKind });
    counts.set(text, (counts.get(text) ?? 1) + 1);
  }
  return (peer: MapPeer): number => counts.get(textOf(peer)) ?? 1;
}

/** Changes that are the same for all label sets of their one end become one change of the workload. */
function withWhole(
  end: 'source' | 'destination',
  changes: readonly Change[],
  countOf: (peer: MapPeer) => number,
): readonly Change[] {
  const whole = (change: Change): Change => ({ ...change, [end]: workloadOf(change[end]) });
  const groups = Map.groupBy(changes, change => {
    const { source, destination, newlyAllowed, newlyBlocked } = whole(change);
    const ends = [formatMapPeer(source), formatMapPeer(destination)];
    return JSON.stringify([...ends, newlyAllowed, newlyBlocked]);
  });
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    return first !== undefined && group.length === countOf(workloadOf(first[end]))
      ? [whole(first)]
      : group;
  });
}

/**
 * All pairs, seen or not, whose possible connections differ, in the order of names. A workload with several label sets
 * is one end where the change is the same for all of them, else each of them that changes.
 */
export function connectivityChanges(
  before: Compiled,
  after: Compiled,
): readonly ConnectivityChange[] {
  // Many pairs share their peers and their sets of ports.
  const textOfPeer = remembered(formatMapPeer);
  const textOf = remembered((ports: PortSet) => (isNoPorts(ports) ? null : formatPortSet(ports)));
  const changes = compareSets(before, after, { withItself: true }).pairs.map(
    ({ source, destination, newlyAllowed, newlyBlocked }): Change => ({
      source,
      destination,
      newlyAllowed: textOf(newlyAllowed),
      newlyBlocked: textOf(newlyBlocked),
    }),
  );
  const [ofSets, plain] = [changes.filter(hasSets), changes.filter(one => !hasSets(one))];
  const countOf = ofSets.length === 0 ? () => 1 : setCounts(after, formatMapPeer);
  const merged = withWhole('destination', withWhole('source', ofSets, countOf), countOf);
  return [...plain, ...merged]
    .map(change => {
      const [source, destination] = [textOfPeer(change.source), textOfPeer(change.destination)];
      return { ...change, key: `${source} => ${destination}`, source, destination };
    })
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ key: _, ...change }) => change);
}
