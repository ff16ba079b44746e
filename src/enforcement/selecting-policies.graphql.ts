import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgumentsType } from '../graphql/connection.graphql.js';
import { Direction } from '../graphql/policy-words.graphql.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import type { Peer } from '../inventory/peer.js';
import { pageOfList } from '../query/list-page.js';
import type { Page } from '../query/page.js';
import type { Explained, ExplainedHalf, ExplainedPart, ExplainedReason } from './explained.js';
import {
  DirectionExplanationType,
  ExplainedPartType,
  ExplanationType,
  ReasonType,
} from './explanation.graphql.js';
import { PolicyConnection, PolicyType } from './policy.graphql.js';
import type { PolicyRecord } from './policy.js';
import type { PolicyLoader, SelectingLoader } from './policy.loader.js';

type Context = {
  readonly loaders: {
    readonly policiesById: PolicyLoader;
    readonly selectingPolicies: SelectingLoader;
  };
};

@ArgsType()
class SelectingArguments extends PageArgumentsType {
  @Field(() => Direction, {
    nullable: true,
    description: 'The side that they govern; either when not given',
  })
  readonly direction?: Direction | null;
}

/** What this room adds to a deployment. */
@Resolver(() => DeploymentType)
export class DeploymentPoliciesResolver {
  @FieldResolver(() => PolicyConnection, {
    nullable: true,
    description:
      'The policies in force that select its pods, some of them or all, in the order in which they decide; null while its labels are not known',
  })
  async policies(
    @Root() { clusterId, id }: Peer,
    @Args(() => SelectingArguments) { direction, ...page }: SelectingArguments,
    @Ctx() { loaders }: Context,
  ): Promise<Page<PolicyRecord> | null> {
    const selecting = await loaders.selectingPolicies.load({ clusterId, id });
    if (selecting === null) return null;
    const { INGRESS, EGRESS } = selecting;
    const ids = direction ? selecting[direction] : [...new Set([...INGRESS, ...EGRESS])];
    const rows = await Promise.all(
      ids.map(policy => loaders.policiesById.load({ clusterId, id: policy })),
    );
    return pageOfList(
      rows.filter(row => row !== null),
      row => row.id,
      page,
    );
  }
}

/** With the cluster that its policy is of; null: not told. */
type OwnedReason = ExplainedReason & { readonly clusterId: number | null };

type OwnedHalf = Omit<ExplainedHalf, 'reasons'> & { readonly reasons: readonly OwnedReason[] };

type OwnedPart = Omit<ExplainedPart, 'egress' | 'ingress'> & {
  readonly egress: OwnedHalf;
  readonly ingress: OwnedHalf;
};

const owned = (half: ExplainedHalf, { clusterId }: Explained): OwnedHalf => ({
  ...half,
  reasons: half.reasons.map(reason => ({ ...reason, clusterId: clusterId ?? null })),
});

/** The halves of an explanation, with the cluster that its policies are of. */
@Resolver(() => ExplanationType)
export class ExplanationHalvesResolver {
  @FieldResolver(() => DirectionExplanationType, { description: "The source's side" })
  egress(@Root() explanation: Explained): OwnedHalf {
    return owned(explanation.egress, explanation);
  }

  @FieldResolver(() => DirectionExplanationType, { description: "The destination's side" })
  ingress(@Root() explanation: Explained): OwnedHalf {
    return owned(explanation.ingress, explanation);
  }

  @FieldResolver(() => [ExplainedPartType], {
    nullable: true,
    description:
      'Where an end is a namespace or a block, or no port was given and ports differ: what holds for which part, those with one answer together; null for a single question',
  })
  parts(@Root() explanation: Explained): readonly OwnedPart[] | null {
    const { parts = null } = explanation;
    if (parts === null) return null;
    return parts.map(part => ({
      ...part,
      egress: owned(part.egress, explanation),
      ingress: owned(part.ingress, explanation),
    }));
  }
}

@Resolver(() => ReasonType)
export class ReasonPolicyResolver {
  @FieldResolver(() => String, { description: 'The policy, as `Kind/namespace/name`' })
  policyName(@Root() { policy }: OwnedReason): string {
    return policy;
  }

  @FieldResolver(() => PolicyType, {
    nullable: true,
    description: 'The stored policy, as it is now; null for one of a candidate',
  })
  policy(
    @Root() { clusterId, policyId }: OwnedReason,
    @Ctx() { loaders }: Context,
  ): Promise<PolicyRecord | null> | null {
    if (clusterId === null || policyId === null) return null;
    return loaders.policiesById.load({ clusterId, id: policyId });
  }
}
