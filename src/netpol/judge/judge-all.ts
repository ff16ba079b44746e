import { isV4 } from '../addresses/address.js';
import type { Compiled } from '../compile/compiled.js';
import { validPort } from '../decide/point.js';
import { Direction } from '../policy.js';
import { UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import type { Connection, Endpoint } from '../verdict.js';
import { type Judgement, judgementOf } from './code.js';
import { denseCodes } from './dense-codes.js';
import { FLOW_PROTOCOLS, judgeOf, portCodesOf } from './judge.js';
import { outsideSides } from './outside-sides.js';
import { type Seat, seatOf } from './seat.js';
import { type SideRows, sideMatrixOf, UNKNOWN_SIDE } from './side-matrix.js';
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

/** What the tables know of the ends of flows, by their places; -1: nothing. */
type Ends = {
  readonly classes: Int32Array;
  /** Places in the facts. */
  readonly pods: Int32Array;
  /** IPv4, outside the cluster. */
  readonly addresses: Float64Array;
};

const endsOf = (seats: readonly Seat[]): Ends => ({
  classes: Int32Array.from(seats, ({ podClass }) => podClass?.id ?? -1),
  pods: Int32Array.from(seats, ({ pod }) => pod),
  addresses: Float64Array.from(seats, ({ address }) =>
    address !== null && isV4(address) ? address : -1,
  ),
});

/** Answers one direction of a flow, in numbers of sides, from flat tables. */
function lookUp(
  compiled: Compiled,
  direction: Direction,
  { starts, cells }: SideRows,
  { classes, addresses }: Ends,
) {
  const sides = sidesOf(compiled);
  const ungoverned = sides.table.plain(UNGOVERNED_OUTCOME);
  const outside = outsideSides(sides, direction, compiled.engine.index.classes);
  const ofOutsider = (subject: number): number =>
    (addresses[subject] ?? -1) < 0 ? UNKNOWN_SIDE : ungoverned;
  const towardsOutsider = (id: number, peer: number): number => {
    const address = addresses[peer] ?? -1;
    return address < 0 ? UNKNOWN_SIDE : outside(id, address);
  };
  return (subject: number, peer: number): number => {
    const id = classes[subject] ?? -1;
    if (id < 0) return ofOutsider(subject);
    const peerId = classes[peer] ?? -1;
    if (peerId < 0) return towardsOutsider(id, peer);
    return cells[(starts[id] ?? 0) + peerId] ?? UNKNOWN_SIDE;
  };
}

/** Answers flows of pods and outside addresses from flat tables; -1 for all others. */
function tableJudge(compiled: Compiled, seats: readonly Seat[], flows: number) {
  const matrix = sideMatrixOf(compiled);
  if (matrix === null) return () => -1;
  const ends = endsOf(seats);
  const { classes, pods } = ends;
  for (const id of new Set(classes)) matrix.fill(id);
  const { table } = sidesOf(compiled);
  const both = denseCodes(compiled.engine.table, table, portCodesOf(compiled), flows);
  const egress = lookUp(compiled, Direction.EGRESS, matrix.egress, ends);
  const ingress = lookUp(compiled, Direction.INGRESS, matrix.ingress, ends);
  return (source: number, destination: number, protocol: number, port: number): number => {
    if ((pods[source] ?? -1) === pods[destination] && (pods[source] ?? -1) >= 0) return -1;
    const out = egress(source, destination);
    const into = ingress(destination, source);
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
      code >= 0 ? code : answer(seatAt(seats, source), seatAt(seats, destination), protocol, port);
  }
  return { length: codes.length, codes, at: flow => judgementOf(codes[flow] ?? -1) };
}

function seatAt(seats: readonly Seat[], place: number): Seat {
  const seat = seats[place];
  if (seat === undefined) throw new RangeError(`no endpoint has the place ${place}`);
  return seat;
}
