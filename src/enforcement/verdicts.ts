import { betweenPods, type Compiled, type Endpoint, judge } from '../netpol/index.js';
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

/** What the policies say of one flow whose ends were read. */
export function verdictOf(
  compiled: Compiled,
  flow: Pick<JudgedFlow, 'sourceId' | 'destinationId' | 'port' | 'protocol' | 'trafficClass'>,
  ends: Ends,
): Omit<FlowVerdict, 'flowId'> {
  const source = endOf(ends, flow.sourceId);
  if (source.isNode && flow.trafficClass === NODE_PROBE) return OWN_NODE;
  return judge(
    compiled,
    betweenPods({
      source: source.endpoint,
      destination: endOf(ends, flow.destinationId).endpoint,
      port: flow.port,
      protocol: flow.protocol,
    }),
  );
}
