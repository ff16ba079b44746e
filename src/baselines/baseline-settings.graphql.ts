import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { FirstArgumentType } from '../graphql/connection.graphql.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { checkedSize } from '../query/page.js';
import type { BaselineContext } from './baseline-context.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import {
  BaselineLearning,
  type BaselineSettings,
  RelearnOn,
  type SettingsRow,
  settingsOf,
} from './baseline-settings.js';
import { SetBaselineSettingsInput } from './baseline-settings-input.graphql.js';
import type { SetSettingsInput, SetSettingsOutcome } from './set-settings.js';

registerEnumType(BaselineLearning, {
  name: 'BaselineLearning',
  description: 'Whether a baseline learns by itself.',
  valuesConfig: {
    ON_DEMAND: { description: '`generateBaselines` learns, and nothing else' },
    CONTINUOUS: {
      description: 'Flows are learned as they come, until the baseline is STABLE',
    },
  },
});

registerEnumType(RelearnOn, {
  name: 'RelearnOn',
  description: 'What opens a baseline again that learns by itself, besides `reopenBaselines`.',
  valuesConfig: {
    NOTHING: {
      description: 'Nothing by itself: somebody reopens it, unlocks it or has it learned anew',
    },
    NEW_RELEASE: {
      description:
        'Pods whose labels none of the deployment had before, such as a new `pod-template-hash`',
    },
    POLICY_CHANGE: {
      description:
        'A live policy of its namespace, or of the whole cluster, that was made, changed or deleted, as imports found it; not the first policies that are known of the cluster',
    },
    ANY_CHANGE: { description: 'Either of both' },
  },
});

@ObjectType('BaselineSettings', {
  description:
    'How baselines are learned. Hours are covered ones: those in which something came of the cluster.',
})
export class BaselineSettingsType {
  @Field(() => Int, { description: 'Hours to watch before a baseline can be STABLE' })
  readonly observationHours!: number;

  @Field(() => Int, { description: 'Hours without anything new before it is STABLE' })
  readonly quietHours!: number;

  @Field(() => Int, { description: 'Events to see before it is STABLE' })
  readonly minEvents!: number;

  @Field(() => BaselineLearning, { description: 'Whether it learns by itself' })
  readonly learning!: BaselineLearning;

  @Field(() => Boolean, { description: 'Whether it is locked when it becomes STABLE' })
  readonly lockWhenStable!: boolean;

  @Field(() => RelearnOn, { description: 'What opens it again' })
  readonly relearnOn!: RelearnOn;

  @Field(() => Int, { description: 'Hours for which a change opens it again' })
  readonly relearnHours!: number;

  @Field(() => Int, { description: 'Days after which what was not seen is proposed for removal' })
  readonly decayDays!: number;

  @Field(() => Int, { description: 'Days after which it is old, and should be learned again' })
  readonly staleDays!: number;
}

@ObjectType('BaselineSettingsOverride', {
  description: 'What was set at one place; null: what holds above it.',
})
class BaselineSettingsOverrideType {
  @Field(() => String, { nullable: true, description: 'Null: of the whole cluster' })
  readonly namespace!: string | null;

  @Field(() => String, { nullable: true, description: 'Null: of the whole namespace' })
  readonly deployment!: string | null;

  @Field(() => Int, { nullable: true, description: 'Covered hours to watch before it is STABLE' })
  readonly observationHours!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Covered hours without anything new before it is STABLE',
  })
  readonly quietHours!: number | null;

  @Field(() => Int, { nullable: true, description: 'Events to see before it is STABLE' })
  readonly minEvents!: number | null;

  @Field(() => BaselineLearning, { nullable: true, description: 'Whether it learns by itself' })
  readonly learning!: BaselineLearning | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is locked when it becomes STABLE',
  })
  readonly lockWhenStable!: boolean | null;

  @Field(() => RelearnOn, { nullable: true, description: 'What opens it again' })
  readonly relearnOn!: RelearnOn | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Covered hours for which a change opens it again',
  })
  readonly relearnHours!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Days without a sight until removal is proposed',
  })
  readonly decayDays!: number | null;

  @Field(() => Int, { nullable: true, description: 'Days until a baseline is stale' })
  readonly staleDays!: number | null;

  @Field(() => Int, { description: 'From 1; goes up with each change of the place' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was set' })
  readonly updatedAt!: string;

  @Field(() => String, { description: 'Name of who set it' })
  readonly updatedBy!: string;
}

@ObjectType('ClusterBaselineSettings', {
  description: 'What holds in a cluster, and where something else was set.',
})
class ClusterBaselineSettingsType {
  @Field(() => BaselineSettingsType, { description: 'Where nothing else was set' })
  readonly cluster!: BaselineSettings;

  /** All that was set, the widest place first. */
  readonly rows!: readonly SettingsRow[];
}

@ObjectType('SetBaselineSettingsPayload', { description: 'What holds at the place now.' })
class SetBaselineSettingsPayload {
  @Field(() => BaselineSettingsType, { nullable: true, description: 'Null when nothing was done' })
  readonly settings!: BaselineSettings | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version of what is set at the place, for `expectedVersion`; 0 where nothing is set there any more. Null when nothing was done',
  })
  readonly version!: number | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

type Context = Pick<BaselineContext, 'stores'> & {
  readonly stores: { readonly baselineSettings: BaselineSettingStore };
  readonly useCases: {
    readonly setBaselineSettings: (input: SetSettingsInput) => Promise<SetSettingsOutcome>;
  };
};

const overrideOf = ({ namespace, deployment, ...row }: SettingsRow) => ({
  ...row,
  namespace: namespace === '' ? null : namespace,
  deployment: deployment === '' ? null : deployment,
});

@Resolver(() => ClusterBaselineSettingsType)
export class BaselineOverridesResolver {
  @FieldResolver(() => [BaselineSettingsOverrideType], {
    description: 'What was set, the widest place first',
  })
  overrides(
    @Root() { rows }: ClusterBaselineSettingsType,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
  ): readonly BaselineSettingsOverrideType[] {
    return rows.slice(0, checkedSize('first', first)).map(overrideOf);
  }
}

@Resolver()
export class BaselineSettingsResolver {
  @Query(() => ClusterBaselineSettingsType, {
    nullable: true,
    description: 'How baselines of a cluster are learned; null: there is no such cluster',
  })
  async baselineSettings(
    @Arg('cluster', () => String, { description: 'Name of the cluster' }) name: string,
    @Ctx() { stores }: Context,
  ): Promise<ClusterBaselineSettingsType | null> {
    const cluster = await stores.clusters.byName(name);
    if (cluster === null) return null;
    const rows = await stores.baselineSettings.shown(cluster.id);
    return {
      cluster: settingsOf(rows, { namespace: null, name: null }),
      rows,
    };
  }

  @Mutation(() => SetBaselineSettingsPayload, {
    description:
      'Sets how baselines of a cluster, a namespace or a deployment are learned; of each setting the most specific place counts. It holds from the next learning on.',
  })
  async setBaselineSettings(
    @Arg('input', () => SetBaselineSettingsInput, { description: 'Where, and what' })
    { cluster, namespace, deployment, expectedVersion, ...change }: SetBaselineSettingsInput,
    @Ctx() { useCases }: Context,
  ): Promise<SetBaselineSettingsPayload> {
    const place = { namespace: namespace ?? null, deployment: deployment ?? null };
    const { problems, ...outcome } = await useCases.setBaselineSettings({
      cluster,
      ...place,
      change,
      expectedVersion: expectedVersion ?? null,
    });
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
