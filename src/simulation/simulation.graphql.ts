import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { ForeignPolicyLoader } from '../enforcement/foreign-policy.loader.js';
import { CompletenessType, completenessOf } from '../flows/completeness.graphql.js';
import { asStored } from '../flows/completeness.js';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { BigIntScalar, YamlScalar } from '../graphql/scalars.graphql.js';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { clusterOf } from '../inventory/of-cluster.js';
import type { Job } from '../jobs/job.js';
import type { JobLoader } from '../jobs/job.loader.js';
import { JobType } from '../jobs/job-type.graphql.js';
import { Severity } from '../netpol/index.js';
import { encodeId } from '../query/node-id.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { AssertionResultType } from './assertion-type.graphql.js';
import { SimulatedFlowConnection } from './simulated-flow.graphql.js';
import {
  type AssertionResult,
  type ConnectivityChange,
  FlowClass,
  type PolicyChange,
  type SimulatedDay,
  type SimulatedFlow,
  type Simulation,
  type SimulationInput,
  type SimulationSummary,
  type StoredFinding,
} from './simulation.js';
import type { PolicyTextLoader } from './simulation.loader.js';
import type { SimulationStore } from './simulation.store.js';
import { CHANGE_ORDER, changesOf, FLOW_ORDER, flowsOf } from './simulation-page.js';
import {
  PolicyChangeType,
  SimulationRequestType,
  SimulationType,
} from './simulation-type.graphql.js';

@ObjectType('SimulationSummary', { description: 'Distinct flows of each class.' })
class SimulationSummaryType implements SimulationSummary {
  @Field(() => Int, { description: 'Allowed before and after' })
  readonly stillAllowed!: number;

  @Field(() => Int, { description: 'Allowed before, denied after' })
  readonly newlyBlocked!: number;

  @Field(() => Int, { description: 'Denied before, allowed after' })
  readonly newlyAllowed!: number;

  @Field(() => Int, { description: 'Denied before and after, or by the dataplane in the window' })
  readonly stillBlocked!: number;

  @Field(() => Int, { description: 'A fact is missing' })
  readonly undecidable!: number;
}

@ObjectType('SimulatedDay', { description: 'One day and class of a simulation.' })
class SimulatedDayType implements SimulatedDay {
  @Field(() => String, { description: '`YYYY-MM-DD` in UTC' })
  readonly day!: string;

  @Field(() => FlowClass, { description: 'Class that the counts are of' })
  readonly class!: FlowClass;

  @Field(() => Int, { description: 'Distinct flows seen on that day' })
  readonly flows!: number;

  @Field(() => BigIntScalar, { description: 'Their events on that day' })
  readonly events!: string;
}

@ObjectType('ConnectivityChange', {
  description: 'A pair whose possible connections the candidate changes, seen or not.',
})
class ConnectivityChangeType implements ConnectivityChange {
  @Field(() => String, { description: '`namespace/name[Kind]`, or a range of addresses' })
  readonly source!: string;

  @Field(() => String, { description: 'Written like `source`' })
  readonly destination!: string;

  @Field(() => String, { nullable: true, description: 'Ports that open, such as `TCP 80,443`' })
  readonly newlyAllowed!: string | null;

  @Field(() => String, { nullable: true, description: 'Ports that close' })
  readonly newlyBlocked!: string | null;
}

@ObjectType('LintFinding', {
  description: 'Something in a policy that somebody should look at. No packet was sent for it.',
})
export class LintFindingType implements StoredFinding {
  @Field(() => Severity, { description: 'How bad it is' })
  readonly severity!: Severity;

  @Field(() => String, { description: 'Id of the rule, such as `rule-contained`' })
  readonly rule!: string;

  @Field(() => String, { description: 'What was found' })
  readonly message!: string;

  @Field(() => String, { nullable: true, description: 'The policy, as `Kind/namespace/name`' })
  readonly policy!: string | null;

  @Field(() => Int, { nullable: true, description: 'Line in the policy, from 1' })
  readonly line!: number | null;

  @Field(() => Int, { nullable: true, description: 'Column in that line, from 1' })
  readonly column!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What to do about it; null: nothing in particular',
  })
  readonly hint!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the candidate brings it: the policies in force do not have it; null in simulations that were made before this was told',
  })
  readonly introduced?: boolean;
}

const ConnectivityChangeConnection = connectionOf(
  'ConnectivityChange',
  () => ConnectivityChangeType,
);

type Context = Parameters<typeof clusterOf>[1] & {
  readonly stores: { readonly simulations: SimulationStore };
  readonly loaders: {
    readonly simulationPolicies: PolicyTextLoader;
    readonly foreignPolicies: ForeignPolicyLoader;
    readonly jobs: JobLoader;
  };
};

