import {
  betweenPods,
  type Compiled,
  type Endpoint,
  type FlowColumns,
  hidingService,
  type Judgements,
  judgeAll,
} from '../netpol/index.js';
import { endpointOf } from './endpoint.js';
import type { EvaluationStore, JudgedFlow } from './evaluation.store.js';
import { NODE_PROBE } from './flow-question.js';

/** The ends of a cluster's flows, numbered as they come. Each is read once, and is one object. */
export type Ends = {
  readonly numbers: Map<string, number>;
  readonly endpoints: Endpoint[];
  /** Of a deployment: the number of the other one of its pods, where its flows to itself end. */
  readonly twins: Map<number, number>;
  readonly nodes: Set<number>;
};

export const noEnds = (): Ends => ({
  numbers: new Map(),
  endpoints: [],
  twins: new Map(),
  nodes: new Set(),
});

/** Flows as columns of equal length, their ends by their peers' ids. */
export type AskedColumns = {
  readonly sourceIds: readonly string[];
  readonly destinationIds: readonly string[];
  readonly ports: readonly (number | null)[];
  readonly protocols: readonly string[];
  /** Of the Services that they went through; null: none is known. */
  readonly servicePorts: readonly (number | null)[];
  readonly trafficClasses: readonly string[];
};

type Asked = Pick<
  JudgedFlow,
  'sourceId' | 'destinationId' | 'port' | 'protocol' | 'servicePort' | 'trafficClass'
>;

export const askedColumns = (flows: readonly Asked[]): AskedColumns => ({
  sourceIds: flows.map(({ sourceId }) => sourceId),
  destinationIds: flows.map(({ destinationId }) => destinationId),
  ports: flows.map(({ port }) => port),
  protocols: flows.map(({ protocol }) => protocol),
  servicePorts: flows.map(({ servicePort }) => servicePort),
  trafficClasses: flows.map(({ trafficClass }) => trafficClass),
});

/** Flows as the engine judges them, and those of them that are a node's probes of its own pods. */
export type JudgedColumns = FlowColumns & {
  readonly probes: ReadonlySet<number>;
  /** 0: none is known. */
  readonly servicePorts: Int32Array;
};

/** Reads the ends that are not known yet. */
async function readEnds(
  store: Pick<EvaluationStore, 'peerEnds'>,
  clusterId: number,
  ids: ReadonlySet<string>,
  { numbers, endpoints, nodes }: Ends,
): Promise<void> {
  for (const peer of await store.peerEnds(clusterId, [...ids])) {
    const number = endpoints.push(endpointOf(peer)) - 1;
    numbers.set(peer.id, number);
    if (peer.kind === 'NODE') nodes.add(number);
  }
}

const UNKNOWN = -1;

/** Numbers of ends, each looked up once; those that are not known are added to `missing`. */
function numbered(
  ids: readonly string[],
  { numbers }: Ends,
  missing: Set<string>,
): Int32Array<ArrayBuffer> {
  const found = new Int32Array(ids.length);
  let place = 0;
  for (const id of ids) {
    const number = numbers.get(id) ?? UNKNOWN;
    if (number === UNKNOWN) missing.add(id);
    found[place++] = number;
  }
  return found;
}

/** Numbers what was not known when it was looked up. */
function complete(found: Int32Array, ids: readonly string[], { numbers }: Ends): void {
  for (let place = found.indexOf(UNKNOWN); place !== -1; place = found.indexOf(UNKNOWN, place)) {
    const number = numbers.get(ids[place] ?? '');
    if (number === undefined) throw new Error(`peer ${ids[place]} of a flow is not stored`);
    found[place] = number;
  }
}

/** Where a flow from an end to the same end goes: from one pod of a deployment to another, else to that very end. */
function twinOf({ endpoints, twins }: Ends, number: number): number {
  const known = twins.get(number);
  if (known !== undefined) return known;
  const end = endpoints[number];
  if (end?.kind !== 'pod') return number;
  const { destination } = betweenPods({ source: end, destination: end });
  const twin = endpoints.push(destination) - 1;
  twins.set(number, twin);
  return twin;
}

/** As the engine's columns name them; all that policies cannot name are alike. */
const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'];
const OTHER = 3;

