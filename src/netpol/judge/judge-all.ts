import type { Compiled } from '../compile/compiled.js';
import type { Connection, Endpoint } from '../verdict.js';
import { type Judgement, judgementOf } from './code.js';
import { FLOW_PROTOCOLS, judgeOf } from './judge.js';
import { seatOf } from './seat.js';

/** Flows as columns of equal length: places in `endpoints`, ports (0: not known), places in `FLOW_PROTOCOLS`. */
export type FlowColumns = {
  readonly endpoints: readonly Endpoint[];
  readonly sources: Int32Array;
  readonly destinations: Int32Array;
  readonly ports: Int32Array;
  readonly protocols: Uint8Array;
};

/** One judgement a flow, in the order of the flows. */
export type Judgements = {
  readonly length: number;
  /** A byte a flow; equal judgements have equal bytes. */
  readonly codes: Uint8Array;
  at(flow: number): Judgement;
};

function columnsOf(connections: readonly Connection[]): FlowColumns {
  const endpoints: Endpoint[] = [];
  const places = new Map<string, number>();
  const placeOf = (endpoint: Endpoint): number => {
    const key = JSON.stringify(endpoint);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, endpoints.length);
    return endpoints.push(endpoint) - 1;
  };
  const names: readonly string[] = FLOW_PROTOCOLS;
  return {
    sources: Int32Array.from(connections, ({ source }) => placeOf(source)),
    destinations: Int32Array.from(connections, ({ destination }) => placeOf(destination)),
    ports: Int32Array.from(connections, ({ port }) => port ?? 0),
    protocols: Uint8Array.from(connections, ({ protocol }) => {
      const place = names.indexOf(protocol.toUpperCase());
      return place < 0 ? FLOW_PROTOCOLS.length - 1 : place;
    }),
    endpoints,
  };
}

/**
 * The verdicts of `decide` for many flows at once. Columns are answered at some million flows a
 * second; a list of connections is turned into columns first. Protocols other than TCP, UDP and
 * SCTP are all alike to policies: columns write them as ICMP.
 */
export function judgeAll(
  compiled: Compiled,
  flows: FlowColumns | readonly Connection[],
): Judgements {
  const columns = 'endpoints' in flows ? flows : columnsOf(flows);
  const { sources, destinations, ports, protocols } = columns;
  const seats = columns.endpoints.map(endpoint => seatOf(compiled, endpoint));
  const answer = judgeOf(compiled);
  const codes = new Uint8Array(sources.length);
  for (let flow = 0; flow < codes.length; flow++) {
    const source = seats[sources[flow] ?? -1];
    const destination = seats[destinations[flow] ?? -1];
    if (source === undefined || destination === undefined) {
      throw new RangeError(`flow ${flow} names an endpoint that is not in the table`);
    }
    codes[flow] = answer(source, destination, protocols[flow] ?? 3, ports[flow] ?? 0);
  }
  return { length: codes.length, codes, at: flow => judgementOf(codes[flow] ?? -1) };
}
