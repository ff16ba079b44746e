import type { Compiled } from '../compile/compiled.js';
import { validPort } from '../decide/point.js';
import type { Connection, Endpoint } from '../verdict.js';
import { type Judgement, judgementOf } from './code.js';
import { FLOW_PROTOCOLS, judgeOf } from './judge.js';
import { type Seat, seatOf } from './seat.js';
import { NO_CODE, tableJudge } from './table-judge.js';

/**
 * Flows as columns of equal length: places in `endpoints`, ports (what is none, such as 0, is not known),
 * places in `FLOW_PROTOCOLS`.
 */
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
    ports: Int32Array.from(connections, ({ port }) => validPort(port) ?? 0),
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
  const fromTables = tableJudge(compiled, seats, sources.length);
  const answer = judgeOf(compiled);
  const codes = new Uint8Array(sources.length);
  for (let flow = 0; flow < codes.length; flow++) {
    const source = sources[flow] ?? -1;
    const destination = destinations[flow] ?? -1;
    const protocol = protocols[flow] ?? 3;
    const port = validPort(ports[flow] ?? 0) ?? 0;
    const code = fromTables(source, destination, protocol, port);
    codes[flow] =
      code !== NO_CODE
        ? code
        : answer(seatAt(seats, source), seatAt(seats, destination), protocol, port);
  }
  return { length: codes.length, codes, at: flow => judgementOf(codes[flow] ?? -1) };
}

function seatAt(seats: readonly Seat[], place: number): Seat {
  const seat = seats[place];
  if (seat === undefined) throw new RangeError(`no endpoint has the place ${place}`);
  return seat;
}