const NOTHING: SimulationSummary = {
  stillAllowed: 0,
  newlyBlocked: 0,
  newlyAllowed: 0,
  stillBlocked: 0,
  undecidable: 0,
};

type AskedFor = SimulationInput & { readonly of: Simulation };

@Resolver(() => SimulationRequestType)
export class SimulationRequestResolver {
  @FieldResolver(() => YamlScalar, { nullable: true, description: 'The policies, as written' })
  policies(@Root() { of }: AskedFor, @Ctx() { loaders }: Context): Promise<string | null> {
    return loaders.simulationPolicies.load(of);
  }
}

@Resolver(() => SimulationType)
export class SimulationResolver {
  @FieldResolver(() => ID, { description: 'Poll `node(id)` while it is RUNNING' })
  id(@Root() simulation: Simulation): string {
    return encodeId('Simulation', simulation.clusterId, simulation.id);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it is about' })
  cluster(@Root() simulation: Simulation, @Ctx() context: Context): Promise<Cluster> {
    return clusterOf(simulation, context);
  }

  @FieldResolver(() => JobType, {
    nullable: true,
    description:
      'The job that makes it, with its progress; `cancelJob` ends it. Null once the job is forgotten',
  })
  job(@Root() { clusterId, id }: Simulation, @Ctx() { loaders }: Context): Promise<Job | null> {
    return loaders.jobs.load({ clusterId, id });
  }

  @FieldResolver(() => SimulationRequestType, { description: 'What was asked for' })
  request(@Root() simulation: Simulation): AskedFor {
    return { ...simulation.request, of: simulation };
  }

  @FieldResolver(() => [PolicyChangeType], {
    description:
      'What becomes of each policy of the candidate, and of those that it takes away; empty until it is DONE',
  })
  policies(@Root() { policies }: Simulation): readonly PolicyChange[] {
    return policies ?? [];
  }

  @FieldResolver(() => [String], {
    description:
      'Policies of other APIs that act in the cluster now, such as `CiliumNetworkPolicy/shop/web`: they are not read, and the outcome does not know them. At most a hundred',
  })
  foreignPolicies(
    @Root() { clusterId }: Simulation,
    @Ctx() { loaders }: Context,
  ): Promise<readonly string[]> {
    return loaders.foreignPolicies.load(clusterId);
  }

  @FieldResolver(() => [AssertionResultType], {
    description:
      'The assertions that were made, in their order; empty where there were none, and until it is DONE',
  })
  assertions(@Root() { assertions }: Simulation): readonly AssertionResult[] {
    return assertions ?? [];
  }

  @FieldResolver(() => SimulationSummaryType, { description: 'Distinct flows of each class' })
  summary(@Root() { summary }: Simulation): SimulationSummary {
    return summary ?? NOTHING;
  }

  @FieldResolver(() => SimulatedFlowConnection, {
    description: 'Observed flows; what needs a look stands first',
  })
  async flows(
    @Root() simulation: Simulation,
    @Arg('class', () => FlowClass, { nullable: true, description: 'Flows of this class only' })
    wanted: FlowClass | null,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { stores }: Context,
  ): Promise<Page<SimulatedFlow>> {
    const request = pageRequest(page, FLOW_ORDER);
    const filter = flowsOf(simulation, wanted ?? null);
    const rows = await stores.simulations.flows(filter, request);
    const count = async () => totalCountOf(await stores.simulations.flowCount(filter));
    return pageOf(request, rows, count);
  }

  @FieldResolver(() => [SimulatedDayType], { description: 'Per day and class: flows and events' })
  days(@Root() { days }: Simulation): readonly SimulatedDay[] {
    return days ?? [];
  }

  @FieldResolver(() => ConnectivityChangeConnection, {
    description: 'All pairs, seen or not: port sets that open or close',
  })
  async connectivity(
    @Root() simulation: Simulation,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { stores }: Context,
  ): Promise<Page<ConnectivityChange>> {
    const request = pageRequest(page, CHANGE_ORDER);
    const filter = changesOf(simulation);
    const rows = await stores.simulations.connectivity(filter, request);
    const count = async () => totalCountOf(await stores.simulations.connectivityCount(filter));
    return pageOf(request, rows, count);
  }

  @FieldResolver(() => [LintFindingType], {
    description:
      "What lint says of the candidate's own policies, at most 1,000: the gravest, and the last says how many more there were",
  })
  findings(@Root() { findings }: Simulation): readonly StoredFinding[] {
    return findings ?? [];
  }

  @FieldResolver(() => CompletenessType, { description: 'What the window did not show' })
  completeness(@Root() { completeness }: Simulation): CompletenessType {
    if (completeness === null) throw new Error('a simulation without its completeness');
    return completenessOf(asStored(completeness));
  }
}
