import type { Compiled } from '../compile/compiled.js';
import { connectivityMap } from '../map/connectivity.js';
import { formatMapPeer } from '../map/map-peer.js';
import { NO_PORTS, type PortSet, unitePorts } from '../ports/port-set.js';

/** What of each workload, by its name in the connectivity list, is open to anybody at all. */
export type Reach = {
  readonly into: (workload: string) => PortSet;
  readonly outOf: (workload: string) => PortSet;
};

/** A map can have millions of rows, and they share few port sets: those are united at the end. */
type Sets = Map<string, Set<PortSet>>;

const add = (sets: Sets, name: string, ports: PortSet): void => {
  const known = sets.get(name);
  if (known === undefined) sets.set(name, new Set([ports]));
  else known.add(ports);
};

export const reachOf = (compiled: Compiled): Reach => {
  const into: Sets = new Map();
  const outOf: Sets = new Map();
  for (const { source, destination, ports } of connectivityMap(compiled)) {
    if (source.kind === 'workload') add(outOf, formatMapPeer(source), ports);
    if (destination.kind === 'workload') add(into, formatMapPeer(destination), ports);
  }
  const united = (sets: Sets) => (name: string) =>
    [...(sets.get(name) ?? [])].reduce(unitePorts, NO_PORTS);
  return { into: united(into), outOf: united(outOf) };
};
