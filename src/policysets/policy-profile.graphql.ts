import {
  Arg,
  Args,
  Ctx,
  Field,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { FirstArgumentType } from '../graphql/connection.graphql.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { DateTimeScalar, JsonScalar } from '../graphql/scalars.graphql.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { BUILT_IN_PROFILE_DEFINITIONS } from '../netpol/index.js';
import { checkedSize } from '../query/page.js';
import type {
  DeleteProfileInput,
  DeleteProfileOutcome,
  PutProfileInput,
  PutProfileOutcome,
} from './change-profile.js';
import type { PolicyProfile } from './policy-profile.js';
import type { PolicyProfileStore } from './policy-profile.store.js';

const ProfileOrigin = { BUILT_IN: 'BUILT_IN', STORED: 'STORED' } as const;
type ProfileOrigin = (typeof ProfileOrigin)[keyof typeof ProfileOrigin];
registerEnumType(ProfileOrigin, {
  name: 'PolicyProfileOrigin',
  description: 'Where a profile comes from.',
  valuesConfig: {
    BUILT_IN: { description: 'It comes with the program' },
    STORED: { description: 'Somebody stored it' },
  },
});

@ObjectType('PolicyProfile', {
  description:
    'How zones of namespaces are kept apart: what `options.profile` of `generatePolicies` names.',
})
class PolicyProfileType {
  @Field(() => String, { description: 'Its name in the cluster' })
  readonly name!: string;

  @Field(() => ProfileOrigin, { description: 'Where it comes from' })
  readonly origin!: ProfileOrigin;

  @Field(() => Int, {
    description: 'From 1; each change is one more. 0: it comes with the program',
  })
  readonly version!: number;

  @Field(() => JsonScalar, { description: '`{"name", "zones"}`, as it was written' })
  readonly definition!: unknown;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was changed last' })
  readonly updatedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Who changed it last' })
  readonly updatedBy!: string | null;
}

const builtIn = (definition: { readonly name: string }): PolicyProfileType => ({
  name: definition.name,
  origin: ProfileOrigin.BUILT_IN,
  version: 0,
  definition,
  updatedAt: null,
  updatedBy: null,
});

const stored = (profile: PolicyProfile): PolicyProfileType => ({
  ...profile,
  origin: ProfileOrigin.STORED,
});

@InputType('PutPolicyProfileInput', { description: 'A profile, under the name that it has.' })
class PutPolicyProfileInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => JsonScalar, {
    description:
      '`{"name", "zones": [{"name", "labels", "deny", "internet", "rules": [{"direction", "zone" | "blocks", "ports"}]}]}`',
  })
  readonly profile!: unknown;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version that is to be changed, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@ObjectType('PutPolicyProfilePayload', { description: 'The profile as it is now.' })
class PutPolicyProfilePayload {
  @Field(() => PolicyProfileType, { nullable: true, description: 'Null when nothing was done' })
  readonly profile!: PolicyProfileType | null;

  @Field(() => [ProblemType], { description: 'What was refused' })
  readonly problems!: readonly ProblemType[];
}

@InputType('DeletePolicyProfileInput', { description: 'Which profile.' })
class DeletePolicyProfileInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => String, { description: 'Name of the profile' })
  readonly name!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Its version: where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@ObjectType('DeletePolicyProfilePayload', { description: 'Whether it is gone.' })
class DeletePolicyProfilePayload {
  @Field(() => Boolean, { description: 'False when nothing was done' })
  readonly deleted!: boolean;

  @Field(() => [ProblemType], { description: 'What was refused' })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName'>;
    readonly policyProfiles: Pick<PolicyProfileStore, 'list'>;
  };
  readonly useCases: {
    readonly putPolicyProfile: (input: PutProfileInput) => Promise<PutProfileOutcome>;
    readonly deletePolicyProfile: (input: DeleteProfileInput) => Promise<DeleteProfileOutcome>;
  };
};

@Resolver()
export class PolicyProfileResolver {
  @Query(() => [PolicyProfileType], {
    nullable: true,
    description:
      'Profiles of a cluster by name, after those that come with the program. Who sees some workloads of the cluster only is shown the latter alone',
  })
  async policyProfiles(
    @Arg('cluster', () => String, { description: 'Name of the cluster' }) name: string,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { stores }: Context,
  ): Promise<readonly PolicyProfileType[]> {
    const size = checkedSize('first', first);
    const cluster = await stores.clusters.byName(name);
    if (cluster === null) return [];
    const own = await stores.policyProfiles.list(cluster.id);
    return [...BUILT_IN_PROFILE_DEFINITIONS.map(builtIn), ...own.map(stored)].slice(0, size);
  }

  @Mutation(() => PutPolicyProfilePayload, {
    description:
      'Stores a profile, or changes the one of its name; `generatePolicies` takes it by name from then on. The same definition again is no new version',
  })
  async putPolicyProfile(
    @Arg('input', () => PutPolicyProfileInput, { description: 'The profile' })
    { cluster, profile, expectedVersion = null }: PutPolicyProfileInput,
    @Ctx() { useCases }: Context,
  ): Promise<PutPolicyProfilePayload> {
    const outcome = await useCases.putPolicyProfile({ cluster, profile, expectedVersion });
    return {
      profile: outcome.profile && stored(outcome.profile),
      problems: outcome.problems.map(problemOf),
    };
  }

  @Mutation(() => DeletePolicyProfilePayload, {
    description:
      'Deletes a stored profile. Policy sets that were generated with it stay as they are',
  })
  async deletePolicyProfile(
    @Arg('input', () => DeletePolicyProfileInput, { description: 'Which one' })
    { cluster, name, expectedVersion = null }: DeletePolicyProfileInput,
    @Ctx() { useCases }: Context,
  ): Promise<DeletePolicyProfilePayload> {
    const outcome = await useCases.deletePolicyProfile({ cluster, name, expectedVersion });
    return { ...outcome, problems: outcome.problems.map(problemOf) };
  }
}
