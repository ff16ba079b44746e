import type { Compiled } from '../compile/compiled.js';
import { Direction } from '../policy.js';
import { NO_PORTS } from '../ports/port-set.js';
import { NOTHING } from '../ports/traffic.js';
import { allowedOf } from './allowed.js';
import type { MapRow } from './connectivity.js';
import { rangePeer, rangesOf } from './ranges.js';
import { type Workload, workloadsOf } from './workloads.js';

/** Ranges of addresses that a workload may not reach, or that may not reach it. */
function outside(compiled: Compiled, { peer, podClass }: Workload): readonly MapRow[] {
  const closed = (direction: Direction) =>
    rangesOf(allowedOf(compiled), direction, podClass, compiled.engine.usesV6)
      .filter(({ ports }) => ports === NOTHING)
      .map(rangePeer);
  return [
    ...closed(Direction.EGRESS).map(other => ({
      source: peer,
      destination: other,
      ports: NO_PORTS,
    })),
    ...closed(Direction.INGRESS).map(other => ({
      source: other,
      destination: peer,
      ports: NO_PORTS,
    })),
  ];
}

/** The pairs that the map does not list: no connection is allowed between them. One by one, since there can be millions. */
export function* deniedPairs(compiled: Compiled): Generator<MapRow> {
  const workloads = workloadsOf(compiled);
  const allowed = allowedOf(compiled);
  for (const source of workloads) {
    for (const destination of workloads) {
      if (source === destination) continue;
      if (allowed.between(source.podClass, destination.podClass) !== NOTHING) continue;
      yield { source: source.peer, destination: destination.peer, ports: NO_PORTS };
    }
  }
  for (const workload of workloads) yield* outside(compiled, workload);
}
