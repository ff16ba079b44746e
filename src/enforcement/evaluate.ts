import { type ClusterFacts, factsOf } from '../inventory/facts.js';
import type { FactsStore } from '../inventory/facts.store.js';
import {
  betweenPods,
  type Compiled,
  type Connection,
  compile,
  type Facts,
  judge,
  type Modes,
  type Policy,
  parsePolicies,
  withTwins,
} from '../netpol/index.js';
import { endpointOf } from './endpoint.js';
import type { EvaluationStore, FlowEnds, FlowVerdict } from './evaluation.store.js';
import { type PolicyRecord, PolicySource } from './policy.js';
import type { PolicyStore } from './policy.store.js';

export type EvaluationStores = {
  readonly facts: FactsStore;
  readonly policies: PolicyStore;
  readonly evaluation: EvaluationStore;
};

/** A cluster as the engine sees it. */
export type Evaluated = {
  /** Without the deployments whose labels nobody knows. */
  readonly facts: Facts;
  /** With all of them: for what asks by name, and where there is no policy to hold against labels. */
  readonly known: Facts;
  readonly policies: readonly Policy[];
  readonly compiled: Compiled;
};

/** Stored policies parsed again; they were parsed before they were stored, so a problem here is a bug. */
export function policiesOfRecords(records: readonly PolicyRecord[]): readonly Policy[] {
  return parsePolicies(
    records.map(({ yaml, namespace, name }) => ({
      file: namespace === null ? name : `${namespace}/${name}`,
      text: yaml,
    })),
  ).policies;
}

/** The cluster's facts as of now (null) or of a moment. */
export const factsFor = (
  { facts }: Pick<EvaluationStores, 'facts'>,
  clusterId: number,
  at: string | null,
): Promise<ClusterFacts> => factsOf(facts, clusterId, at);

/** A deployment whose labels nobody knows is left out: a verdict on it is UNDECIDABLE, not "no policy selects it". */
const withKnownLabels = ({ facts, unlabelled }: ClusterFacts): Facts => ({
  ...facts,
  pods: facts.pods.filter(({ key }) => !unlabelled.has(key)),
});

/** The cluster's facts with the LIVE policies, as of now or of a moment (ISO text). */
export async function inForce(
  stores: Pick<EvaluationStores, 'facts' | 'policies'>,
  clusterId: number,
  at: string | null,
  modes?: Modes,
): Promise<Evaluated> {
  const cluster = await factsFor(stores, clusterId, at);
  const records = await stores.policies.inForce(clusterId, PolicySource.LIVE, at);
  const policies = policiesOfRecords(records);
  const facts = withKnownLabels(cluster);
  return {
    facts,
    known: cluster.facts,
    policies,
    compiled: compile(withTwins(facts), policies, modes),
  };
}

/** The class of what a node sends to the pods that it runs. */
export const NODE_PROBE = 'health-probe';

export const connectionOf = ({ source, destination, port, protocol }: FlowEnds): Connection =>
  betweenPods({
    source: endpointOf(source),
    destination: endpointOf(destination),
    port,
    protocol,
  });

/**
 * A probe comes from the node that runs the pod: "traffic to and from the node where a Pod is running is always
 * allowed, regardless of the IP address of the Pod or the node". A deployment's fact has no node of its own.
 */
export const isOwnNode = ({
  source,
  trafficClass,
}: {
  readonly source: Pick<FlowEnds['source'], 'kind'>;
  readonly trafficClass: string;
}): boolean => source.kind === 'NODE' && trafficClass === NODE_PROBE;

/** What the policies say of each flow. */
export const verdictsOf = (
  compiled: Compiled,
  flows: readonly FlowEnds[],
): readonly FlowVerdict[] =>
  flows.map(flow => {
    if (isOwnNode(flow)) {
      return { flowId: flow.id, verdict: 'ALLOWED', governed: false, basis: 'spec-exception' };
    }
    return { flowId: flow.id, ...judge(compiled, connectionOf(flow)) };
  });

/** Where no policy is in force every flow is allowed, whoever its ends are: nothing needs to be compiled. */
const ungoverned = (flowId: string): FlowVerdict => ({
  flowId,
  verdict: 'ALLOWED',
  governed: false,
  basis: 'default-allow',
});

/** Says of flows that were not known before what the policies in force say of them. */
export async function evaluateFresh(
  stores: EvaluationStores,
  clusterId: number,
  flows: readonly string[],
): Promise<void> {
  if (flows.length === 0) return;
  const live = await stores.policies.inForce(clusterId, PolicySource.LIVE, null);
  const verdicts =
    live.length === 0
      ? flows.map(ungoverned)
      : verdictsOf(
          (await inForce(stores, clusterId, null)).compiled,
          await stores.evaluation.flowEnds(clusterId, flows),
        );
  await stores.evaluation.putVerdicts(clusterId, verdicts);
}

const BATCH = 20_000;

/** Policies, labels or namespaces have changed: an epoch opens, every edge is judged anew, readers move on. */
export async function reevaluate(stores: EvaluationStores, clusterId: number): Promise<void> {
  const epoch = await stores.evaluation.openEpoch(clusterId);
  const { compiled } = await inForce(stores, clusterId, null);
  const verdicts = verdictsOf(compiled, await stores.evaluation.flowEnds(clusterId, null));
  for (let start = 0; start < verdicts.length; start += BATCH) {
    await stores.evaluation.putVerdicts(clusterId, verdicts.slice(start, start + BATCH));
  }
  await stores.evaluation.completeEpoch(clusterId, epoch);
}
