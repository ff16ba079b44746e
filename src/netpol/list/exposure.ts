import { compile } from '../compile/compile.js';
import type { Compiled } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import { programFor, readingOf } from '../decide/side.js';
import type { Facts } from '../facts.js';
import { allowedOf } from '../map/allowed.js';
import { formatMapPeer } from '../map/map-peer.js';
import { rangePeer, rangesOf } from '../map/ranges.js';
import { type Workload, workloadsOf } from '../map/workloads.js';
import { Direction, type Policy } from '../policy.js';
import {
  formatPortSet,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  PROTOCOLS,
  subtractPorts,
} from '../ports/port-set.js';
import { EVERYTHING_ALLOWED, NOTHING, type TrafficId } from '../ports/traffic.js';
import type { Modes } from '../verdict.js';
import { type Cast, castOf, FUTURE_KIND, type Future, nameOf, wantedBy } from './future-pods.js';
import { type Opening, type OpenName, openToAll } from './future-search.js';
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

/** What is open to a future, both sides taken together. */
type Open = Pick<Opening, 'ports' | 'names' | 'exceptions'>;

const CLOSED: Open = { ports: NO_PORTS, names: [], exceptions: [] };

const isClosed = ({ ports, names }: Open): boolean => isNoPorts(ports) && names.length === 0;

/** Something is open to the one and not to the other. */
const goesBeyond = (one: Open, other: Open): boolean =>
  !isNoPorts(subtractPorts(one.ports, other.ports)) ||
  one.names.some(
    ({ name, protocol }) =>
      !other.names.some(each => each.name === name && each.protocol === protocol) &&
      firstRangeIsNotAll(other.ports, protocol),
  );

const firstRangeIsNotAll = (ports: PortSet, protocol: OpenName['protocol']): boolean =>
  !isNoPorts(subtractPorts({ ...NO_PORTS, [protocol]: [{ from: 1, to: 65_535 }] }, ports));

/** `TCP 8080,http`: numbers, then names. */
const openText = ({ ports, names }: Open): string => {
  if (names.length === 0) return formatPortSet(ports);
  return PROTOCOLS.flatMap(protocol => {
    const numbers = formatPortSet({ ...NO_PORTS, [protocol]: ports[protocol] });
    const own = names.filter(each => each.protocol === protocol).map(({ name }) => name);
    if (ports[protocol].length > 0) return [[numbers, ...own.toSorted()].join(',')];
    return own.length === 0 ? [] : [`${protocol} ${own.toSorted().join(',')}`];
  }).join(',');
};

const opposite = (direction: Direction): Direction =>
  direction === Direction.EGRESS ? Direction.INGRESS : Direction.EGRESS;

/** What the policies of the future's own pods let through to or from the workload. */
function otherSide(compiled: Compiled, direction: Direction, { pods }: Future) {
  const allowed = allowedOf(compiled);
  const { podOfKey, classes, classOf } = compiled.engine.index;
  const rows = pods.flatMap(({ key }) => {
    const podClass = classes[classOf[podOfKey(key) ?? -1] ?? -1];
    return podClass === undefined ? [] : [allowed.row(opposite(direction), podClass)];
  });
  return ({ podClass }: Workload): TrafficId =>
    rows.reduce<TrafficId>(
      (ports, row) =>
        ports === NOTHING
          ? ports
          : compiled.engine.table.intersect(ports, allowed.towards(row, podClass)),
      EVERYTHING_ALLOWED,
    );
}

/** What one side leaves open, by the programs and port names of workloads: many have the same. */
function openingsIn(compiled: Compiled, cast: Cast, direction: Direction) {
  const known = new Map<object, Map<string, Opening>>();
  return ({ podClass }: Workload, { name, wanted }: Future): Opening => {
    const program = programFor(compiled, direction, podClass, readingOf(compiled));
    const ofProgram = known.get(program) ?? new Map<string, Opening>();
    known.set(program, ofProgram);
    const key = `${direction === Direction.INGRESS ? podClass.profile.id : ''} ${name}`;
    const before = ofProgram.get(key);
    if (before !== undefined) return before;
    const opening = openToAll(compiled, direction, podClass, { wanted, there: cast.there });
    ofProgram.set(key, opening);
    return opening;
  };
}

/** The futures of a rule's peers, by name. */
const namesOfPeers = ({ policy, allPods, pods }: CompiledRule): readonly string[] => [
  ...(allPods ? [ENTIRE_CLUSTER] : []),
  ...pods.map(peer => nameOf(wantedBy(policy, peer))),
];

function exposedBy(compiled: Compiled, cast: Cast, direction: Direction) {
  const { table } = compiled.engine;
  const openingOf = openingsIn(compiled, cast, direction);
  const others = new Map(
    cast.futures.map(future => [future.name, otherSide(compiled, direction, future)]),
  );
  const futures = new Map(cast.futures.map(future => [future.name, future]));
  const openTo = (workload: Workload, future: Future | undefined): Open => {
    const other = future && others.get(future.name)?.(workload);
    if (future === undefined || other === undefined || other === NOTHING) return CLOSED;
    const { ports, names, exceptions } = openingOf(workload, future);
    const both = table.intersect(table.numberOf(ports, false), other);
    return { ports: table.at(both).ports, names, exceptions };
  };
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