const protocolNumber = (protocol: string): number => {
  const number = PROTOCOLS.indexOf(protocol);
  return number === -1 ? OTHER : number;
};

/** As `Int32Array.from` with a function, which goes through an iterator. */
function numbersOf<Cell>(
  cells: readonly Cell[],
  numberOf: (cell: Cell) => number,
): Int32Array<ArrayBuffer> {
  const numbers = new Int32Array(cells.length);
  let place = 0;
  for (const cell of cells) numbers[place++] = numberOf(cell);
  return numbers;
}

/** Flows that are a node's probes of its own pods. */
function probesOf(
  sources: Int32Array,
  trafficClasses: readonly string[],
  { nodes }: Ends,
): ReadonlySet<number> {
  const probes = new Set<number>();
  if (nodes.size === 0) return probes;
  for (const [flow, name] of trafficClasses.entries())
    if (name === NODE_PROBE && nodes.has(sources[flow] ?? UNKNOWN)) probes.add(flow);
  return probes;
}

/** The flows as the engine takes them, for any number of sets; reads what is not known yet of their ends. */
export async function judgedColumns(
  store: Pick<EvaluationStore, 'peerEnds'>,
  clusterId: number,
  asked: AskedColumns,
  ends: Ends,
): Promise<JudgedColumns> {
  const { sourceIds, destinationIds, trafficClasses } = asked;
  const missing = new Set<string>();
  const sources = numbered(sourceIds, ends, missing);
  const destinations = numbered(destinationIds, ends, missing);
  if (missing.size > 0) {
    await readEnds(store, clusterId, missing, ends);
    complete(sources, sourceIds, ends);
    complete(destinations, destinationIds, ends);
  }
  for (let flow = 0; flow < sources.length; flow += 1)
    if (sources[flow] === destinations[flow])
      destinations[flow] = twinOf(ends, sources[flow] ?? UNKNOWN);
  return {
    endpoints: ends.endpoints,
    sources,
    destinations,
    ports: numbersOf(asked.ports, port => port ?? 0),
    protocols: Uint8Array.from(numbersOf(asked.protocols, protocolNumber)),
    servicePorts: numbersOf(asked.servicePorts, port => port ?? 0),
    probes: probesOf(sources, trafficClasses, ends),
  };
}

/** As `isOwnNode` says. */
const OWN_NODE = { verdict: 'ALLOWED', governed: false, basis: 'spec-exception' } as const;

/** Where no policy is in force every flow is allowed, whoever its ends are: nothing needs to be compiled. */
export const UNGOVERNED = { verdict: 'ALLOWED', governed: false, basis: 'default-allow' } as const;

/** The Service that a flow is to be asked of; null: it is asked as it is. */
function serviceOf(compiled: Compiled, columns: JudgedColumns, flow: number): Endpoint | null {
  const servicePort = columns.servicePorts[flow] ?? 0;
  if (servicePort === 0) return null;
  const source = columns.endpoints[columns.sources[flow] ?? UNKNOWN];
  const destination = columns.endpoints[columns.destinations[flow] ?? UNKNOWN];
  const protocol = PROTOCOLS[columns.protocols[flow] ?? OTHER] ?? '';
  return source === undefined || destination === undefined
    ? null
    : hidingService(compiled, { source, destination, protocol, servicePort });
}

/** What clients outside asked of a Service that may have hidden them is asked of that Service (`hidingService`). */
function throughServices(compiled: Compiled, columns: JudgedColumns): FlowColumns {
  const endpoints: Endpoint[] = [];
  const changed = { destinations: columns.destinations.slice(), ports: columns.ports.slice() };
  for (const [flow, servicePort] of columns.servicePorts.entries()) {
    const service = serviceOf(compiled, columns, flow);
    if (service === null) continue;
    changed.destinations[flow] = columns.endpoints.length + endpoints.push(service) - 1;
    changed.ports[flow] = servicePort;
  }
  return endpoints.length === 0
    ? columns
    : { ...columns, ...changed, endpoints: [...columns.endpoints, ...endpoints] };
}

/** What the policies say of flows, by their places in the columns. */
export function verdictsOf(compiled: Compiled, columns: JudgedColumns): Judgements['at'] {
  const judged = judgeAll(compiled, throughServices(compiled, columns));
  return place => (columns.probes.has(place) ? OWN_NODE : judged.at(place));
}
