import type { Compiled } from '../compile/compiled.js';
import { validPort } from '../decide/point.js';
import type { Connection, Endpoint } from '../verdict.js';
import { type Judgement, judgementOf } from './code.js';
import { denseCodes } from './dense-codes.js';
import { FLOW_PROTOCOLS, judgeOf, portCodesOf } from './judge.js';
import { type Seat, seatOf } from './seat.js';
import { sideMatrixOf, UNKNOWN_SIDE } from './side-matrix.js';
import { sidesOf } from './sides.js';

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

/** Answers flows between pods from the side matrix; -1 for all others. */
function podJudge(compiled: Compiled, seats: readonly Seat[], flows: number) {
  const matrix = sideMatrixOf(compiled);
  if (matrix === null) return () => -1;
  const classes = Int32Array.from(seats, ({ podClass }) => podClass?.id ?? -1);
  for (const id of new Set(classes)) matrix.fill(id);
  const pods = Int32Array.from(seats, ({ pod }) => pod);
  const both = denseCodes(
    compiled.engine.table,
    sidesOf(compiled).table,
    portCodesOf(compiled),
    flows,
  );
  const { egress, ingress } = matrix;
  return (source: number, destination: number, protocol: number, port: number): number => {
    const from = classes[source] ?? -1;
    const to = classes[destination] ?? -1;
    if (from < 0 || to < 0 || pods[source] === pods[destination]) return -1;
    const out = egress.cells[(egress.starts[from] ?? 0) + to] ?? UNKNOWN_SIDE;
    const into = ingress.cells[(ingress.starts[to] ?? 0) + from] ?? UNKNOWN_SIDE;
    if (out === UNKNOWN_SIDE || into === UNKNOWN_SIDE) return -1;
    return both(out, into, protocol, port);
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
  const betweenPods = podJudge(compiled, seats, sources.length);
  const answer = judgeOf(compiled);
  const codes = new Uint8Array(sources.length);
  for (let flow = 0; flow < codes.length; flow++) {
    const source = sources[flow] ?? -1;
    const destination = destinations[flow] ?? -1;
    const protocol = protocols[flow] ?? 3;
    const port = validPort(ports[flow] ?? 0) ?? 0;
    const code = betweenPods(source, destination, protocol, port);
    codes[flow] =
      code >= 0 ? code : answer(seatAt(seats, source), seatAt(seats, destination), protocol, port);
  }
  return { length: codes.length, codes, at: flow => judgementOf(codes[flow] ?? -1) };
}

function seatAt(seats: readonly Seat[], place: number): Seat {
  const seat = seats[place];
  if (seat === undefined) throw new RangeError(`no endpoint has the place ${place}`);
  return seat;
}
