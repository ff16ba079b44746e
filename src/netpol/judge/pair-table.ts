import { agreed, both, type PointProtocol, pointOf, startsOf } from '../decide/point.js';
import type { Side } from '../decide/side.js';
import type { TrafficTable } from '../ports/traffic.js';
import { Basis } from '../verdict.js';
import { codeOf } from './code.js';
import type { SideTable } from './side-table.js';

/** Places of protocols in columns; all that policies cannot name stand last. */
export const COLUMN_PROTOCOLS: readonly PointProtocol[] = ['TCP', 'UDP', 'SCTP', null];

/** Judgements of one protocol, each from its first port to the next one's. */
type Codes = {
  readonly starts: Int32Array;
  readonly codes: Uint8Array;
  /** Where the port is not known. */
  readonly unknown: number;
};

/** What two sides together say of every port; by the protocol's place. */
export type Pair = readonly Codes[];

export type PairTable = { pair(egress: number, ingress: number): Pair };

function codesOf(table: TrafficTable, egress: Side, ingress: Side, protocol: PointProtocol): Codes {
  const governed = egress.governed || ingress.governed;
  const starts = startsOf(table, [egress, ingress], protocol);
  const points = starts.map(port =>
    both(pointOf(table, egress, protocol, port), pointOf(table, ingress, protocol, port)),
  );
  return {
    starts: Int32Array.from(starts),
    codes: Uint8Array.from(points, point => codeOf(point, governed)),
    unknown: codeOf(agreed(points, Basis.MISSING_INVENTORY), governed),
  };
}

/** Some hundred distinct sides make some thousand distinct pairs, whatever the number of flows. */
export function pairTable(table: TrafficTable, sides: SideTable): PairTable {
  const pairs: (Pair | undefined)[][] = [];
  return {
    pair: (egress, ingress) => {
      pairs[egress] ??= [];
      const row = pairs[egress] ?? [];
      row[ingress] ??= COLUMN_PROTOCOLS.map(protocol =>
        codesOf(table, sides.at(egress), sides.at(ingress), protocol),
      );
      return row[ingress] ?? [];
    },
  };
}

/** `port` 0 or less: not known. `protocol`: its place in `COLUMN_PROTOCOLS`. */
export function codeAt(pair: Pair, protocol: number, port: number): number {
  const codes = pair[protocol] ?? pair[3];
  if (codes === undefined) return 0;
  if (port <= 0) return codes.unknown;
  const { starts } = codes;
  let place = starts.length - 1;
  while (place > 0 && (starts[place] ?? 0) > port) place--;
  return codes.codes[place] ?? codes.unknown;
}
