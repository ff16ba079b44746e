import { candidateOf } from '../enforcement/candidate.js';
import type { Explained } from '../enforcement/explained.js';
import { type ExplanationStores, explainEnds } from '../enforcement/flow-explanation.js';
import { inForce, inForceFor, keptSet } from '../enforcement/in-force.js';
import { type Compiled, compile, withTwins } from '../netpol/index.js';
import type { KeptCandidates } from './kept-candidates.js';
import type { SimulationStore } from './simulation.store.js';
import type { SimulationKey } from './simulation-run.store.js';

export type ExplainSimulatedStores = ExplanationStores & {
  readonly simulations: Pick<SimulationStore, 'byIds' | 'requestOf'>;
  readonly keptCandidates: KeptCandidates;
};

/** The candidate's set as it was simulated: over the policies that were in force then. Null where it was not kept. */
async function compiledFor(
  stores: ExplainSimulatedStores,
  key: SimulationKey,
): Promise<Compiled | null> {
  const [simulation] = await stores.simulations.byIds([key]);
  const asked = await stores.simulations.requestOf(key);
  if (simulation === undefined || asked === null) return null;
  const { sources, remove, modes, versions } = asked.candidate;
  const kept = await keptSet(stores, key.clusterId);
  const same =
    kept.versions.facts === versions.facts && kept.versions.policies === versions.policies;
  const at = same ? null : simulation.createdAt;
  const then = await inForce(stores, key.clusterId, at, modes);
  const { after } = candidateOf(then.policies, sources, remove);
  const live = await inForceFor(stores, key.clusterId, then, { after, at, modes });
  return compile(withTwins(live.facts), after, modes);
}

/**
 * Why a candidate allows flows or not, in the order of `flowIds`; null for a flow that is gone. Made from the policies
 * and labels of the time of the simulation.
 */
export async function explainSimulated(
  stores: ExplainSimulatedStores,
  key: SimulationKey,
  flowIds: readonly string[],
): Promise<readonly (Explained | null)[]> {
  const name = `${key.clusterId} ${key.id}`;
  const compiled = stores.keptCandidates.of(name) ?? (await compiledFor(stores, key));
  if (compiled === null) return flowIds.map(() => null);
  stores.keptCandidates.keep(name, compiled);
  const explained = await explainEnds(stores, compiled, key.clusterId, flowIds);
  return flowIds.map(id => explained.get(id) ?? null);
}
