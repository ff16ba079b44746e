import type { Column } from '../brand.js';
import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { podParty } from '../decide/backends.js';
import { isHost, withOwnNode } from '../decide/case.js';
import { labelSetsOf } from '../decide/label-sets.js';
import type { Party } from '../decide/party.js';
import { programFor, readingOf } from '../decide/side.js';
import { Direction } from '../policy.js';
import { ALL_PORTS, type PortSet } from '../ports/port-set.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import { twinKey } from '../twin.js';
import { allowedOf } from './allowed.js';

/** Two pods, by their places among the keys, and what may go from one to the other. */
export type AllowedPair = {
  readonly source: number;
  readonly destination: number;
  /** Never empty. Equal sets of one call are one object. */
  readonly ports: PortSet;
};

/** The classes of the label sets of each key that policies tell apart; nearly always one. */
function classesOf(
  compiled: Compiled,
  keys: readonly string[],
): readonly (readonly [PodClass, ...PodClass[]])[] {
  const { classOf, classes } = compiled.engine.index;
  return keys.map(key => {
    const [first, ...more] = labelSetsOf(compiled, key).flatMap(
      ({ pod }) => classes[classOf[pod] ?? -1] ?? [],
    );
    if (first === undefined) throw new RangeError(`no pod has the key \`${key}\``);
    return [first, ...more];
  });
}

type Classes = readonly PodClass[];

/** What is allowed between all of some pods and all of others. */
function betweenAll(compiled: Compiled, sources: Classes, destinations: Classes): TrafficId {
  const allowed = allowedOf(compiled, 'undecided');
  const pairs = sources.flatMap(from => destinations.map(to => allowed.between(from, to)));
  return pairs.reduce((all, one) => allowed.both(all, one));
}

/** A pod reaches itself, whatever isolates it; with `withTwins` the pair of a key with itself is that of two pods of its workload. */
function withItself(compiled: Compiled, key: string, classes: Classes): PortSet | null {
  const { podOfKey } = compiled.engine.index;
  if (podOfKey(twinKey(key)) === undefined) return ALL_PORTS;
  const [twins = classes] = classesOf(compiled, [twinKey(key)]);
  const ports = betweenAll(compiled, classes, twins);
  return ports === NOTHING ? null : compiled.engine.table.at(ports).ports;
}

/**
 * The ports on which a pod reaches another one that is like it but for its address, of which nothing is known; null where
 * policies may tell the two apart, and the other one has to be among the facts. hostNetwork pods are their nodes.
 */
export function amongAlike(compiled: Compiled, key: string): PortSet | null {
  const { index, table } = compiled.engine;
  const [classes = []] = classesOf(compiled, [key]);
  const [podClass, ...others] = classes;
  if (podClass === undefined || others.length > 0 || podClass.hostNetwork) return null;
  if (index.facts.pods[index.podOfKey(key) ?? -1]?.memberOf !== undefined) return null;
  const reading = readingOf(compiled);
  const readsAddresses = [Direction.EGRESS, Direction.INGRESS].some(direction => {
    const { usesNetworks, usesIpBlocks } = programFor(compiled, direction, podClass, reading);
    return usesNetworks || (reading.byAddress && usesIpBlocks);
  });
  return readsAddresses ? null : table.at(betweenAll(compiled, classes, classes)).ports;
}

/** Row 16: a hostNetwork pod and a pod of its node. */
function ownNodeOf(compiled: Compiled, parties: readonly Party[], source: number) {
  const from = parties[source];
  return (destination: number): boolean => {
    const to = parties[destination];
    return (
      from !== undefined &&
      to !== undefined &&
      isHost(from) !== isHost(to) &&
      withOwnNode(compiled, { source: from, destination: to })
    );
  };
}

/** What one pod may reach of others, by their places; nothing where a place is left out. */
function* reachedFrom(
  compiled: Compiled,
  sources: Classes,
  classes: readonly (readonly [PodClass, ...PodClass[]])[],
  ownNode: (destination: number) => boolean,
) {
  const { table } = compiled.engine;
  const allowed = allowedOf(compiled, 'undecided');
  const [podClass, ...others] = sources;
  if (podClass === undefined) return;
  // The caller may ask for other rows between two pairs, and the room is used again for each.
  const reached = allowed
    .spread(allowed.row(Direction.EGRESS, podClass))
    .slice() as Column<TrafficId>;
  for (const [destination, peers] of classes.entries()) {
    const [peer] = peers;
    if (ownNode(destination)) {
      yield { destination, ports: ALL_PORTS };
      continue;
    }
    const egress = reached[peer.id] ?? NOTHING;
    if (egress === NOTHING) continue;
    const single = others.length === 0 && peers.length === 1;
    const ports = single
      ? allowed.both(egress, allowed.towards(allowed.row(Direction.INGRESS, peer), podClass))
      : betweenAll(compiled, sources, peers);
    if (ports !== NOTHING) yield { destination, ports: table.at(ports).ports };
  }
}

/**
 * Every ordered pair of two of the pods with these keys with some connection that is allowed for certain: the ports on which `judge`
 * says ALLOWED of the two, and of `betweenPods` for a pod and itself. Pairs come by source, in the order of `keys`, each pod's own
 * pair first, then by destination. Each source's row is read once, and of a destination's only what the source may reach:
 * 2,000 pods with a policy each take some 0.5 s, and as much the 4,000,000 pairs of as many pods without.
 * Where a key means several label sets, between all pairs of them. Throws a `RangeError` for a key that no pod has.
 */
export function* allowedBetween(
  compiled: Compiled,
  keys: readonly string[],
): Generator<AllowedPair> {
  const classes = classesOf(compiled, keys);
  const parties = keys.map(key => podParty(compiled, compiled.engine.index.podOfKey(key) ?? -1));
  for (const [source, sets] of classes.entries()) {
    const own = withItself(compiled, keys[source] ?? '', sets);
    if (own !== null) yield { source, destination: source, ports: own };
    const ownNode = ownNodeOf(compiled, parties, source);
    for (const { destination, ports } of reachedFrom(compiled, sets, classes, ownNode)) {
      if (destination !== source) yield { source, destination, ports };
    }
  }
}
