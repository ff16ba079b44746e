import type { Compiled } from '../compile/compiled.js';
import { Direction } from '../policy.js';
import type { PortSet } from '../ports/port-set.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import type { Problem } from '../problem.js';
import { allowedOf } from './allowed.js';
import { controllerTraffic } from './controller.js';
import type { MapPeer } from './map-peer.js';
import { type RangeTraffic, rangePeer, rangesOf } from './ranges.js';
import { replicaWarnings } from './replicas.js';
import { mapWarnings } from './warnings.js';
import { workloadPairs } from './workload-pairs.js';
import { type Workload, workloadsOf } from './workloads.js';

/** A pair with some connection. */
export type MapRow = {
  readonly source: MapPeer;
  readonly destination: MapPeer;
  /** Never empty. */
  readonly ports: PortSet;
};

/** Every pair with some connection, once, in no promised order. */
export type ConnectivityMap = Iterable<MapRow> & {
  readonly length: number;
  /** Where a missing fact was taken as no match. */
  readonly warnings: readonly Problem[];
};

type OtherRow = {
  readonly source: MapPeer;
  readonly destination: MapPeer;
  readonly ports: TrafficId;
};

/** Workloads towards the world outside, and from it. */
function outsideRows(compiled: Compiled, workloads: readonly Workload[]): readonly OtherRow[] {
  const allowed = allowedOf(compiled);
  // Row 41: IPv6 only where some policy names an IPv6 block.
  const { usesV6 } = compiled.engine;
  const open = (direction: Direction, { podClass }: Workload): readonly RangeTraffic[] =>
    rangesOf(allowed, direction, podClass, usesV6).filter(({ ports }) => ports !== NOTHING);
  return workloads.flatMap(workload => [
    ...open(Direction.EGRESS, workload).map(range => ({
      source: workload.peer,
      destination: rangePeer(range),
      ports: range.ports,
    })),
    ...open(Direction.INGRESS, workload).map(range => ({
      source: rangePeer(range),
      destination: workload.peer,
      ports: range.ports,
    })),
  ]);
}

/**
 * What may talk to what: workloads, ranges of addresses outside the cluster, and the ingress
 * controller where an Ingress or Route leads to a workload. Exact to the port. A workload is not
 * listed against itself, and the exception for a pod's own node is not drawn.
 */
export function connectivityMap(compiled: Compiled): ConnectivityMap {
  const { table } = compiled.engine;
  const workloads = workloadsOf(compiled);
  const { sources, destinations, traffic } = workloadPairs(compiled);
  const peerAt = (place: number): MapPeer => workloads[place]?.peer ?? CONTROLLER;
  const others: readonly OtherRow[] = [
    ...outsideRows(compiled, workloads),
    ...controllerTraffic(compiled).map(({ workload, ports }) => ({
      source: CONTROLLER,
      destination: peerAt(workload),
      ports,
    })),
  ];
  return {
    length: sources.length + others.length,
    get warnings() {
      return [...mapWarnings(compiled), ...replicaWarnings(compiled)];
    },
    *[Symbol.iterator]() {
      for (const [row, from] of sources.entries()) {
        const { ports } = table.at(traffic[row] ?? NOTHING);
        yield { source: peerAt(from), destination: peerAt(destinations[row] ?? -1), ports };
      }
      for (const { source, destination, ports } of others) {
        yield { source, destination, ports: table.at(ports).ports };
      }
    },
  };
}

const CONTROLLER: MapPeer = { kind: 'ingress-controller' };
