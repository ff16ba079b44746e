import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { BigIntScalar, TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { type FlowCounts, flowInWindow } from './flow-counts.js';
import type { FlowCountsLoader } from './flow-counts.loader.js';
import type { FlowNode } from './flow-node.js';
import { FlowType } from './flow-type.graphql.js';
import { FlowTag, tagsOf } from './flow-view.js';

@ArgsType()
export class WindowArguments {
  @Field(() => TimeBoundScalar, {
    nullable: true,
    description: 'From the whole hour that this lies in; open when not given',
  })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, {
    nullable: true,
    description: 'Before this, to the end of the hour that it lies in; open when not given',
  })
  readonly until?: string | null;
}

@ObjectType('FlowCounts', {
  description:
    'What was counted in the whole hours of a window, of those hours that are kept. `allowed` to `unknown` are events by what the dataplane said; together they are `events`.',
})
export class FlowCountsType implements FlowCounts {
  @Field(() => BigIntScalar, { description: 'Events that the source reported' })
  readonly events!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Connections that began; null where no source tells',
  })
  readonly connections!: string | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Bytes; null where no source tells' })
  readonly bytes!: string | null;

  @Field(() => BigIntScalar, { description: 'Events that were forwarded' })
  readonly allowed!: string;

  @Field(() => BigIntScalar, { description: 'Events that policy denied' })
  readonly denied!: string;

  @Field(() => BigIntScalar, {
    description: 'Events that were forwarded, and would be denied were policies enforced',
  })
  readonly audited!: string;

  @Field(() => BigIntScalar, { description: 'Events that failed for another reason than policy' })
  readonly failed!: string;

  @Field(() => BigIntScalar, { description: 'Events of which the source does not say' })
  readonly unknown!: string;
}

type Context = { readonly loaders: { readonly flowCounts: FlowCountsLoader } };

const isOpen = ({ since, until }: WindowArguments): boolean =>
  (since ?? null) === null && (until ?? null) === null;

/** What a flow was in a window: fields with the window as their argument, so that the flow itself is always the same. */
@Resolver(() => FlowType)
export class FlowCountsResolver {
  @FieldResolver(() => FlowCountsType, { description: 'What was counted of it in a window' })
  counts(
    @Root() { clusterId, id }: FlowNode,
    @Args(() => WindowArguments) asked: WindowArguments,
    @Ctx() { loaders }: Context,
  ): Promise<FlowCounts> {
    return loaders.flowCounts.load({ clusterId, id, asked });
  }

  @FieldResolver(() => Boolean, {
    description:
      "Whether it was seen in a window; without one, in the 24 hours before the cluster's newest observation",
  })
  async active(
    @Root() flow: FlowNode,
    @Args(() => WindowArguments) asked: WindowArguments,
    @Ctx() context: Context,
  ): Promise<boolean> {
    return (await ofWindow(flow, asked, context)).active;
  }

  @FieldResolver(() => [FlowTag], {
    description:
      "In the order ACTIVE, BASELINE, ALLOWED, ANOMALOUS. Of a window, ACTIVE is what was seen in it, and ANOMALOUS what the dataplane denied in it; without one, ACTIVE is what was seen in the 24 hours before the cluster's newest observation, and ANOMALOUS what it ever denied. Policies and baselines are those of now",
  })
  async tags(
    @Root() flow: FlowNode,
    @Args(() => WindowArguments) asked: WindowArguments,
    @Ctx() context: Context,
  ): Promise<readonly FlowTag[]> {
    return tagsOf(await ofWindow(flow, asked, context));
  }
}

async function ofWindow(
  flow: FlowNode,
  asked: WindowArguments,
  { loaders }: Context,
): Promise<FlowNode> {
  if (isOpen(asked)) return flow;
  const { clusterId, id } = flow;
  const { window, ...counts } = await loaders.flowCounts.load({ clusterId, id, asked });
  return flowInWindow(flow, counts, window);
}
