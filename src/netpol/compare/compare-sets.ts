import type { Compiled } from '../compile/compiled.js';
import { controllerTraffic } from '../map/controller.js';
import type { MapPeer } from '../map/map-peer.js';
import { Direction } from '../policy.js';
import type { PortSet } from '../ports/port-set.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import { changedRanges } from './outside.js';
import { type ChangedPlaces, changedPairs, changedPlaces } from './pairs.js';
import { differences, type State, type Union, unionOf } from './union.js';

/** A pair whose connections differ. */
export type PairDifference = {
  readonly source: MapPeer;
  readonly destination: MapPeer;
  readonly before: PortSet;
  readonly after: PortSet;
  readonly newlyAllowed: PortSet;
  readonly newlyBlocked: PortSet;
};

export type SetDifference = {
  /** In no promised order; empty where both say the same of every pair. */
  readonly pairs: readonly PairDifference[];
  readonly addedWorkloads: readonly MapPeer[];
  readonly removedWorkloads: readonly MapPeer[];
};

export type CompareOptions = {
  /** Pairs of a workload with itself as well, which no map lists: two of its pods. */
  readonly withItself?: boolean;
};

const CONTROLLER: MapPeer = { kind: 'ingress-controller' };

const peerAt = ({ peers }: Union, place: number): MapPeer => peers[place] ?? CONTROLLER;

type Compare = ReturnType<typeof differences>;

function outsidePairs(
  union: Union,
  compare: Compare,
  places: ChangedPlaces,
): readonly PairDifference[] {
  const egress = places.EGRESS.flatMap(place =>
    changedRanges(union, compare, Direction.EGRESS, place).map(({ range, difference }) => ({
      source: peerAt(union, place),
      destination: range,
      ...difference,
    })),
  );
  const ingress = places.INGRESS.flatMap(place =>
    changedRanges(union, compare, Direction.INGRESS, place).map(({ range, difference }) => ({
      source: range,
      destination: peerAt(union, place),
      ...difference,
    })),
  );
  return [...egress, ...ingress];
}

const controllerPorts = ({ compiled, outward }: State): ReadonlyMap<number, TrafficId> =>
  new Map(
    controllerTraffic(compiled).map(({ workload, ports }) => [outward[workload] ?? -1, ports]),
  );

function controllerPairs(union: Union, compare: Compare): readonly PairDifference[] {
  const was = controllerPorts(union.before);
  const is = controllerPorts(union.after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap(place => {
    const difference = compare(was.get(place) ?? NOTHING, is.get(place) ?? NOTHING);
    const destination = peerAt(union, place);
    return difference === null ? [] : [{ source: CONTROLLER, destination, ...difference }];
  });
}

const missingFrom = (union: Union, { inward }: State): readonly MapPeer[] =>
  union.peers.filter((_, place) => (inward[place] ?? -1) < 0);

/**
 * What two states connect differently, pair by pair and exact to the port, as their maps draw it.
 * Of two states of the same facts only the pairs of pods with changed policies are looked at.
 */
export function compareSets(
  before: Compiled,
  after: Compiled,
  { withItself = false }: CompareOptions = {},
): SetDifference {
  const union = unionOf(before, after);
  const compare = differences(union);
  const places = changedPlaces(union);
  const pairs = changedPairs(union, places, withItself).map(
    ({ source, destination, difference }) => ({
      source: peerAt(union, source),
      destination: peerAt(union, destination),
      ...difference,
    }),
  );
  return {
    pairs: [...pairs, ...outsidePairs(union, compare, places), ...controllerPairs(union, compare)],
    addedWorkloads: missingFrom(union, union.before),
    removedWorkloads: missingFrom(union, union.after),
  };
}
