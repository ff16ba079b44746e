import { type Caller, seesWhole } from '../access/caller.js';
import { scopeKey } from '../access/scope.js';
import { candidateOf } from '../enforcement/candidate.js';
import type { Explained } from '../enforcement/explained.js';
import { type ExplanationStores, explainEnds } from '../enforcement/flow-explanation.js';
import {
  type InForceStores,
  inForce,
  inForceBefore,
  inForceFor,
  keptSet,
} from '../enforcement/in-force.js';
import type { Evaluated } from '../enforcement/kept-sets.js';
import { explainedFor } from '../enforcement/visible-explanation.js';
import { visibleSet } from '../enforcement/visible-set.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import { type Compiled, compile, type Modes, type Policy, withTwins } from '../netpol/index.js';
import type { KeptCandidates } from './kept-candidates.js';
import type { SimulationKey } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';

export type ExplainSimulatedStores = ExplanationStores & {
  readonly simulations: Pick<SimulationStore, 'byIds' | 'requestOf' | 'judgedAt'>;
  readonly keptCandidates: KeptCandidates;
  readonly scopes: ScopeStore;
};

export type SimulatedThenStores = InForceStores & {
  readonly simulations: Pick<SimulationStore, 'byIds' | 'requestOf'>;
  readonly scopes: ScopeStore;
};

export type Then = {
  readonly live: Evaluated;
  readonly after: readonly Policy[];
  readonly modes: Modes;
};

/** The candidate as it was simulated: over the policies that were in force then. Null where it was not kept. */
export async function simulatedThen(
  stores: SimulatedThenStores,
  caller: Caller,
  key: SimulationKey,
): Promise<Then | null> {
  const [simulation] = await stores.simulations.byIds([key]);
  const asked = await stores.simulations.requestOf(key);
  if (simulation === undefined || asked === null) return null;
  const { sources, remove, modes, versions } = asked.candidate;
  const kept = await keptSet(stores, key.clusterId);
  const same =
    kept.versions.facts === versions.facts && kept.versions.policies === versions.policies;
  const at = same ? null : simulation.createdAt;
  const { clusterId } = key;
  const whole = await inForce(stores, clusterId, at, modes);
  const then = await visibleSet(stores, caller, { clusterId, modes }, whole);
  const { after } = candidateOf(then.policies, sources, remove);
  const live = seesWhole(caller)
    ? await inForceFor(stores, clusterId, then, { after, at, modes })
    : then;
  return { live, after, modes };
}

/** The candidate's set with the facts of the time of the simulation, or of a moment before it. */
async function compiledFor(
  stores: ExplainSimulatedStores,
  clusterId: number,
  { live, after, modes }: Then,
  at: string | null,
): Promise<Compiled> {
  const { facts } =
    at === null ? live : await inForceBefore(stores, clusterId, live, { at, modes });
  return compile(withTwins(facts), after, modes);
}

/**
 * Why a candidate allows flows or not, in the order of `flowIds`; null for a flow that is gone. Made from the policies
 * of the time of the simulation, and from the labels that the answer rests on: of that time, or of the hours of the flow.
 */
export async function explainSimulated(
  stores: ExplainSimulatedStores,
  caller: Caller,
  key: SimulationKey,
  flowIds: readonly string[],
): Promise<readonly (Explained | null)[]> {
  const judged = await stores.simulations.judgedAt(key, flowIds);
  const moments = new Map(judged.map(({ flowId, at }) => [flowId, at]));
  const found = new Map<string, Explained>();
  let then: Then | null = null;
  for (const [at, ids] of Map.groupBy(flowIds, id => moments.get(id) ?? null)) {
    const name = `${key.clusterId} ${key.id} ${at} ${scopeKey(caller)}`;
    let compiled = stores.keptCandidates.of(name);
    if (compiled === null) {
      then ??= await simulatedThen(stores, caller, key);
      if (then === null) return flowIds.map(() => null);
      compiled = await compiledFor(stores, key.clusterId, then, at);
    }
    stores.keptCandidates.keep(name, compiled);
    const explained = await explainEnds(stores, compiled, key.clusterId, ids);
    for (const [id, one] of explained) found.set(id, explainedFor(caller, one));
  }
  return flowIds.map(id => found.get(id) ?? null);
}
