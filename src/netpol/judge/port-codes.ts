import { agreed, type PointProtocol, pointOf, startsOf } from '../decide/point.js';
import type { Side } from '../decide/side.js';
import type { TrafficTable } from '../ports/traffic.js';
import { Basis } from '../verdict.js';
import { bothCodes, CODES, codeOf, judgementOf } from './code.js';
import type { SideId, SideTable } from './side-table.js';

/** Places of protocols in columns; all that policies cannot name stand last. */
export const COLUMN_PROTOCOLS: readonly PointProtocol[] = ['TCP', 'UDP', 'SCTP', null];
const OTHER = 3;

/**
 * What numbered sides say of ports, in codes. A side's stretches of ports lie one after the other
 * in flat columns, so that a flow reads a few neighbouring numbers and follows no pointers.
 */
export type PortCodes = {
  /** The code of two sides. `protocol`: a place in `COLUMN_PROTOCOLS`; `port` 0: not known. */
  both(egress: SideId, ingress: SideId, protocol: number, port: number): number;
};

type Columns = {
  /** First ports of stretches, 0 for the first of each side and protocol; and the code of each stretch. */
  starts: Int32Array;
  codes: Uint8Array;
  length: number;
  /** By side and protocol: where its stretches end. */
  ends: Int32Array;
};

const larger = <Column extends Int32Array | Uint8Array>(column: Column, length: number): Column => {
  if (length <= column.length) return column;
  const room = new (column.constructor as new (length: number) => Column)(length * 2);
  room.set(column);
  return room;
};

function append(columns: Columns, place: number, starts: readonly number[], codes: number[]): void {
  columns.starts = larger(columns.starts, columns.length + starts.length);
  columns.codes = larger(columns.codes, columns.length + starts.length);
  columns.ends = larger(columns.ends, place + 1);
  columns.starts.set([0, ...starts.slice(1)], columns.length);
  columns.codes.set(codes, columns.length);
  columns.length += starts.length;
  columns.ends[place] = columns.length;
}

function addSide(columns: Columns, table: TrafficTable, side: Side, number: SideId): void {
  for (const [protocol, name] of COLUMN_PROTOCOLS.entries()) {
    const starts = startsOf(table, [side], name);
    const codes = starts.map(port => codeOf(pointOf(table, side, name, port), side.governed));
    append(columns, number * COLUMN_PROTOCOLS.length + protocol, starts, codes);
  }
}

export function portCodes(table: TrafficTable, sides: SideTable): PortCodes {
  const columns: Columns = {
    starts: new Int32Array(256),
    codes: new Uint8Array(256),
    length: 0,
    ends: new Int32Array(256),
  };
  /** Where a side's stretches of a protocol end; 0: the side is new. */
  const endOf = (number: SideId, protocol: number): number => {
    const place = number * COLUMN_PROTOCOLS.length + protocol;
    if ((columns.ends[place] ?? 0) === 0) addSide(columns, table, sides.at(number), number);
    return columns.ends[place] ?? 0;
  };
  const codeAt = (number: SideId, protocol: number, port: number): number => {
    let at = endOf(number, protocol) - 1;
    while ((columns.starts[at] ?? 0) > port) at--;
    return columns.codes[at] ?? 0;
  };
  const together = bothCodes();
  const both = (egress: SideId, ingress: SideId, protocol: number, port: number): number =>
    together[codeAt(egress, protocol, port) * CODES + codeAt(ingress, protocol, port)] ?? 0;
  /** Without a port: what all ports agree on. Few flows lack one, and they repeat their sides. */
  const unknown = new Map<string, number>();
  const withoutPort = (egress: SideId, ingress: SideId, protocol: number): number => {
    const key = `${egress} ${ingress} ${protocol}`;
    const before = unknown.get(key);
    if (before !== undefined) return before;
    const name = COLUMN_PROTOCOLS[protocol] ?? null;
    const ports = startsOf(table, [sides.at(egress), sides.at(ingress)], name);
    const judgements = ports.map(port => judgementOf(both(egress, ingress, protocol, port)));
    const governed = judgements.some(judgement => judgement.governed);
    const code = codeOf(agreed(judgements, Basis.MISSING_INVENTORY), governed);
    unknown.set(key, code);
    return code;
  };
  return {
    both: (egress, ingress, protocol, port) =>
      port > 0 || protocol === OTHER
        ? both(egress, ingress, protocol, port)
        : withoutPort(egress, ingress, protocol),
  };
}
