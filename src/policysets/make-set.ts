import { type Caller, seesWhole } from '../access/caller.js';
import type { BaselineStore } from '../baselines/baseline.store.js';
import {
  isEvidence,
  type KnownFlow,
  knownFlows,
  type ObservedStores,
  observedFlows,
} from '../enforcement/observed.js';
import { PolicySource } from '../enforcement/policy.js';
import type { PolicyStore } from '../enforcement/policy.store.js';
import { storedPolicies } from '../enforcement/stored-policies.js';
import type { CompletenessStore } from '../flows/completeness.store.js';
import type { Window } from '../flows/flow-condition.js';
import type { ExternalBlockStore } from '../inventory/external-blocks/external-block.store.js';
import { factsOf } from '../inventory/facts.js';
import type { FactsStore } from '../inventory/facts.store.js';
import { type DeploymentScope, inScope } from '../inventory/scope.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import { hiddenPeers, visibleFacts, visiblePolicies } from '../inventory/visible-facts.js';
import {
  confidenceOf,
  DEFAULT_MODES,
  type FuturePods,
  futurePodsOf,
  type GeneratedPolicy,
  type GeneratedRule,
  type GenerateOptions,
  generateFewest,
  generatePolicies,
  type ObservedFlow,
  type PodFact,
  type Problem,
  renderDocument,
  withoutScans,
} from '../netpol/index.js';
import { baselineFlows } from './baseline-flows.js';
import { doubts, undirected } from './doubts.js';
import type { ExtraPair } from './extra-pairs.js';
import { type Doubt, doubtsOf, noRestart } from './incomplete.js';
import { type Deletion, deletionsOf, type Reserved, withoutLeftAlone } from './left-alone.js';
import { type PolicySetItem, storedRule } from './policy-set.js';
import { proofOf } from './proof.js';
import type { NotRestarted, RestartStore } from './restart.store.js';
import { commentsOf, headOf } from './rule-comments.js';
import { type Score, scoresOf } from './scores.js';

export type MakeStores = ObservedStores & {
  readonly facts: FactsStore;
  readonly policies: Pick<PolicyStore, 'inForce'>;
  readonly baselines: Pick<BaselineStore, 'entriesOf'>;
  readonly completeness: CompletenessStore;
  readonly externalBlocks: Pick<ExternalBlockStore, 'list'>;
  readonly restarts: RestartStore;
  readonly scopes: ScopeStore;
};

export type MakeInput = {
  readonly clusterId: number;
  readonly scope: DeploymentScope;
  readonly from: 'FLOWS' | 'BASELINES';
  readonly window: Window;
  readonly options: GenerateOptions;
  readonly reserved: Reserved;
  /** Whether the text says who is behind each rule, and what was not seen. */
  readonly comments: boolean;
};

export type Made = {
  readonly items: readonly PolicySetItem[];
  readonly extraPairs: readonly ExtraPair[];
  readonly deletions: readonly Deletion[];
  readonly scores: readonly Score[];
  readonly futurePods: readonly FuturePods[];
  readonly problems: readonly Problem[];
};

type Observed = {
  readonly flows: readonly ObservedFlow[];
  readonly problems: readonly Problem[];
  /** Ids of all that had a flow. */
  readonly seen: ReadonlySet<string>;
  /** What lowers the confidence of all rules. */
  readonly doubts: readonly Doubt[];
  readonly notRestarted: readonly NotRestarted[];
  /** Peers outside of the caller's scope, whose flows are left out. */
  readonly hidden: number;
};

const maskedEnds = ({ source, destination }: KnownFlow): readonly string[] =>
  [source, destination].filter(({ kind }) => kind === 'MASKED').map(({ id }) => id);

async function observedIn(
  stores: MakeStores,
  { clusterId, from, window, scope }: MakeInput,
  subjects: readonly string[],
): Promise<Observed> {
  if (from === 'BASELINES')
    return {
      ...(await baselineFlows(stores, clusterId, subjects)),
      seen: new Set(),
      doubts: [],
      notRestarted: [],
    };
  const within = { clusterId, namespaces: null, deployments: subjects };
  const all = await knownFlows(stores, within, window);
  const known = all.filter(one => maskedEnds(one).length === 0);
  const flows = known.filter(isEvidence);
  const seen = new Set(known.flatMap(({ source, destination }) => [source.id, destination.id]));
  const completeness = await stores.completeness.ofWindow(clusterId, window, scope.namespaces);
  const active = subjects.filter(id => seen.has(id));
  return {
    flows: observedFlows(flows),
    problems: [...doubts(flows), ...undirected(known)],
    seen,
    doubts: doubtsOf(completeness),
    notRestarted: await stores.restarts.notRestarted(clusterId, window, active),
    hidden: new Set(all.flatMap(maskedEnds)).size,
  };
}

