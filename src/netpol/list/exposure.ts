import { compile } from '../compile/compile.js';
import type { Compiled } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import type { Facts } from '../facts.js';
import { allowedOf } from '../map/allowed.js';
import { formatMapPeer } from '../map/map-peer.js';
import { rangePeer, rangesOf } from '../map/ranges.js';
import { type Workload, workloadsOf } from '../map/workloads.js';
import { Direction, type Policy } from '../policy.js';
import { formatPortSet } from '../ports/port-set.js';
import { NOTHING } from '../ports/traffic.js';
import type { Modes } from '../verdict.js';
import { goesBeyond, isClosed, type Open, openIn, openText } from './future-open.js';
import { type Cast, castOf, FUTURE_KIND, nameOf, wantedBy } from './future-pods.js';
import type { Exposure } from './list.js';
import { ENTIRE_CLUSTER, type ListRow } from './row.js';

/**
 * What each workload is exposed to beyond the pods that are there: the pods and namespaces of the future that rules would
 * admit, the cluster as a whole, and addresses outside.
 *
 * A row says what holds for every pod that its peer means, but for those that a Deny or Pass rule singles out: these have
 * rows of their own, `No Connections` where nothing is left to them. A future that may do no more than the whole cluster,
 * and is no exception, is left out.
 */
export const exposureOf = (facts: Facts, policies: readonly Policy[], modes: Modes): Exposure => {
  const cast = castOf(facts, policies);
  const compiled = compile(cast.facts, policies, modes);
  const workloads = workloadsOf(compiled).filter(({ peer }) => peer.workloadKind !== FUTURE_KIND);
  const rowsOf = (direction: Direction): readonly ListRow[] => {
    const exposed = exposedBy(compiled, cast, direction);
    return [
      ...workloads.flatMap(exposed),
      ...workloads.flatMap(workload => outsideRows(compiled, direction, workload)),
    ];
  };
  return { egress: rowsOf(Direction.EGRESS), ingress: rowsOf(Direction.INGRESS) };
};

/** The futures of a rule's peers, by name. */
const namesOfPeers = ({ policy, allPods, pods }: CompiledRule): readonly string[] => [
  ...(allPods ? [ENTIRE_CLUSTER] : []),
  ...pods.map(peer => nameOf(wantedBy(policy, peer))),
];

function exposedBy(compiled: Compiled, cast: Cast, direction: Direction) {
  const openTo = openIn(compiled, cast, direction);
  const futures = new Map(cast.futures.map(future => [future.name, future]));
  return (workload: Workload): readonly ListRow[] => {
    const shown = new Map<string, Open>();
    const show = (name: string, open: Open): void => {
      if (shown.has(name)) return;
      shown.set(name, open);
      for (const apart of open.exceptions.flatMap(namesOfPeers)) {
        const less = openTo(workload, futures.get(apart));
        if (futures.has(apart) && goesBeyond(open, less)) show(apart, less);
      }
    };
    // The cluster as a whole comes first.
    const whole = openTo(workload, futures.get(ENTIRE_CLUSTER));
    if (!isClosed(whole)) show(ENTIRE_CLUSTER, whole);
    for (const [name, future] of futures) {
      const open = openTo(workload, future);
      if (goesBeyond(open, whole)) show(name, open);
    }
    return [...shown].map(([name, open]) => rowOf(direction, workload, name, openText(open)));
  };
}

const rowOf = (direction: Direction, { peer }: Workload, other: string, conn: string): ListRow => {
  const own = formatMapPeer(peer);
  return direction === Direction.EGRESS
    ? { src: own, dst: other, conn }
    : { src: other, dst: own, conn };
};

function outsideRows(
  compiled: Compiled,
  direction: Direction,
  workload: Workload,
): readonly ListRow[] {
  const { engine } = compiled;
  return rangesOf(allowedOf(compiled), direction, workload.podClass, engine.usesV6)
    .filter(({ ports }) => ports !== NOTHING)
    .map(range => {
      const conn = formatPortSet(engine.table.at(range.ports).ports);
      return rowOf(direction, workload, formatMapPeer(rangePeer(range)), conn);
    });
}
