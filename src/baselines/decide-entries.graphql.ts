import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { FlowProtocol } from '../flows/observation.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { PortScalar } from '../graphql/scalars.graphql.js';
import { noCluster } from '../inventory/existing-cluster.js';
import { BaselineType } from './baseline.graphql.js';
import { type Baseline, BaselineDirection } from './baseline.js';
import type { BaselineContext } from './baseline-context.js';
import { VersionedScopeInput } from './change-baselines.graphql.js';
import type { DecideEntriesInput, DecideEntriesOutcome } from './decide-entries.js';
import type { Verdict } from './write-decision.js';

@InputType('BaselineEntryMatch', {
  description: 'Which entries of baselines: what is given must hold; nothing given is all of them.',
})
class BaselineEntryMatchInput {
  @Field(() => BaselineDirection, {
    nullable: true,
    description: 'Whether the deployment is called, or calls',
  })
  readonly direction?: BaselineDirection | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The other end, as lists show it: `namespace/name`, `EXTERNAL:NAME`, an address, a DNS name, or the name of a block',
  })
  readonly peer?: string | null;

  @Field(() => PortScalar, { nullable: true, description: 'Port of the end that is called' })
  readonly port?: number | null;

  @Field(() => FlowProtocol, { nullable: true, description: 'The protocol above IP' })
  readonly protocol?: FlowProtocol | null;
}

@InputType()
abstract class DecideEntriesInputType extends VersionedScopeInput {
  @Field(() => [BaselineEntryMatchInput], { description: 'Which entries of them, at least one' })
  readonly entries!: BaselineEntryMatchInput[];

  @Field(() => String, { nullable: true, description: 'Why, for the history' })
  readonly reason?: string | null;
}

@InputType('ConfirmBaselineEntriesInput', { description: 'Which entries are normal.' })
class ConfirmBaselineEntriesInput extends DecideEntriesInputType {}

@InputType('ForbidBaselineEntriesInput', { description: 'Which entries must not be.' })
class ForbidBaselineEntriesInput extends DecideEntriesInputType {}

@InputType('RemoveBaselineEntriesInput', { description: 'Which entries to take out.' })
class RemoveBaselineEntriesInput extends DecideEntriesInputType {}

@ObjectType()
abstract class DecideEntriesPayload {
  @Field(() => [BaselineType], {
    description: 'Baselines with such an entry, those of the other ends among them',
  })
  readonly baselines!: readonly Baseline[];

  @Field(() => Int, { description: 'How many entries are other now, at both ends' })
  readonly changed!: number;

  @Field(() => [ProblemType], { description: 'What was not found, or was so already' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('ConfirmBaselineEntriesPayload', { description: 'What was confirmed.' })
class ConfirmBaselineEntriesPayload extends DecideEntriesPayload {}

@ObjectType('ForbidBaselineEntriesPayload', { description: 'What was forbidden.' })
class ForbidBaselineEntriesPayload extends DecideEntriesPayload {}

@ObjectType('RemoveBaselineEntriesPayload', { description: 'What was removed.' })
class RemoveBaselineEntriesPayload extends DecideEntriesPayload {}

type Context = Pick<BaselineContext, 'stores'> & {
  readonly useCases: {
    readonly decideEntries: (input: DecideEntriesInput) => Promise<DecideEntriesOutcome>;
  };
};

async function decided(
  input: DecideEntriesInputType,
  status: Verdict,
  { stores, useCases }: Context,
): Promise<DecideEntriesPayload> {
  const cluster = await stores.clusters.byName(input.cluster);
  if (cluster === null) {
    const problems = [await noCluster(stores.clusters, input.cluster)];
    return { baselines: [], changed: 0, problems: problems.map(problemOf) };
  }
  const { problems, ...outcome } = await useCases.decideEntries({
    clusterId: cluster.id,
    namespaces: input.namespaces ?? null,
    deployments: input.deployments ?? null,
    labels: input.labels ?? null,
    expectedVersion: input.expectedVersion ?? null,
    status,
    reason: input.reason ?? null,
    entries: input.entries.map(({ direction, peer, port, protocol }) => ({
      direction: direction ?? null,
      peer: peer ?? null,
      port: port ?? null,
      protocol: protocol ?? null,
    })),
  });
  return { ...outcome, problems: problems.map(problemOf) };
}

@Resolver()
export class DecideEntriesResolver {
  @Mutation(() => ConfirmBaselineEntriesPayload, {
    description:
      'Says that entries are normal, in the baselines of both ends: they stay, whatever is learned. Lifts what was forbidden or removed. A second call changes nothing.',
  })
  confirmBaselineEntries(
    @Arg('input', () => ConfirmBaselineEntriesInput, { description: 'Which ones, and why' })
    input: ConfirmBaselineEntriesInput,
    @Ctx() context: Context,
  ): Promise<ConfirmBaselineEntriesPayload> {
    return decided(input, 'CONFIRMED', context);
  }

  @Mutation(() => ForbidBaselineEntriesPayload, {
    description:
      'Says that flows must not be, in the baselines of both ends: they are never learned again, no rule is generated for them, and they are anomalous and raise alerts, whatever the state of the baseline. An external peer is forbidden with all addresses of its name or block. A second call changes nothing.',
  })
  forbidBaselineEntries(
    @Arg('input', () => ForbidBaselineEntriesInput, { description: 'Which ones, and why' })
    input: ForbidBaselineEntriesInput,
    @Ctx() context: Context,
  ): Promise<ForbidBaselineEntriesPayload> {
    return decided(input, 'FORBIDDEN', context);
  }

  @Mutation(() => RemoveBaselineEntriesPayload, {
    description:
      'Takes entries out of the baselines of both ends: they are learned again when they are seen again. A second call changes nothing.',
  })
  removeBaselineEntries(
    @Arg('input', () => RemoveBaselineEntriesInput, { description: 'Which ones, and why' })
    input: RemoveBaselineEntriesInput,
    @Ctx() context: Context,
  ): Promise<RemoveBaselineEntriesPayload> {
    return decided(input, 'REMOVED', context);
  }
}
