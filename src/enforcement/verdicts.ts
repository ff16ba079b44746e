import {
  betweenPods,
  type Compiled,
  type Endpoint,
  type FlowColumns,
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
  readonly trafficClasses: readonly string[];
};

type Asked = Pick<JudgedFlow, 'sourceId' | 'destinationId' | 'port' | 'protocol' | 'trafficClass'>;

export const askedColumns = (flows: readonly Asked[]): AskedColumns => ({
  sourceIds: flows.map(({ sourceId }) => sourceId),
  destinationIds: flows.map(({ destinationId }) => destinationId),
  ports: flows.map(({ port }) => port),
  protocols: flows.map(({ protocol }) => protocol),
  trafficClasses: flows.map(({ trafficClass }) => trafficClass),
});

/** Flows as the engine judges them, and those of them that are a node's probes of its own pods. */
export type JudgedColumns = FlowColumns & { readonly probes: ReadonlySet<number> };

/** Reads what is not known yet of the flows' ends. */
async function readEnds(
  store: Pick<EvaluationStore, 'peerEnds'>,
  clusterId: number,
  { sourceIds, destinationIds }: AskedColumns,
  { numbers, endpoints, nodes }: Ends,
): Promise<void> {
  const missing = new Set<string>();
  for (const ids of [sourceIds, destinationIds])
    for (const id of ids) if (!numbers.has(id)) missing.add(id);
  if (missing.size === 0) return;
  for (const peer of await store.peerEnds(clusterId, [...missing])) {
    const number = endpoints.push(endpointOf(peer)) - 1;
    numbers.set(peer.id, number);
    if (peer.kind === 'NODE') nodes.add(number);
  }
}

const numberOf = ({ numbers }: Ends, id: string): number => {
  const number = numbers.get(id);
  if (number === undefined) throw new Error(`peer ${id} of a flow is not stored`);
  return number;
};

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

/** The flows as the engine takes them, for any number of sets; reads what is not known yet of their ends. */
export async function judgedColumns(
  store: Pick<EvaluationStore, 'peerEnds'>,
  clusterId: number,
  asked: AskedColumns,
  ends: Ends,
): Promise<JudgedColumns> {
  await readEnds(store, clusterId, asked, ends);
  const { sourceIds, destinationIds, trafficClasses } = asked;
  const sources = Int32Array.from(sourceIds, id => numberOf(ends, id));
  const destinations = Int32Array.from(destinationIds, (id, flow) =>
    id === sourceIds[flow] ? twinOf(ends, sources[flow] ?? -1) : numberOf(ends, id),
  );
  const probes = new Set<number>();
  for (const [flow, name] of trafficClasses.entries())
    if (name === NODE_PROBE && ends.nodes.has(sources[flow] ?? -1)) probes.add(flow);
  return {
    endpoints: ends.endpoints,
    sources,
    destinations,
    ports: Int32Array.from(asked.ports, port => port ?? 0),
    protocols: Uint8Array.from(asked.protocols, protocolNumber),
    probes,
  };
}

/** As `isOwnNode` says. */
const OWN_NODE = { verdict: 'ALLOWED', governed: false, basis: 'spec-exception' } as const;

/** Where no policy is in force every flow is allowed, whoever its ends are: nothing needs to be compiled. */
export const UNGOVERNED = { verdict: 'ALLOWED', governed: false, basis: 'default-allow' } as const;

/** What the policies say of flows, by their places in the columns. */
export function verdictsOf(compiled: Compiled, columns: JudgedColumns): Judgements['at'] {
  const judged = judgeAll(compiled, columns);
  return place => (columns.probes.has(place) ? OWN_NODE : judged.at(place));
}
