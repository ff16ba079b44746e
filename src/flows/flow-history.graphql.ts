import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { FlowCountsType, WindowArguments } from './flow-counts.graphql.js';
import type { FlowHistoryLoader } from './flow-counts.loader.js';
import { type FlowHistory, type HistoryPoint, HistoryStep, MOST_POINTS } from './flow-history.js';
import type { FlowNode } from './flow-node.js';
import { FlowType } from './flow-type.graphql.js';

registerEnumType(HistoryStep, {
  name: 'HistoryStep',
  description: 'How long each step of a history is.',
  valuesConfig: {
    HOUR: { description: 'An hour, from its start' },
    DAY: { description: 'A day of UTC' },
  },
});

@ArgsType()
class HistoryArguments extends WindowArguments {
  @Field(() => HistoryStep, { defaultValue: HistoryStep.HOUR, description: 'By hours or by days' })
  readonly by!: HistoryStep;
}

@ObjectType('FlowHistoryPoint', { description: 'One hour or day of a flow.' })
class FlowHistoryPointType {
  @Field(() => DateTimeScalar, { description: 'When the hour or the day begins' })
  readonly at!: string;

  @Field(() => FlowCountsType, {
    description: 'What was counted in it, as far as it lies in the window',
  })
  readonly counts!: FlowCountsType;
}

@ObjectType('FlowHistory', { description: 'A flow hour by hour, or day by day.' })
class FlowHistoryType {
  @Field(() => [FlowHistoryPointType], {
    description: `Newest first, at most ${MOST_POINTS}; hours and days without a count are left out`,
  })
  readonly points!: readonly FlowHistoryPointType[];

  @Field(() => Boolean, { description: 'True when the window has earlier ones than are shown' })
  readonly truncated!: boolean;
}

const pointOf = ({ at, ...counts }: HistoryPoint): FlowHistoryPointType => ({ at, counts });

/** What a flow was over time. */
@Resolver(() => FlowType)
export class FlowHistoryResolver {
  @FieldResolver(() => FlowHistoryType, {
    description: 'What was counted of it by hour or by day, in the whole hours of a window',
  })
  async history(
    @Root() { clusterId, id }: FlowNode,
    @Args(() => HistoryArguments) { by, ...window }: HistoryArguments,
    @Ctx() { loaders }: { readonly loaders: { readonly flowHistories: FlowHistoryLoader } },
  ): Promise<FlowHistoryType> {
    const asked = { ...window, by };
    const { points, truncated }: FlowHistory = await loaders.flowHistories.load({
      clusterId,
      id,
      asked,
    });
    return { points: points.map(pointOf), truncated };
  }
}
