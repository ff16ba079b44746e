import type { EvaluationStore, FlowVerdict } from './evaluation.store.js';
import { type InForceStores, inForce } from './in-force.js';
import { askedColumns, judgedColumns, noEnds, verdictsOf } from './verdicts.js';

export type AsOfStores = InForceStores & {
  readonly evaluation: Pick<EvaluationStore, 'judgedByIds' | 'peerEnds'>;
};

/** Flows of a cluster, and a moment as ISO text. */
export type AsOfInput = {
  readonly clusterId: number;
  readonly at: string;
  readonly flows: readonly string[];
};

/** What the policies of then say of flows, with the labels of then; flows that are gone are left out. */
export async function verdictsAsOf(
  stores: AsOfStores,
  { clusterId, at, flows }: AsOfInput,
): Promise<readonly FlowVerdict[]> {
  const judged = await stores.evaluation.judgedByIds(clusterId, flows);
  const asked = askedColumns(judged);
  const columns = await judgedColumns(stores.evaluation, clusterId, asked, noEnds());
  const { compiled } = await inForce(stores, clusterId, at);
  const verdictAt = verdictsOf(compiled, columns);
  return judged.map(({ id }, place) => ({ flowId: id, ...verdictAt(place) }));
}
