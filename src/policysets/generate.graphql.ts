import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  Info,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import { foreignProblems } from '../enforcement/foreign-policies.js';
import type { ForeignPolicyStore } from '../enforcement/foreign-policy.store.js';
import { CompletenessType, completenessOf } from '../flows/completeness.graphql.js';
import type { CompletenessStore } from '../flows/completeness.store.js';
import { windowOf } from '../flows/flow-condition.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { TimeBoundScalar, YamlScalar } from '../graphql/scalars.graphql.js';
import { isSelected } from '../graphql/selection.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { noCluster } from '../inventory/existing-cluster.js';
import type { Job } from '../jobs/job.js';
import { jobProblems, LONGEST_WAIT_MS, outcomeOf, type StartJob } from '../jobs/job-outcome.js';
import { JobType } from '../jobs/job-type.graphql.js';
import type { FuturePods, Problem } from '../netpol/index.js';
import { emptyLists } from '../query/problem.js';
import type { ExtraPair } from './extra-pairs.js';
import { FuturePodsType } from './future-pods.graphql.js';
import type { GenerateInput, GenerateOutcome } from './generate.js';
import { GenerateOptionsInput, optionsOf, reservedOf } from './generate-options.graphql.js';
import { LeastPrivilegeType } from './least-privilege.graphql.js';
import type { Deletion } from './left-alone.js';
import type { PolicyProfile } from './policy-profile.js';
import type { PolicyProfileStore } from './policy-profile.store.js';
import { GeneratedPolicyType, type OwnedItem, PolicySetType } from './policy-set.graphql.js';
import { type PolicySet, PolicySetOrigin, setYaml } from './policy-set.js';
import type { PolicySetStore } from './policy-set.store.js';
import type { Score } from './scores.js';

@InputType('GeneratePoliciesInput', {
  description: 'What to generate policies for, and from what.',
})
class GeneratePoliciesInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => [String], { nullable: true, description: 'Namespaces; all of them when not given' })
  readonly namespaces?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Deployments, as `namespace/name` or `name`; all of the namespaces when not given',
  })
  readonly deployments?: string[] | null;

  @Field(() => PolicySetOrigin, {
    nullable: true,
    description: 'What to generate from; default FLOWS',
  })
  readonly from?: PolicySetOrigin | null;

  @Field(() => TimeBoundScalar, {
    nullable: true,
    description: 'Flows from here on; with FLOWS only',
  })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, {
    nullable: true,
    description: 'Flows before this; with FLOWS only',
  })
  readonly until?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the policy set; by default one for the scope: `generated` for the whole cluster, `generated-shop` for a namespace, `generated-shop:web` for a deployment',
  })
  readonly name?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Latest version of the policy set, 0 where there is none yet: where it is another one, no set is stored, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;

  @Field(() => GenerateOptionsInput, { nullable: true, description: 'How to generate' })
  readonly options?: GenerateOptionsInput | null;
}

@ObjectType('ExtraPair', {
  description:
    'A pair of deployments that the set connects although no flow asked for it on all of these ports.',
})
class ExtraPairType implements ExtraPair {
  @Field(() => String, { description: 'The deployment that connects, as `namespace/name`' })
  readonly source!: string;

  @Field(() => String, { description: 'The deployment that is connected to, as `namespace/name`' })
  readonly destination!: string;

  @Field(() => String, { description: 'Everything allowed between the two, such as `TCP 80,443`' })
  readonly ports!: string;
}

@ObjectType('PolicyDeletion', { description: 'A policy in force that the set stands instead of.' })
class PolicyDeletionType implements Deletion {
  @Field(() => String, { description: 'As in the document' })
  readonly kind!: string;

  @Field(() => String, { nullable: true, description: 'As in its metadata' })
  readonly namespace!: string | null;

  @Field(() => String, { description: 'As in its metadata' })
  readonly name!: string;
}

@ObjectType('GeneratePoliciesPayload', {
  description: 'The generated policies, proved against their own flows.',
})
class GeneratePoliciesPayload {
  @Field(() => PolicySetType, {
    nullable: true,
    description: 'As it was stored; null when no policy came of it',
  })
  readonly policySet!: PolicySet | null;

  @Field(() => [GeneratedPolicyType], { description: 'One per deployment, ordered by name' })
  readonly policies!: readonly OwnedItem[];

  @Field(() => YamlScalar, { nullable: true, description: 'All policies as one file' })
  readonly yaml!: string | null;

  @Field(() => [ExtraPairType], {
    description: 'What the set allows beyond the flows that it was made from',
  })
  readonly extraPairs!: readonly ExtraPair[];

  @Field(() => [PolicyDeletionType], {
    description:
      'NetworkPolicies in force that go when the set is applied (`deleteExisting`), ordered by name',
  })
  readonly deletions!: readonly Deletion[];

  @Field(() => [LeastPrivilegeType], {
    description:
      'Before and after, by namespace: its average, then its deployments of the scope by name',
  })
  readonly scores!: readonly Score[];

