import {
  betweenPods,
  type Compiled,
  type Connection,
  type Endpoint,
  judgeAll,
} from '../netpol/index.js';
import { endpointOf } from './endpoint.js';
import type { EvaluationStore, FlowVerdict, JudgedFlow } from './evaluation.store.js';
import { NODE_PROBE } from './flow-question.js';

type End = { readonly endpoint: Endpoint; readonly isNode: boolean };

/** The ends of a cluster's flows, by the ids of their peers. Each is read once, and is one object. */
export type Ends = Map<string, End>;

/** Reads what is not known yet of the flows' ends. */
export async function readEnds(
  store: Pick<EvaluationStore, 'peerEnds'>,
  clusterId: number,
  flows: readonly Pick<JudgedFlow, 'sourceId' | 'destinationId'>[],
  ends: Ends,
): Promise<void> {
  const ids = new Set(flows.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]));
  const missing = [...ids].filter(id => !ends.has(id));
  if (missing.length === 0) return;
  for (const peer of await store.peerEnds(clusterId, missing))
    ends.set(peer.id, { endpoint: endpointOf(peer), isNode: peer.kind === 'NODE' });
}

const endOf = (ends: Ends, id: string): End => {
  const end = ends.get(id);
  if (end === undefined) throw new Error(`peer ${id} of a flow is not stored`);
  return end;
};

/** As `isOwnNode` says. */
const OWN_NODE = { verdict: 'ALLOWED', governed: false, basis: 'spec-exception' } as const;

/** Where no policy is in force every flow is allowed, whoever its ends are: nothing needs to be compiled. */
export const UNGOVERNED = { verdict: 'ALLOWED', governed: false, basis: 'default-allow' } as const;

type Asked = Pick<JudgedFlow, 'sourceId' | 'destinationId' | 'port' | 'protocol' | 'trafficClass'>;

const connectionIn =
  (ends: Ends) =>
  ({ sourceId, destinationId, port, protocol }: Asked): Connection =>
    betweenPods({
      source: endOf(ends, sourceId).endpoint,
      destination: endOf(ends, destinationId).endpoint,
      port,
      protocol,
    });

/** What the policies say of flows whose ends were read, by their places in the list. */
export function verdictsOf(
  compiled: Compiled,
  flows: readonly Asked[],
  ends: Ends,
): (place: number) => Omit<FlowVerdict, 'flowId'> {
  const judged = judgeAll(compiled, flows.map(connectionIn(ends)));
  const isOwnNode = flows.map(
    ({ sourceId, trafficClass }) => trafficClass === NODE_PROBE && endOf(ends, sourceId).isNode,
  );
  return place => (isOwnNode[place] === true ? OWN_NODE : judged.at(place));
}
