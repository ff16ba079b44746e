import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { foreignProblems } from '../enforcement/foreign-policies.js';
import type { ForeignPolicyStore } from '../enforcement/foreign-policy.store.js';
import { windowOf } from '../flows/flow-condition.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { TimeBoundScalar, YamlScalar } from '../graphql/scalars.graphql.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { noCluster, notFound } from '../inventory/existing-cluster.js';
import type { Job } from '../jobs/job.js';
import { jobProblems, LONGEST_WAIT_MS, outcomeOf, type StartJob } from '../jobs/job-outcome.js';
import { JobType } from '../jobs/job-type.graphql.js';
import { DEFAULT_MODES, nearestName, type Problem, type Source } from '../netpol/index.js';
import { setYaml } from '../policysets/policy-set.js';
import type { PolicySetStore } from '../policysets/policy-set.store.js';
import type { PolicySetPageStore } from '../policysets/policy-set-page.store.js';
import type { SimulateInput, SimulateOutcome } from './simulate.js';
import type { Simulation } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';
import { SimulationType } from './simulation-type.graphql.js';

@InputType('SimulatePoliciesInput', {
  description:
    'A candidate. It replaces live policies of the same kind, namespace and name, else it adds.',
})
class SimulatePoliciesInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => YamlScalar, {
    nullable: true,
    description: 'Policies, as documents of one YAML text',
  })
  readonly policies?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of a stored policy set, its latest version; instead of `policies` or beside them',
  })
  readonly policySet?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Live policies to remove, each as `namespace/name`',
  })
  readonly remove?: string[] | null;

  @Field(() => YamlScalar, {
    nullable: true,
    description:
      'What must hold, as sentences (docs/assertions.md): held against the policies that would be in force, and against the flows of the window. With nothing proposed, against the policies in force',
  })
  readonly assertions?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Flows seen at or after this' })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Flows seen before this' })
  readonly until?: string | null;
}

@ObjectType('SimulatePoliciesPayload', { description: 'What a candidate would do.' })
class SimulatePoliciesPayload {
  @Field(() => SimulationType, {
    nullable: true,
    description:
      'Null when a document of the candidate could not be used; then nothing is stored. Null too while the job has not begun',
  })
  readonly simulation!: Simulation | null;

  @Field(() => JobType, {
    nullable: true,
    description:
      'The job that did it, or is at it; null where nothing was begun: the problems say why',
  })
  readonly job!: Job | null;

  @Field(() => [ProblemType], { description: 'Each with line and column of the candidate' })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly now: () => Date;
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName' | 'names'>;
    readonly policySets: Pick<PolicySetStore, 'latest' | 'itemsOf'>;
    readonly policySetPages: Pick<PolicySetPageStore, 'names'>;
    readonly simulations: Pick<SimulationStore, 'byIds'>;
    readonly foreignPolicies: Pick<ForeignPolicyStore, 'inForce'>;
  };
  readonly useCases: { readonly startJob: StartJob };
};

const nothingBegun = (problem: Problem): SimulatePoliciesPayload => ({
  job: null,
  simulation: null,
  problems: [problemOf(problem)],
});

/** What is proposed; or the problem that no policy set is named so. */
async function sourcesOf(
  { stores }: Context,
  clusterId: number,
  { cluster, policies, policySet }: SimulatePoliciesInput,
): Promise<readonly Source[] | Problem> {
  const written = typeof policies === 'string' ? [{ file: null, text: policies }] : [];
  if (!policySet) return written;
  const set = await stores.policySets.latest(cluster, policySet);
  if (set === null)
    return notFound('policySet', `no policy set of \`${cluster}\` is named \`${policySet}\``, {
      nearest: nearestName(policySet, await stores.policySetPages.names(clusterId)),
      list: 'policySets',
    });
  const items = await stores.policySets.itemsOf([set]);
  return [{ file: `${set.name} v${set.version}`, text: setYaml(items) }, ...written];
}

@Resolver()
export class SimulateResolver {
  @Mutation(() => SimulatePoliciesPayload, {
    description:
      'Holds a candidate against the policies in force, over observed flows and over all pairs. Nothing is applied. What takes longer than 20 s is answered RUNNING: poll `node(id)`',
  })
  async simulatePolicies(
    @Arg('input', () => SimulatePoliciesInput, { description: 'Candidate and window' })
    input: SimulatePoliciesInput,
    @Ctx() context: Context,
  ): Promise<SimulatePoliciesPayload> {
    const { stores, now, useCases } = context;
    const cluster = await stores.clusters.byName(input.cluster);
    if (cluster === null) return nothingBegun(await noCluster(stores.clusters, input.cluster));
    const { id: clusterId } = cluster;
    const sources = await sourcesOf(context, clusterId, input);
    if ('code' in sources) return nothingBegun(sources);
    const { policies, policySet, remove, assertions, since, until } = input;
    const request: SimulateInput = {
      clusterId,
      sources,
      remove: remove ?? [],
      window: windowOf(input, now()),
      modes: DEFAULT_MODES,
      request: { policies, policySet, remove, assertions, since, until },
      ...(typeof assertions === 'string' && { assertions: { file: null, text: assertions } }),
    };
    const job = await useCases.startJob({ clusterId, kind: 'simulate', request }, LONGEST_WAIT_MS);
    const [simulation = null] = await stores.simulations.byIds([job]);
    const { problems } = outcomeOf<Left>(job) ?? { problems: [] };
    const foreign = await foreignProblems(stores.foreignPolicies, clusterId);
    const all = [...problems, ...foreign, ...jobProblems(job)];
    return { job, simulation, problems: all.map(problemOf) };
  }
}

/** What the job left, beside the simulation that it stored under its own id. */
type Left = Pick<SimulateOutcome, 'problems'>;
