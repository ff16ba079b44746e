import type { Caller } from '../access/caller.js';
import { type Compiled, decide } from '../netpol/index.js';
import { dataplaneWord } from './dataplane-word.js';
import type { EvaluationStore, FlowEnds } from './evaluation.store.js';
import { type Explained, explained } from './explained.js';
import { connectionOf, isOwnNode } from './flow-question.js';
import { type InForceStores, keptSet } from './in-force.js';
import { explainedFor, namedFor } from './visible-explanation.js';

export type FlowKey = { readonly clusterId: number; readonly id: string };

export type ExplanationStores = InForceStores & {
  readonly evaluation: Pick<EvaluationStore, 'flowEnds'>;
};

const HALF = { verdict: 'ALLOWED', governed: false, missing: null, reasons: [] } as const;

/** A probe of the pod's own node (see `isOwnNode`). */
const OWN_NODE: Explained = {
  verdict: 'ALLOWED',
  basis: 'spec-exception',
  governed: false,
  missing: null,
  egress: { ...HALF, direction: 'EGRESS', basis: 'default-allow' },
  ingress: { ...HALF, direction: 'INGRESS', basis: 'spec-exception' },
};

const explainOne = (compiled: Compiled, ends: FlowEnds): Explained =>
  isOwnNode(ends) ? OWN_NODE : explained(decide(compiled, connectionOf(compiled, ends)));

/** Why a compiled set allows flows of a cluster or not, by the flows' ids; those that are gone are left out. */
export async function explainEnds(
  { evaluation }: Pick<ExplanationStores, 'evaluation'>,
  compiled: Compiled,
  clusterId: number,
  flowIds: readonly string[],
): Promise<ReadonlyMap<string, Explained>> {
  const flows = await evaluation.flowEnds(clusterId, flowIds);
  return new Map(flows.map(ends => [ends.id, { ...explainOne(compiled, ends), clusterId }]));
}

/** What the policies in force say of flows, and why, beside what the dataplane said, in the order of `keys`; null for a flow that is gone. */
export async function explainFlows(
  stores: ExplanationStores,
  caller: Caller,
  keys: readonly FlowKey[],
): Promise<readonly (Explained | null)[]> {
  const found = new Map<string, Explained>();
  for (const [clusterId, ofCluster] of Map.groupBy(keys, key => key.clusterId)) {
    const { evaluated, versions } = await keptSet(stores, clusterId);
    const ids = ofCluster.map(({ id }) => id);
    for (const ends of await stores.evaluation.flowEnds(clusterId, ids)) {
      const one = explainOne(evaluated.compiled, ends);
      const { observedVerdict, observedPolicies } = ends;
      const named = namedFor(caller, observedPolicies ?? []);
      const dataplane = dataplaneWord(observedVerdict, named, one.verdict);
      const shown = explainedFor(caller, one);
      found.set(`${clusterId} ${ends.id}`, { ...shown, clusterId, versions, dataplane });
    }
  }
  return keys.map(({ clusterId, id }) => found.get(`${clusterId} ${id}`) ?? null);
}
