import type { Column } from '../brand.js';
import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
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

function classesOf({ engine }: Compiled, keys: readonly string[]): readonly PodClass[] {
  const { podOfKey, classOf, classes } = engine.index;
  return keys.map(key => {
    const podClass = classes[classOf[podOfKey(key) ?? -1] ?? -1];
    if (podClass === undefined) throw new RangeError(`no pod has the key \`${key}\``);
    return podClass;
  });
}

/** A pod reaches itself, whatever isolates it; with `withTwins` the pair of a key with itself is that of two pods of its workload. */
function withItself(compiled: Compiled, key: string, podClass: PodClass): PortSet | null {
  const { podOfKey } = compiled.engine.index;
  if (podOfKey(twinKey(key)) === undefined) return ALL_PORTS;
  const [twin = podClass] = classesOf(compiled, [twinKey(key)]);
  const ports = allowedOf(compiled, 'undecided').between(podClass, twin);
  return ports === NOTHING ? null : compiled.engine.table.at(ports).ports;
}

/** What one pod may reach of others, by their places; nothing where a place is left out. */
function* reachedFrom(compiled: Compiled, podClass: PodClass, classes: readonly PodClass[]) {
  const { table } = compiled.engine;
  const allowed = allowedOf(compiled, 'undecided');
  // The caller may ask for other rows between two pairs, and the room is used again for each.
  const reached = allowed
    .spread(allowed.row(Direction.EGRESS, podClass))
    .slice() as Column<TrafficId>;
  for (const [destination, peer] of classes.entries()) {
    const egress = reached[peer.id] ?? NOTHING;
    if (egress === NOTHING) continue;
    const ingress = allowed.towards(allowed.row(Direction.INGRESS, peer), podClass);
    const ports = allowed.both(egress, ingress);
    if (ports !== NOTHING) yield { destination, ports: table.at(ports).ports };
  }
}

/**
 * Every ordered pair of two of the pods with these keys with some connection that is allowed for certain: the ports on which `judge`
 * says ALLOWED of the two, and of `betweenPods` for a pod and itself. Pairs come by source, in the order of `keys`, each pod's own
 * pair first, then by destination. Each source's row is read once, and of a destination's only what the source may reach:
 * 2,000 pods with a policy each take some 0.5 s, and as much the 4,000,000 pairs of as many pods without.
 * Throws a `RangeError` for a key that no pod has.
 */
export function* allowedBetween(
  compiled: Compiled,
  keys: readonly string[],
): Generator<AllowedPair> {
  const classes = classesOf(compiled, keys);
  for (const [source, podClass] of classes.entries()) {
    const own = withItself(compiled, keys[source] ?? '', podClass);
    if (own !== null) yield { source, destination: source, ports: own };
    for (const { destination, ports } of reachedFrom(compiled, podClass, classes)) {
      if (destination !== source) yield { source, destination, ports };
    }
  }
}
