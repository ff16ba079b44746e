import {
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import type { Explained } from '../enforcement/explained.js';
import { ExplanationType } from '../enforcement/explanation.graphql.js';
import type { FlowNode } from '../flows/flow-node.js';
import { FlowType } from '../flows/flow-type.graphql.js';
import { connectionOf } from '../graphql/connection.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { Verdict } from '../netpol/index.js';
import type { SimulatedFlowLoader } from './simulated-flow.loader.js';
import type { FlowOfSimulation, SimulatedSpan } from './simulated-flow.store.js';
import { notesOf, SimulatedFlowNote } from './simulated-flow-note.js';
import { FlowClass } from './simulation.js';
import type { SightLoader, SpanLoader } from './simulation.loader.js';

registerEnumType(FlowClass, {
  name: 'FlowClass',
  description: 'What a candidate does to an observed flow.',
  valuesConfig: {
    STILL_ALLOWED: { description: 'Green: allowed before and after' },
    NEWLY_BLOCKED: { description: 'Red: allowed before, denied after' },
    NEWLY_ALLOWED: { description: 'Yellow: denied before, allowed after' },
    STILL_BLOCKED: {
      description:
        'Denied before and after, by policies or, in the window, by the dataplane: it is not the candidate that blocks it',
    },
    UNDECIDABLE: {
      description:
        'One of the two verdicts cannot be given; the explanation names the missing fact',
    },
  },
});

registerEnumType(SimulatedFlowNote, {
  name: 'SimulatedFlowNote',
  description: 'What makes a flow easy to overlook: it may come again when nobody watches.',
  valuesConfig: {
    JOB: { description: 'One of its ends is a Job or a CronJob' },
    AT_START: {
      description: 'It was seen only in hours in which a pod of one of its ends had just started',
    },
    RARE: { description: 'It was seen on a tenth of the observed days at most' },
  },
});

@ObjectType('SimulatedFlow', {
  description:
    'One observed flow under the policies in force and under the candidate, with the labels, addresses and Services that its ends had when it was seen. Where they changed meanwhile, it is what needs a look first among what it was.',
})
class SimulatedFlowType {
  @Field(() => FlowClass, { description: 'What the candidate does to it' })
  readonly class!: FlowClass;

  @Field(() => Verdict, { description: 'Under the policies in force' })
  readonly before!: Verdict;

  @Field(() => Verdict, { description: 'Under the candidate' })
  readonly after!: Verdict;
}

@ObjectType('SimulatedSpan', {
  description:
    'Hours of a simulated flow, and what the candidate does to it under what its ends were then.',
})
class SimulatedSpanType {
  @Field(() => DateTimeScalar, { description: 'Begin of the first hour' })
  readonly since!: string;

  @Field(() => DateTimeScalar, { description: 'End of the last hour' })
  readonly until!: string;

  @Field(() => FlowClass, { description: 'What the candidate does to it' })
  readonly class!: FlowClass;

  @Field(() => Verdict, { description: 'Under the policies in force' })
  readonly before!: Verdict;

  @Field(() => Verdict, { description: 'Under the candidate' })
  readonly after!: Verdict;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'A moment of the state of its ends that was judged; null where it is that of the time of the simulation',
  })
  readonly judgedAt!: string | null;
}

export const SimulatedFlowConnection = connectionOf('SimulatedFlow', () => SimulatedFlowType);

type Load<K, V> = { load(key: K): Promise<V> };
type Context = {
  readonly loaders: {
    readonly flows: Load<{ readonly clusterId: number; readonly id: string }, FlowNode | null>;
    readonly simulatedFlows: SimulatedFlowLoader;
    readonly simulatedSpans: SpanLoader;
    readonly simulatedSights: SightLoader;
  };
};

@Resolver(() => SimulatedFlowType)
export class SimulatedFlowResolver {
  @FieldResolver(() => ExplanationType, {
    description:
      'Why the candidate allows it or not; made when it is read, from the policies and labels of the time of the simulation',
  })
  explanation(
    @Root() { clusterId, simulationId, flowId }: FlowOfSimulation,
    @Ctx() { loaders }: Context,
  ): Promise<Explained> {
    return loaders.simulatedFlows.load({ clusterId, id: simulationId, flowId });
  }

  @FieldResolver(() => [SimulatedSpanType], {
    description:
      'What it was in its hours, where its ends were once something else; empty where they are what they were in the whole window',
  })
  async spans(
    @Root() flow: FlowOfSimulation,
    @Ctx() { loaders }: Context,
  ): Promise<readonly SimulatedSpan[]> {
    return loaders.simulatedSpans.load(flow);
  }

  @FieldResolver(() => Int, { description: 'Days of the window on which it was seen' })
  async seenDays(@Root() flow: FlowOfSimulation, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.simulatedSights.load(flow)).days;
  }

  @FieldResolver(() => Int, {
    description:
      'Days of the window on which any flow was seen: `seenDays` is to be held against it',
  })
  async observedDays(@Root() flow: FlowOfSimulation, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.simulatedSights.load(flow)).ofDays;
  }

  @FieldResolver(() => [SimulatedFlowNote], {
    description: 'What makes it easy to overlook; empty for a flow of every day',
  })
  async notes(
    @Root() flow: FlowOfSimulation,
    @Ctx() { loaders }: Context,
  ): Promise<readonly SimulatedFlowNote[]> {
    return notesOf(await loaders.simulatedSights.load(flow));
  }

  @FieldResolver(() => FlowType, { description: 'As it was observed' })
  async flow(
    @Root() { clusterId, flowId }: FlowOfSimulation,
    @Ctx() { loaders }: Context,
  ): Promise<FlowNode> {
    const flow = await loaders.flows.load({ clusterId, id: flowId });
    if (flow === null) throw new Error(`flow ${flowId} of a simulation is not stored`);
    return flow;
  }
}