  @Field(() => [FuturePodsType], {
    description:
      'Pods that do not exist yet and that selectors of the set mean, and what whoever makes one comes by: `entire-cluster` first, then by name; the first 1,000',
  })
  readonly futurePods!: readonly FuturePods[];

  @Field(() => JobType, {
    nullable: true,
    description:
      'The job that did it; while it is RUNNING the other fields are empty. Null where nothing was begun: the problems say why',
  })
  readonly job!: Job | null;

  @Field(() => CompletenessType, {
    nullable: true,
    description:
      'What the window of FLOWS did not show in the namespaces asked for; null with BASELINES, which hold what was learned of other windows',
  })
  readonly completeness!: CompletenessType | null;

  @Field(() => [ProblemType], { description: 'What could not become a rule, and why' })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName' | 'names'>;
    readonly policySets: Pick<PolicySetStore, 'byIds' | 'itemsOf'>;
    readonly policyProfiles: Pick<PolicyProfileStore, 'list'>;
    readonly completeness: CompletenessStore;
    readonly foreignPolicies: Pick<ForeignPolicyStore, 'inForce'>;
  };
  readonly now: () => Date;
  readonly useCases: { readonly startJob: StartJob };
};

const inputOf = (
  clusterId: number,
  input: GeneratePoliciesInput,
  own: readonly PolicyProfile[],
  now: Date,
): GenerateInput => ({
  clusterId,
  scope: { namespaces: input.namespaces ?? null, deployments: input.deployments ?? null },
  from: input.from ?? PolicySetOrigin.FLOWS,
  window: windowOf(input, now),
  name: input.name ?? null,
  expectedVersion: input.expectedVersion ?? null,
  comments: input.options?.comments ?? true,
  options: optionsOf(input.options ?? {}, own),
  reserved: reservedOf(input.options ?? {}),
});

/** What the job left, beside the policy set that it stored. */
type Left = Omit<GenerateOutcome, 'policySet'> & { readonly policySetId: string | null };

const NOTHING: Left = {
  policySetId: null,
  extraPairs: [],
  deletions: [],
  scores: [],
  futurePods: [],
  problems: [],
};

/** Where the input names what is not there. */
const nothingBegun = (problems: readonly Problem[]): GeneratePoliciesPayload => ({
  job: null,
  policySet: null,
  policies: [],
  yaml: null,
  extraPairs: [],
  deletions: [],
  scores: [],
  futurePods: [],
  completeness: null,
  problems: problems.map(problemOf),
});

const completenessFor = async (
  { stores }: Context,
  { clusterId, from, window, scope }: GenerateInput,
): Promise<CompletenessType | null> =>
  from === PolicySetOrigin.BASELINES
    ? null
    : completenessOf(await stores.completeness.ofWindow(clusterId, window, scope.namespaces));

@Resolver()
export class GenerateResolver {
  @Mutation(() => GeneratePoliciesPayload, {
    description:
      'Makes one least-privilege NetworkPolicy per deployment, for ingress and egress, and stores them as a policy set. Nothing is applied. What takes longer than 20 s is answered as a RUNNING `job`: poll `node(id)`',
  })
  async generatePolicies(
    @Arg('input', () => GeneratePoliciesInput, { description: 'Scope, source and options' })
    input: GeneratePoliciesInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<GeneratePoliciesPayload> {
    const { stores, now, useCases } = context;
    const cluster = await stores.clusters.byName(input.cluster);
    if (cluster === null) return nothingBegun([await noCluster(stores.clusters, input.cluster)]);
    const { namespaces, deployments } = input;
    const empty = emptyLists({ namespaces, deployments });
    if (empty.length > 0) return nothingBegun(empty);
    const { id: clusterId } = cluster;
    const own = await stores.policyProfiles.list(clusterId);
    const request = inputOf(clusterId, input, own, now());
    const job = await useCases.startJob({ clusterId, kind: 'generate', request }, LONGEST_WAIT_MS);
    // Jobs that ended before futures were told have none.
    const { policySetId, extraPairs, deletions, scores, futurePods, problems } = {
      ...NOTHING,
      ...outcomeOf<Left>(job),
    };
    const keys = policySetId === null ? [] : [{ clusterId, id: policySetId }];
    const [policySet = null] = await stores.policySets.byIds(keys);
    const policies = policySet === null ? [] : await stores.policySets.itemsOf(keys);
    const foreign = await foreignProblems(stores.foreignPolicies, clusterId);
    const completeness = isSelected(info, 'completeness')
      ? await completenessFor(context, request)
      : null;
    return {
      job,
      policySet,
      policies,
      yaml: policySet === null ? null : setYaml(policies),
      extraPairs,
      deletions,
      scores,
      futurePods,
      completeness,
      problems: [...problems, ...foreign, ...jobProblems(job)].map(problemOf),
    };
  }
}
