import type { BaselineStore } from '../baselines/baseline.store.js';
import {
  isEvidence,
  knownFlows,
  type ObservedStores,
  observedFlows,
} from '../enforcement/observed.js';
import { policySetId } from '../enforcement/policy.js';
import type { Window } from '../flows/flow-condition.js';
import { factsOf } from '../inventory/facts.js';
import type { FactsStore } from '../inventory/facts.store.js';
import { type DeploymentScope, inScope } from '../inventory/scope.js';
import {
  betweenPods,
  compile,
  type Facts,
  type GeneratedPolicy,
  type GenerateOptions,
  generatePolicies,
  judgeAll,
  type ObservedFlow,
  type PodFact,
  type Problem,
  parsePolicies,
  render,
  withTwins,
} from '../netpol/index.js';
import { baselineFlows } from './baseline-flows.js';
import { doubts, undirected } from './doubts.js';
import { type ExtraPair, extraPairs } from './extra-pairs.js';
import { type PolicySet, type PolicySetItem, setYaml, storedRule } from './policy-set.js';
import type { PolicySetStore } from './policy-set.store.js';

export type GenerateStores = ObservedStores & {
  readonly facts: FactsStore;
  readonly policySets: PolicySetStore;
  readonly baselines: Pick<BaselineStore, 'entriesOf'>;
};

export type GenerateDeps = {
  readonly reads: GenerateStores;
  readonly transaction: <T>(
    work: (stores: Pick<GenerateStores, 'policySets'>) => Promise<T>,
  ) => Promise<T>;
  readonly now: () => string;
};

export type GenerateInput = {
  readonly clusterId: number;
  readonly scope: DeploymentScope;
  readonly from: 'FLOWS' | 'BASELINES';
  readonly window: Window;
  /** Name of the policy set; the next version of it is made. */
  readonly name: string;
  readonly options: GenerateOptions;
};

export type GenerateOutcome = {
  /** As it was stored; its policies are in the store. */
  readonly policySet: PolicySet | null;
  readonly extraPairs: readonly ExtraPair[];
  readonly problems: readonly Problem[];
};

type Made = {
  readonly items: readonly PolicySetItem[];
  readonly extraPairs: readonly ExtraPair[];
  readonly problems: readonly Problem[];
};

const itemOf = (policy: GeneratedPolicy, position: number): PolicySetItem => ({
  position,
  kind: 'NetworkPolicy',
  namespace: policy.namespace,
  name: policy.name,
  deploymentId: policy.subject,
  yaml: render([policy.document]),
  rules: policy.rules.map(storedRule),
});

/** A generated set must allow every flow that it was made from; the flows that it does not are told one by one. */
function proof(
  facts: Facts,
  items: readonly PolicySetItem[],
  flows: readonly ObservedFlow[],
): Omit<Made, 'items'> {
  const { policies, problems } = parsePolicies([{ file: null, text: setYaml(items) }]);
  const compiled = compile(withTwins(facts), policies);
  const judged = judgeAll(compiled, flows.map(betweenPods));
  const isDenied = ({ verdict, basis }: ReturnType<typeof judged.at>): boolean =>
    verdict === 'DENIED' || (verdict === 'UNDECIDABLE' && basis === 'mixed-label-sets');
  const denied = flows.filter((_, place) => isDenied(judged.at(place))).length;
  const told: Problem = {
    code: 'FLOWS_NOT_COVERED',
    severity: 'WARNING',
    message: `${denied} of ${flows.length} observed flows would be blocked by the generated policies`,
    path: null,
    place: null,
    hint: 'the other warnings name the flows that got no rule; simulate the set to see each',
  };
  return {
    extraPairs: extraPairs(compiled, facts, items, flows),
    problems: [...problems, ...(denied > 0 ? [told] : [])],
  };
}

type Observed = {
  readonly flows: readonly ObservedFlow[];
  readonly problems: readonly Problem[];
  /** Ids of all that had a flow. */
  readonly seen: ReadonlySet<string>;
};

async function observedIn(
  stores: GenerateStores,
  input: GenerateInput,
  subjects: readonly string[],
): Promise<Observed> {
  const { clusterId, from, window } = input;
  if (from === 'BASELINES')
    return {
      flows: await baselineFlows(stores, clusterId, subjects),
      problems: [],
      seen: new Set(),
    };
  const scope = { clusterId, namespaces: null, deployments: subjects };
  const known = await knownFlows(stores, scope, window);
  const flows = known.filter(isEvidence);
  const seen = new Set(known.flatMap(({ source, destination }) => [source.id, destination.id]));
  return {
    flows: observedFlows(flows),
    problems: [...doubts(flows), ...undirected(known)],
    seen,
  };
}

const nameOfPod = ({ namespace, workload }: PodFact) => ({ namespace, name: workload.name });

async function make(stores: GenerateStores, input: GenerateInput): Promise<Made> {
  const { facts } = await factsOf(stores.facts, input.clusterId, null);
  const speakers = facts.pods.filter(({ memberOf }) => memberOf === undefined);
  const { chosen, problems } = inScope(speakers, nameOfPod, input.scope);
  const subjects = chosen.map(({ key }) => key);
  const { flows, problems: doubted, seen } = await observedIn(stores, input, subjects);
  const generated = generatePolicies(facts, subjects, flows, { ...input.options, seen });
  const items = generated.policies.map(itemOf);
  const proved = proof(facts, items, flows);
  return {
    items,
    extraPairs: proved.extraPairs,
    problems: [...problems, ...doubted, ...generated.problems, ...proved.problems],
  };
}

async function store(
  stores: Pick<GenerateStores, 'policySets'>,
  { clusterId, name, from, scope, window, options }: GenerateInput,
  items: readonly PolicySetItem[],
  createdAt: string,
): Promise<PolicySet> {
  const version = await stores.policySets.nextVersion(clusterId, name);
  const set: PolicySet = {
    clusterId,
    id: policySetId(name, version),
    name,
    version,
    origin: from,
    createdAt,
    request: { scope, window, options },
  };
  await stores.policySets.insert(set, items);
  return set;
}

/**
 * One least-privilege policy per deployment of the scope, proved against the flows that it was made from, and stored
 * as the next version of a policy set. Nothing is stored where no policy came of it. Reads, then computes, then writes:
 * only the writing is one transaction.
 */
export async function generate(
  { reads, transaction, now }: GenerateDeps,
  input: GenerateInput,
): Promise<GenerateOutcome> {
  const { items, ...made } = await make(reads, input);
  if (items.length === 0) return { ...made, policySet: null };
  const policySet = await transaction(stores => store(stores, input, items, now()));
  return { ...made, policySet };
}
