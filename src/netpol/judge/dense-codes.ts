import { type PointProtocol, startsOf } from '../decide/point.js';
import type { TrafficTable } from '../ports/traffic.js';
import { COLUMN_PROTOCOLS, type PortCodes } from './port-codes.js';
import type { SideId, SideTable } from './side-table.js';

const PORTS = 65_536;

/** Not a group of ports: the port is not known. */
const NO_GROUP = 0xffff;

/** As `PortCodes.both`. */
type BothCodes = PortCodes['both'];

type Groups = {
  /** By protocol and port: ports in one group are alike to every side. */
  readonly groupOf: Uint16Array;
  /** A protocol and a port of each group. */
  readonly samples: readonly (readonly [protocol: number, port: number])[];
};

function groupsOf(table: TrafficTable, sides: SideTable, count: number): Groups {
  const all = Array.from({ length: count }, (_, number) => sides.at(number as SideId));
  const groupOf = new Uint16Array(COLUMN_PROTOCOLS.length * PORTS).fill(NO_GROUP);
  const samples: (readonly [number, number])[] = [];
  const add = (protocol: number, name: PointProtocol): void => {
    const starts = startsOf(table, all, name);
    for (const [place, start] of starts.entries()) {
      // Without ports there is one group, which port 0 belongs to as well.
      const [from, to] = name === null ? [0, PORTS] : [start, starts[place + 1] ?? PORTS];
      groupOf.fill(samples.length, protocol * PORTS + from, protocol * PORTS + to);
      samples.push([protocol, start]);
    }
  };
  for (const [protocol, name] of COLUMN_PROTOCOLS.entries()) add(protocol, name);
  return { groupOf, samples };
}

/**
 * The codes of all pairs of the sides that are known now, on all ports, read from one flat table: 1,000,000 flows of a
 * cluster with some dozen distinct sides take 168 ms where scanning both sides' stretches took 257. A table with more
 * entries than `flows` would cost more than it saves: then, and for what is not in it, `codes` is asked.
 */
export function denseCodes(
  table: TrafficTable,
  sides: SideTable,
  codes: PortCodes,
  flows: number,
): BothCodes {
  const count = sides.count();
  if (count * count > flows) return codes.both;
  const { groupOf, samples } = groupsOf(table, sides, count);
  const width = samples.length;
  if (count * count * width > flows) return codes.both;
  const dense = new Uint8Array(count * count * width);
  for (let pair = 0; pair < count * count; pair++) {
    const [egress, ingress] = [Math.floor(pair / count) as SideId, (pair % count) as SideId];
    samples.forEach(([protocol, port], group) => {
      dense[pair * width + group] = codes.both(egress, ingress, protocol, port);
    });
  }
  return (egress, ingress, protocol, port) => {
    const group = groupOf[protocol * PORTS + port] ?? NO_GROUP;
    return group === NO_GROUP || egress >= count || ingress >= count
      ? codes.both(egress, ingress, protocol, port)
      : (dense[(egress * count + ingress) * width + group] ?? 0);
  };
}
