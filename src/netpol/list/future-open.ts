import type { Compiled } from '../compile/compiled.js';
import { programFor, readingOf } from '../decide/side.js';
import { allowedOf } from '../map/allowed.js';
import type { Workload } from '../map/workloads.js';
import { Direction } from '../policy.js';
import {
  formatPortSet,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  PROTOCOLS,
  subtractPorts,
} from '../ports/port-set.js';
import { EVERYTHING_ALLOWED, NOTHING, type TrafficId } from '../ports/traffic.js';
import type { Cast, Future } from './future-pods.js';
import { type Opening, type OpenName, openToAll } from './future-search.js';

/** What is open to a future, both sides taken together. */
export type Open = Pick<Opening, 'ports' | 'names' | 'exceptions'>;

export const CLOSED: Open = { ports: NO_PORTS, names: [], exceptions: [] };

export const isClosed = ({ ports, names }: Open): boolean => isNoPorts(ports) && names.length === 0;

/** Something is open to the one and not to the other. */
export const goesBeyond = (one: Open, other: Open): boolean =>
  !isNoPorts(subtractPorts(one.ports, other.ports)) ||
  one.names.some(
    ({ name, protocol }) =>
      !other.names.some(each => each.name === name && each.protocol === protocol) &&
      firstRangeIsNotAll(other.ports, protocol),
  );

const firstRangeIsNotAll = (ports: PortSet, protocol: OpenName['protocol']): boolean =>
  !isNoPorts(subtractPorts({ ...NO_PORTS, [protocol]: [{ from: 1, to: 65_535 }] }, ports));

/** `TCP 8080,http`: numbers, then names. */
export const openText = ({ ports, names }: Open): string => {
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

/** What is open between a workload and a future, which may be none that is known. */
export function openIn(compiled: Compiled, cast: Cast, direction: Direction) {
  const { table } = compiled.engine;
  const openingOf = openingsIn(compiled, cast, direction);
  const others = new Map(
    cast.futures.map(future => [future.name, otherSide(compiled, direction, future)]),
  );
  return (workload: Workload, future: Future | undefined): Open => {
    const other = future && others.get(future.name)?.(workload);
    if (future === undefined || other === undefined || other === NOTHING) return CLOSED;
    const { ports, names, exceptions } = openingOf(workload, future);
    const both = table.intersect(table.numberOf(ports, false), other);
    return { ports: table.at(both).ports, names, exceptions };
  };
}
