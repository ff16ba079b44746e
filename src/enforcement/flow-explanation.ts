import { decide } from '../netpol/index.js';
import type { EvaluationStore } from './evaluation.store.js';
import { type Explained, explained } from './explained.js';
import { connectionOf, isOwnNode } from './flow-question.js';
import { type InForceStores, inForce } from './in-force.js';

export type FlowKey = { readonly clusterId: number; readonly id: string };

export type ExplanationStores = InForceStores & {
  readonly evaluation: Pick<EvaluationStore, 'flowEnds'>;
};

const HALF = { verdict: 'ALLOWED', governed: false, missing: null, reasons: [] } as const;

/** A probe of the pod's own node (see `isOwnNode`). */
export const OWN_NODE: Explained = {
  verdict: 'ALLOWED',
  basis: 'spec-exception',
  governed: false,
  missing: null,
  egress: { ...HALF, direction: 'EGRESS', basis: 'default-allow' },
  ingress: { ...HALF, direction: 'INGRESS', basis: 'spec-exception' },
};

/** What the policies in force say of flows, and why: by the kept set of each cluster. */
export async function explainFlows(
  stores: ExplanationStores,
  keys: readonly FlowKey[],
): Promise<ReadonlyMap<string, Explained>> {
  const explanations = new Map<string, Explained>();
  for (const [clusterId, ofCluster] of Map.groupBy(keys, key => key.clusterId)) {
    const { compiled } = await inForce(stores, clusterId, null);
    const ids = ofCluster.map(({ id }) => id);
    for (const ends of await stores.evaluation.flowEnds(clusterId, ids)) {
      const explanation = isOwnNode(ends)
        ? OWN_NODE
        : explained(decide(compiled, connectionOf(ends)));
      explanations.set(`${clusterId} ${ends.id}`, explanation);
    }
  }
  return explanations;
}
