import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { LabelSelectorInput } from '../graphql/filter.graphql.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { noCluster } from '../inventory/existing-cluster.js';
import { BaselineType } from './baseline.graphql.js';
import type { Baseline } from './baseline.js';
import type { BaselineContext } from './baseline-context.js';
import { type ExportStores, exportBaselines } from './export-baselines.js';
import type { ImportBaselinesInput, ImportBaselinesOutcome } from './import-baselines.js';

@ArgsType()
class BaselineExportArguments {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => [String], { nullable: true, description: 'Namespaces; all of them when not given' })
  readonly namespaces?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Deployments, as `namespace/name` or `name`; all of the namespaces when not given',
  })
  readonly deployments?: string[] | null;

  @Field(() => LabelSelectorInput, {
    nullable: true,
    description: 'Only deployments whose labels are selected',
  })
  readonly labels?: LabelSelectorInput | null;
}

@ObjectType('BaselineExport', { description: 'Baselines as a text for Git.' })
class BaselineExportType {
  @Field(() => String, {
    description:
      'JSON with sorted keys and lists, the same byte by byte for the same baselines: peers, ports, protocols and what was said of them, and no evidence, which changes with each hour. Removed entries are not in it',
  })
  readonly text!: string;

  @Field(() => Int, { description: 'How many baselines it has' })
  readonly baselines!: number;

  @Field(() => Int, { description: 'How many entries it has' })
  readonly entries!: number;

  @Field(() => [ProblemType], { description: 'What is not in it, and why' })
  readonly problems!: readonly ProblemType[];
}

@InputType('ImportBaselinesInput', {
  description: 'What was exported, of this cluster or another.',
})
class ImportBaselinesInputType {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => String, { description: 'What `baselineExport` wrote, edited or not' })
  readonly text!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Tells what would be done, and does nothing',
  })
  readonly dryRun!: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version of the one baseline that the text names, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: 'Why, for the history' })
  readonly reason?: string | null;
}

@ObjectType('ImportBaselinesPayload', { description: 'What was done, or would be.' })
class ImportBaselinesPayload {
  @Field(() => [BaselineType], {
    description: 'The baselines that the text names, as they are now',
  })
  readonly baselines!: readonly Baseline[];

  @Field(() => Int, { description: 'Entries that were not there' })
  readonly added!: number;

  @Field(() => Int, { description: 'Entries of which something else is said' })
  readonly changed!: number;

  @Field(() => Int, { description: 'Entries that the text does not have: REMOVED' })
  readonly removed!: number;

  @Field(() => Int, { description: 'Baselines that were locked' })
  readonly locked!: number;

  @Field(() => Int, { description: 'Baselines that were unlocked' })
  readonly unlocked!: number;

  @Field(() => [ProblemType], {
    description: 'What could not be used, with its place in the text as `path`',
  })
  readonly problems!: readonly ProblemType[];
}

type Context = BaselineContext & {
  readonly stores: ExportStores;
  readonly useCases: {
    readonly importBaselines: (input: ImportBaselinesInput) => Promise<ImportBaselinesOutcome>;
  };
};

const NOTHING = { baselines: [], added: 0, changed: 0, removed: 0, locked: 0, unlocked: 0 };

@Resolver()
export class BaselineExchangeResolver {
  @Query(() => BaselineExportType, {
    nullable: true,
    description: 'Baselines as sorted JSON, fit for Git; null: there is no such cluster',
  })
  async baselineExport(
    @Args(() => BaselineExportArguments)
    { cluster: name, namespaces, deployments, labels }: BaselineExportArguments,
    @Ctx() { stores }: Context,
  ): Promise<BaselineExportType | null> {
    const cluster = await stores.clusters.byName(name);
    if (cluster === null) return null;
    const { problems, ...exported } = await exportBaselines(stores, {
      clusterId: cluster.id,
      namespaces: namespaces ?? null,
      deployments: deployments ?? null,
      labels: labels ?? null,
    });
    return { ...exported, problems: problems.map(problemOf) };
  }

  @Mutation(() => ImportBaselinesPayload, {
    description:
      'Makes baselines what a text says, of the deployments that it names. An entry that it does not have becomes REMOVED; one that was never observed here becomes CONFIRMED. What cannot be used is left out with its place. A second call changes nothing.',
  })
  async importBaselines(
    @Arg('input', () => ImportBaselinesInputType, {
      description: 'The text, and for which cluster',
    })
    { cluster: name, text, dryRun, reason, expectedVersion }: ImportBaselinesInputType,
    @Ctx() { stores, useCases }: Context,
  ): Promise<ImportBaselinesPayload> {
    const cluster = await stores.clusters.byName(name);
    if (cluster === null)
      return { ...NOTHING, problems: [problemOf(await noCluster(stores.clusters, name))] };
    const asked = {
      ...{ clusterId: cluster.id, text, dryRun, reason: reason ?? null },
      expectedVersion: expectedVersion ?? null,
    };
    const { problems, ...outcome } = await useCases.importBaselines(asked);
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