type Confidence = (policy: GeneratedPolicy) => (rule: GeneratedRule) => number;

/** Each doubt lowers the confidence; that a deployment did not start anew, the confidence of its own rules. */
function confidenceIn({ doubts: all, notRestarted }: Observed): Confidence {
  const seen = all.reduce((share, { factor }) => share * factor, 1);
  const restart = noRestart(notRestarted.map(({ name }) => name))[0]?.factor ?? 1;
  const still = new Set(notRestarted.map(({ id }) => id));
  return ({ subject }) =>
    ({ evidence }) =>
      confidenceOf(
        evidence === null ? null : { days: evidence.days.length, events: evidence.events },
        subject !== null && still.has(subject) ? seen * restart : seen,
      );
}

const itemOf =
  (confidence: Confidence, head: string | null) =>
  (policy: GeneratedPolicy, position: number): PolicySetItem => ({
    position,
    kind: 'NetworkPolicy',
    namespace: policy.namespace,
    name: policy.name,
    deploymentId: policy.subject,
    yaml: renderDocument(
      policy.document,
      head === null ? {} : commentsOf(policy, head, confidence(policy)),
    ),
    rules: policy.rules.map(rule => storedRule(rule, confidence(policy)(rule))),
  });

const nameOfPod = ({ namespace, workload }: PodFact) => ({ namespace, name: workload.name });

/** The cluster as the caller sees it: nothing that is generated can tell of the rest. */
async function clusterFor(stores: MakeStores, caller: Caller, clusterId: number) {
  const { facts } = await factsOf(stores.facts, clusterId, null);
  const policies = storedPolicies(
    await stores.policies.inForce(clusterId, PolicySource.LIVE, null),
  );
  if (seesWhole(caller)) return { facts, policies };
  const own = new Set((await stores.scopes.deployments(clusterId)).map(({ id }) => id));
  return {
    facts: visibleFacts(caller, facts, own),
    policies: visiblePolicies(caller, policies),
  };
}

/** Reads, generates, and proves: what comes of it is not stored yet. */
export async function makeSet(stores: MakeStores, caller: Caller, input: MakeInput): Promise<Made> {
  const { clusterId, scope, reserved, options } = input;
  const { facts, policies } = await clusterFor(stores, caller, clusterId);
  const speakers = facts.pods.filter(({ memberOf }) => memberOf === undefined);
  const within = inScope(speakers, nameOfPod, scope);
  const left = withoutLeftAlone(within.chosen, scope.namespaces, { facts, policies }, reserved);
  const subjects = left.chosen.map(({ key }) => key);
  const observed = await observedIn(stores, input, subjects);
  const { seen, notRestarted } = observed;
  const { flows, problems: scans } = withoutScans(facts, observed.flows);
  const blocks = await stores.externalBlocks.list(clusterId);
  const make = options.minimise === true ? generateFewest : generatePolicies;
  const generated = make(facts, subjects, flows, { ...options, seen, blocks });
  const doubted = [...observed.doubts, ...noRestart(notRestarted.map(({ name }) => name))];
  const told = doubted.map(({ problem }) => problem);
  const confidence = confidenceIn(observed);
  const items = generated.policies.map(itemOf(confidence, input.comments ? headOf(told) : null));
  const deletions = deletionsOf(left.chosen, items, { facts, policies }, reserved);
  const proof = proofOf(generated.policies, { facts, flows, live: policies, deletions });
  return {
    items,
    extraPairs: proof.extraPairs,
    deletions,
    scores: scoresOf({ facts, subjects: left.chosen, flows }, policies, proof),
    futurePods: futurePodsOf(facts, { set: proof.policies, staying: proof.staying }, DEFAULT_MODES),
    problems: [
      ...within.problems,
      ...left.problems,
      ...hiddenPeers(observed.hidden),
      ...told,
      ...observed.problems,
      ...scans,
      ...generated.problems,
      ...proof.problems,
    ],
  };
}
