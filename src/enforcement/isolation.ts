import type { Isolation } from '../inventory/deployment-filter.js';
import { type Compiled, decide, type Endpoint } from '../netpol/index.js';
import { type EvaluationStores, inForce } from './evaluate.js';

const SOMEBODY: Endpoint = { kind: 'unresolved', reason: 'who it is' };

const isGoverned = (compiled: Compiled, key: string) => {
  const pod: Endpoint = { kind: 'pod', key };
  const ask = { port: 1, protocol: 'TCP' };
  return {
    ingress: decide(compiled, { ...ask, source: SOMEBODY, destination: pod }).ingress.governed,
    egress: decide(compiled, { ...ask, source: pod, destination: SOMEBODY }).egress.governed,
  };
};

const isolationOf = (compiled: Compiled, key: string): Isolation => {
  const { ingress, egress } = isGoverned(compiled, key);
  if (ingress) return egress ? 'BOTH' : 'INGRESS';
  return egress ? 'EGRESS' : 'NONE';
};

/** Every deployment that the policies in force isolate so, of all clusters that the caller sees. */
export async function deploymentsIsolated(
  stores: EvaluationStores,
  isolation: Isolation,
): Promise<readonly { readonly clusterId: number; readonly id: string }[]> {
  const found = [];
  for (const clusterId of await stores.evaluation.clusterIds()) {
    const { compiled, facts, known, policies } = await inForce(stores, clusterId, null);
    const { pods } = policies.length === 0 ? known : facts;
    const isolated = pods.filter(({ key }) => isolationOf(compiled, key) === isolation);
    found.push(...isolated.map(({ key }) => ({ clusterId, id: key })));
  }
  return found;
}
