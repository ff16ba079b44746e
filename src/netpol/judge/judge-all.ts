import type { Compiled } from '../compile/compiled.js';
import { protocolOf, validPort } from '../decide/point.js';
import type { Connection, Endpoint } from '../verdict.js';
import { type Judgement, judgementOf } from './code.js';
import { judgeOf } from './judge.js';
import { COLUMN_PROTOCOLS } from './port-codes.js';
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

/** Names of protocols, as flows write them, to their places in `FLOW_PROTOCOLS`. */
function protocolPlaces() {
  const places = new Map<string, number>();
  return (protocol: string): number => {
    const known = places.get(protocol);
    if (known !== undefined) return known;
    const place = COLUMN_PROTOCOLS.indexOf(protocolOf(protocol));
    places.set(protocol, place);
    return place;
  };
}

/** Columns with the seats of their endpoints. */
type Seated = Omit<FlowColumns, 'endpoints'> & { readonly seats: readonly Seat[] };

/** Places of seats in the order in which flows name them. */
function seatPlaces(compiled: Compiled) {
  const seats: Seat[] = [];
  const places: number[] = [];
  const placeOf = (endpoint: Endpoint): number => {
    const seat = seatOf(compiled, endpoint);
    const known = places[seat.number];
    if (known !== undefined) return known;
    places[seat.number] = seats.length;
    return seats.push(seat) - 1;
  };
  return { seats, placeOf };
}

function seatedConnections(compiled: Compiled, connections: readonly Connection[]): Seated {
  const { seats, placeOf } = seatPlaces(compiled);
  const protocolPlace = protocolPlaces();
  const sources = new Int32Array(connections.length);
  const destinations = new Int32Array(connections.length);
  const ports = new Int32Array(connections.length);
  const protocols = new Uint8Array(connections.length);
  for (const [flow, { source, destination, port, protocol }] of connections.entries()) {
    sources[flow] = placeOf(source);
    destinations[flow] = placeOf(destination);
    ports[flow] = validPort(port) ?? 0;
    protocols[flow] = protocolPlace(protocol);
  }
  return { seats, sources, destinations, ports, protocols };
}

const seatedColumns = (compiled: Compiled, columns: FlowColumns): Seated => ({
  ...columns,
  seats: columns.endpoints.map(endpoint => seatOf(compiled, endpoint)),
});

/**
 * The verdicts of `decide` for many flows, without reasons: one byte a flow, in the order of the flows, for ends of every
 * kind. This is the way to judge more than a handful of flows:
 *
 *     const { codes, at } = judgeAll(compiled, flows);
 *     codes[i] === other.codes[i]        // the same judgement, of whichever set
 *     const { verdict, governed, basis } = at(i);
 *
 * A list of connections becomes columns first, each endpoint resolved once a set; who has columns hands them over, with
 * each endpoint once. 1,000,000 distinct flows of 2,000 deployments with a policy each, three in ten with ends that are no
 * pods, take 1 to 2 s of processor time in a set that has judged them before, and 6 to 8 s in one that was just compiled: its
 * rows are made then, and kept. Protocols other than TCP, UDP and SCTP are all alike to policies: columns write them as ICMP.
 *
 * Throws a `RangeError` where a column names an endpoint that is not there.
 */
export function judgeAll(
  compiled: Compiled,
  flows: FlowColumns | readonly Connection[],
): Judgements {
  const { seats, sources, destinations, ports, protocols } =
    'endpoints' in flows ? seatedColumns(compiled, flows) : seatedConnections(compiled, flows);
  const fromTables = tableJudge(compiled, seats, { sources, destinations });
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
