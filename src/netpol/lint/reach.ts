import { withChange } from '../compile/change.js';
import type { Compiled } from '../compile/compiled.js';
import type { PodFact } from '../facts.js';
import { allowedBetween, amongAlike } from '../map/allowed-between.js';
import { connectivityMap } from '../map/connectivity.js';
import { formatMapPeer, type MapPeer } from '../map/map-peer.js';
import { NO_PORTS, type PortSet, unitePorts } from '../ports/port-set.js';
import { twinOf } from '../twin.js';

/** What of each workload, by its name in the connectivity list, is open to anybody else at all; of one with several label sets what any of them opens. */
export type Reach = {
  readonly into: (workload: string) => PortSet;
  readonly outOf: (workload: string) => PortSet;
};

/** A map can have millions of rows, but they share their peers and few port sets: those are united at the end. */
type Sets = Map<MapPeer, Set<PortSet>>;

const add = (sets: Sets, peer: MapPeer, ports: PortSet): void => {
  const known = sets.get(peer);
  if (known === undefined) sets.set(peer, new Set([ports]));
  else known.add(ports);
};

/** The workload of one of its label sets. */
const wholeName = (peer: MapPeer): string => {
  if (peer.kind !== 'workload') return formatMapPeer(peer);
  const { labelSet: _one, ...workload } = peer;
  return formatMapPeer(workload);
};

const byName = (sets: Sets): ((name: string) => PortSet) => {
  const united = new Map<string, PortSet>();
  for (const [peer, found] of sets) {
    const name = wholeName(peer);
    united.set(name, [...found].reduce(unitePorts, united.get(name) ?? NO_PORTS));
  }
  return name => united.get(name) ?? NO_PORTS;
};

export const reachOf = (compiled: Compiled): Reach => {
  const into: Sets = new Map();
  const outOf: Sets = new Map();
  for (const { source, destination, ports } of connectivityMap(compiled)) {
    if (source.kind === 'workload') add(outOf, source, ports);
    if (destination.kind === 'workload') add(into, destination, ports);
  }
  return { into: byName(into), outOf: byName(outOf) };
};

/** No other pod is of its workload. */
const isSingle = ({ alone, workload }: PodFact): boolean =>
  alone === true || workload.kind === 'Pod';

/** Ports on which two pods of a workload reach each other. The pods that are asked about stand for theirs. */
export function amongOwn(
  compiled: () => Compiled,
  pods: readonly PodFact[],
): (pod: PodFact) => PortSet {
  const known = new Map(
    pods.map(pod => [pod, isSingle(pod) ? NO_PORTS : amongAlike(compiled(), pod.key)]),
  );
  const others = pods.filter(pod => known.get(pod) === null);
  if (others.length === 0) return pod => known.get(pod) ?? NO_PORTS;
  const twins = withChange(compiled(), { pods: { put: others.map(twinOf) } });
  return pod => {
    const ports = known.get(pod) ?? null;
    if (ports !== null) return ports;
    const [own] = allowedBetween(twins, [pod.key]);
    return own?.ports ?? NO_PORTS;
  };
}
