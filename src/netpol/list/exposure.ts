import { compile } from '../compile/compile.js';
import type { Facts } from '../facts.js';
import { connectivityMap, type MapRow } from '../map/connectivity.js';
import { formatMapPeer, type MapPeer } from '../map/map-peer.js';
import { workloadsOf } from '../map/workloads.js';
import { Direction, type Policy } from '../policy.js';
import {
  ALL_PORTS,
  formatPortSet,
  intersectPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  subtractPorts,
} from '../ports/port-set.js';
import type { Modes } from '../verdict.js';
import { castOf, ENTIRE_CLUSTER, FUTURE_KIND, type Future } from './future-pods.js';
import { openToAll } from './future-search.js';
import type { Exposure } from './list.js';
import type { ListRow } from './row.js';

/**
 * What each workload is exposed to beyond the pods that are there: the pods and namespaces of the
 * future that rules would admit, the cluster as a whole, and addresses outside. A future is left
 * out where the whole cluster may do as much.
 *
 * Pods with the labels that a peer asks for, and with such as other rules ask for beside them, are added to the facts:
 * what does not hold for all of them does not hold for the peer. What holds for them is held against every combination
 * of labels that the workload's own policies can tell apart.
 */
export const exposureOf = (facts: Facts, policies: readonly Policy[], modes: Modes): Exposure => {
  const cast = castOf(facts, policies);
  const compiled = compile(cast.facts, policies, modes);
  const pairs = pairsOf(connectivityMap(compiled));
  const classes = new Map(
    workloadsOf(compiled).map(({ peer, podClass }) => [formatMapPeer(peer), podClass]),
  );
  const seen = (workload: string, future: Future, side: Side): PortSet =>
    future.pods.reduce<PortSet>(
      (ports, { namespace, workload: { name } }) =>
        intersectPorts(ports, pairs[side].get(workload)?.get(`${namespace}/${name}`) ?? NO_PORTS),
      ALL_PORTS,
    );
  const between = (workload: string, future: Future, side: Side, whole: PortSet): PortSet => {
    const ports = seen(workload, future, side);
    const podClass = classes.get(workload);
    if (podClass === undefined || isNoPorts(subtractPorts(ports, whole))) return NO_PORTS;
    const open = openToAll(compiled, DIRECTIONS[side], podClass, {
      wanted: future.wanted,
      there: cast.there,
    });
    const both = intersectPorts(ports, open);
    return isNoPorts(subtractPorts(both, whole)) ? NO_PORTS : both;
  };
  const rowsOf = (side: Side): readonly ListRow[] =>
    [...pairs[side].keys()].flatMap(workload => {
      // The cluster as a whole comes first.
      let whole = NO_PORTS;
      return cast.futures.flatMap(future => {
        const ports = between(workload, future, side, whole);
        if (future.name === ENTIRE_CLUSTER) whole = ports;
        return isNoPorts(ports) ? [] : [rowOf(side, workload, future.name, formatPortSet(ports))];
      });
    });
  return {
    egress: [...rowsOf('egress'), ...pairs.outside.egress],
    ingress: [...rowsOf('ingress'), ...pairs.outside.ingress],
  };
};

type Side = 'egress' | 'ingress';

const DIRECTIONS = { egress: Direction.EGRESS, ingress: Direction.INGRESS } as const;

const rowOf = (side: Side, workload: string, other: string, conn: string): ListRow =>
  side === 'egress' ? { src: workload, dst: other, conn } : { src: other, dst: workload, conn };

/** Ports by workload and future pod, and the rows with addresses. */
type Pairs = {
  readonly [side in Side]: Map<string, Map<string, PortSet>>;
} & { readonly outside: { readonly [side in Side]: ListRow[] } };

const isFuture = (peer: MapPeer): boolean =>
  peer.kind === 'workload' && peer.workloadKind === FUTURE_KIND;

const pairsOf = (map: Iterable<MapRow>): Pairs => {
  const pairs: Pairs = {
    egress: new Map(),
    ingress: new Map(),
    outside: { egress: [], ingress: [] },
  };
  for (const row of map) {
    place(pairs, 'egress', row.source, row);
    place(pairs, 'ingress', row.destination, row);
  }
  return pairs;
};

/** Keeps the row for the workload at its own end, if the other end is no workload that is there. */
const place = (pairs: Pairs, side: Side, own: MapPeer, row: MapRow): void => {
  const other = side === 'egress' ? row.destination : row.source;
  if (own.kind !== 'workload' || isFuture(own)) return;
  const workload = formatMapPeer(own);
  if (other.kind === 'range') {
    const conn = formatPortSet(row.ports);
    pairs.outside[side].push(rowOf(side, workload, formatMapPeer(other), conn));
  }
  if (other.kind !== 'workload' || !isFuture(other)) return;
  const known = pairs[side].get(workload) ?? new Map<string, PortSet>();
  pairs[side].set(workload, known.set(`${other.namespace}/${other.name}`, row.ports));
};
