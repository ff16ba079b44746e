import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { facetOf } from '../graphql/facet.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import type { FacetCount } from '../query/facets.js';
import { windowOf } from './flow-condition.js';
import { FlowCountsType } from './flow-counts.graphql.js';
import { FlowFilterInput } from './flow-filter.graphql.js';
import { HistoryStep, MOST_POINTS } from './flow-history.js';
import { flowSelection } from './flow-selection.js';
import { FlowFacetName, type FlowSummaryStore } from './flow-summary.store.js';

registerEnumType(FlowFacetName, {
  name: 'FlowFacetName',
  description: 'The properties that flows are counted by.',
  valuesConfig: {
    cluster: { description: 'Name of the cluster' },
    namespace: { description: 'Namespace of either end; a flow between two counts for both' },
    observedVerdict: { description: 'What the dataplane last said' },
    policyVerdict: { description: 'What the policies in force say' },
    port: { description: "The destination pod's port" },
    protocol: { description: 'The protocol above IP' },
    tag: { description: 'Each tag that a flow has, told for the window of the filter' },
    trafficClass: { description: 'What it is for' },
  },
});

const FlowFacetType = facetOf('Flow', FlowFacetName, 'flows');

@ObjectType('FlowSeriesPoint', { description: 'One hour or day of several flows.' })
class FlowSeriesPointType {
  @Field(() => DateTimeScalar, { description: 'When the hour or the day begins' })
  readonly at!: string;

  @Field(() => Int, { description: 'Flows that were seen in it' })
  readonly flows!: number;

  @Field(() => FlowCountsType, {
    description: 'What was counted of them in it, as far as it lies in the window',
  })
  readonly counts!: FlowCountsType;
}

@ObjectType('FlowSeries', { description: 'Flows hour by hour, or day by day.' })
class FlowSeriesType {
  @Field(() => [FlowSeriesPointType], {
    description: `Newest first, at most ${MOST_POINTS}; hours and days without a count are left out`,
  })
  readonly points!: readonly FlowSeriesPointType[];

  @Field(() => Boolean, { description: 'True when the window has earlier ones than are shown' })
  readonly truncated!: boolean;
}

type Context = {
  readonly now: () => Date;
  readonly stores: { readonly flowSummaries: FlowSummaryStore };
};

@Resolver()
export class FlowSummaryResolver {
  @Query(() => [FlowFacetType], {
    description:
      'How the flows that a filter finds fall apart; by facet, the most frequent values first, at most a hundred of each',
  })
  flowFacets(
    @Arg('filter', () => FlowFilterInput, { nullable: true, description: 'Which flows' })
    filter: FlowFilterInput | null,
    @Ctx() { stores, now }: Context,
  ): Promise<readonly FacetCount<FlowFacetName>[]> {
    const moment = now();
    return stores.flowSummaries.facets(flowSelection(filter, moment), windowOf(filter, moment));
  }

  @Query(() => FlowSeriesType, {
    description:
      'What was counted of the flows that a filter finds by hour or by day, by what the dataplane said; in the whole hours of the window of `since` and `until`',
  })
  async flowSeries(
    @Arg('filter', () => FlowFilterInput, { nullable: true, description: 'Which flows' })
    filter: FlowFilterInput | null,
    @Arg('by', () => HistoryStep, {
      defaultValue: HistoryStep.HOUR,
      description: 'By hours or by days',
    })
    by: HistoryStep,
    @Ctx() { stores, now }: Context,
  ): Promise<FlowSeriesType> {
    const moment = now();
    const selection = flowSelection(filter, moment);
    const most = MOST_POINTS + 1;
    const found = await stores.flowSummaries.series(selection, windowOf(filter, moment), {
      by,
      most,
    });
    const points = found.slice(0, MOST_POINTS).map(({ at, flows, ...counts }) => ({
      at,
      flows,
      counts,
    }));
    return { points, truncated: found.length > MOST_POINTS };
  }
}
