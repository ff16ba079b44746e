import { Arg, Ctx, Field, FieldResolver, InputType, Query, Resolver, Root } from 'type-graphql';
import { DateTimeScalar, PortScalar, YamlScalar } from '../graphql/scalars.graphql.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { badInput } from '../query/api-error.js';
import type { ExplainInput, ExplainOutcome } from './explain.js';
import { type Explained, explanationText } from './explained.js';
import { ExplanationType } from './explanation.graphql.js';

@InputType('ExplainInput', { description: 'One connection of a cluster.' })
class ExplainInputType {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => String, {
    description:
      '`namespace/name`, `namespace/name[Kind]`, `svc:namespace/name`, `ns:namespace` for all of its workloads, `NODE:name`, `EXTERNAL:name` (also of a block that `importExternalBlocks` named), an address, a CIDR, a DNS name or `{ingress-controller}`; `namespace/kind/name` is taken too',
  })
  readonly source!: string;

  @Field(() => String, { description: 'Written like `source`' })
  readonly destination!: string;

  @Field(() => PortScalar, { nullable: true, description: "The pod's port; not given: every port" })
  readonly port?: number | null;

  @Field(() => String, {
    nullable: true,
    description: '`TCP`, `UDP`, `SCTP` or another name; default `TCP`',
  })
  readonly protocol?: string | null;

  @Field(() => YamlScalar, {
    nullable: true,
    description: 'Policies that replace live ones of the same name, or add to them',
  })
  readonly policies?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Policies and labels as they were then; not given: now',
  })
  readonly at?: string | null;
}

type Context = {
  readonly stores: { readonly clusters: Pick<ClusterStore, 'byName'> };
  readonly useCases: { readonly explain: (input: ExplainInput) => Promise<ExplainOutcome> };
};

@Resolver(() => ExplanationType)
export class ExplanationResolver {
  @Query(() => ExplanationType, {
    nullable: true,
    description:
      'Why a connection is allowed or not, under the policies in force or a candidate; null where no cluster is named so, BAD_USER_INPUT with the nearest names where an end is nobody',
  })
  async explain(
    @Arg('input', () => ExplainInputType, { description: 'The connection' })
    input: ExplainInputType,
    @Ctx() { stores, useCases }: Context,
  ): Promise<Explained | null> {
    const cluster = await stores.clusters.byName(input.cluster);
    if (cluster === null) return null;
    const outcome = await useCases.explain({
      clusterId: cluster.id,
      source: input.source,
      destination: input.destination,
      port: input.port ?? null,
      protocol: (input.protocol ?? 'TCP').toUpperCase(),
      policies: input.policies ?? null,
      at: input.at ?? null,
    });
    if ('fault' in outcome) throw badInput(outcome.fault);
    return outcome.explanation;
  }

  @FieldResolver(() => String, { description: 'One sentence for people' })
  text(@Root() explanation: Explained): string {
    return explanationText(explanation);
  }
}
