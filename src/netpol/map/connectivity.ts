import type { Compiled } from '../compile/compiled.js';
import { Direction } from '../policy.js';
import type { PortSet } from '../ports/port-set.js';
import { NOTHING } from '../ports/traffic.js';
import type { Problem } from '../problem.js';
import type { Row } from '../rows/row.js';
import { type Allowed, allowedOf } from './allowed.js';
import { controllerTraffic } from './controller.js';
import type { MapPeer } from './map-peer.js';
import { type RangeTraffic, rangePeer, rangesOf } from './ranges.js';
import { mapWarnings } from './warnings.js';
import { namedBy, type Workload, workloadsOf } from './workloads.js';

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

/** Numbers that are appended one by one and kept without an object each: a map can have millions of rows. */
function numbers() {
  let room = new Int32Array(1_024);
  let length = 0;
  return {
    push(number: number): void {
      if (length === room.length) {
        const larger = new Int32Array(length * 2);
        larger.set(room);
        room = larger;
      }
      room[length++] = number;
    },
    done: (): Int32Array => room.slice(0, length),
  };
}

/** Where a row's other peers are all closed, only those that some rule names can be open. */
const candidates = (compiled: Compiled, allowed: Allowed, row: Row): Iterable<number> =>
  allowed.allowsRest(row) ? workloadsOf(compiled).keys() : namedBy(compiled, row);

type Columns = {
  readonly sources: Int32Array;
  readonly destinations: Int32Array;
  readonly traffic: Int32Array;
};

/** All pairs of workloads: places of source and destination, and the number of what is allowed. */
function workloadPairs(compiled: Compiled, workloads: readonly Workload[]): Columns {
  const allowed = allowedOf(compiled);
  const [sources, destinations, traffic] = [numbers(), numbers(), numbers()];
  const rows = workloads.map(({ podClass }) => allowed.row(Direction.INGRESS, podClass));
  const portsTo = (to: number, source: Workload, egress: Row): number => {
    const destination = workloads[to];
    const ingress = rows[to];
    if (destination === undefined || ingress === undefined) return NOTHING;
    const out = allowed.towards(egress, destination.podClass);
    return out === NOTHING ? out : allowed.both(out, allowed.towards(ingress, source.podClass));
  };
  for (const [from, source] of workloads.entries()) {
    const egress = allowed.row(Direction.EGRESS, source.podClass);
    for (const to of candidates(compiled, allowed, egress)) {
      const ports = from === to ? NOTHING : portsTo(to, source, egress);
      if (ports === NOTHING) continue;
      sources.push(from);
      destinations.push(to);
      traffic.push(ports);
    }
  }
  return {
    sources: sources.done(),
    destinations: destinations.done(),
    traffic: traffic.done(),
  };
}

type OtherRow = { readonly source: MapPeer; readonly destination: MapPeer; readonly ports: number };

/** Workloads towards the world outside, and from it. */
function outsideRows(compiled: Compiled, workloads: readonly Workload[]): readonly OtherRow[] {
  const allowed = allowedOf(compiled);
  // "IPv6 rows appear only when some policy names an IPv6 CIDR."
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
  const { sources, destinations, traffic } = workloadPairs(compiled, workloads);
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
    warnings: mapWarnings(compiled),
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
