import { Args, ArgsType, Field, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { type Caller, seesWhole } from '../access/caller.js';
import type { Events } from '../database/events.js';
import { follow } from '../graphql/follow.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { existingCluster } from '../inventory/existing-cluster.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { badInput } from '../query/api-error.js';
import { decodeCursor, encodeCursor, type Order } from '../query/keyset.js';
import { FlowFilterInput } from './flow-filter.graphql.js';
import type { FlowPageStore } from './flow-page.store.js';
import { flowSelection } from './flow-selection.js';
import type { FlowNews, FlowTellStore } from './flow-tell.store.js';
import { FlowType } from './flow-type.graphql.js';
import type { FlowFilters, FlowView } from './flow-view.js';

type FlowsObserved = {
  readonly flows: readonly FlowView[];
  readonly skipped: number;
  readonly missed: boolean;
  readonly cursor: string;
};

@ObjectType('FlowsObserved', { description: 'Flows of which records were taken in.' })
class FlowsObservedType {
  @Field(() => [FlowType], { description: 'As they are now, at most a thousand, in no order' })
  readonly flows!: readonly FlowView[];

  @Field(() => Int, {
    description:
      'Flows that are left out because a batch had more than a thousand; of those some may not be asked for. Who sees some workloads only is told 1, however many',
  })
  readonly skipped!: number;

  @Field(() => Boolean, {
    description:
      'Batches between the last of these and this one are not kept any more: what was observed in them is not told, and `flows` has it',
  })
  readonly missed!: boolean;

  @Field(() => String, {
    description:
      'To go on after a break, on any server: give it as `after`. What was observed since is kept for ten minutes, a thousand batches at most',
  })
  readonly cursor!: string;
}

type Context = {
  readonly caller: Caller;
  readonly now: () => Date;
  readonly events: Events;
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName'>;
    readonly flows: Pick<FlowPageStore, 'byIds'>;
    readonly flowTells: Pick<FlowTellStore, 'listenFrom' | 'after'>;
    readonly peers: Pick<PeerStore, 'byIds'>;
  };
};

@ArgsType()
class FlowsObservedArguments {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => FlowFilterInput, { nullable: true, description: 'Which flows' })
  readonly filter?: FlowFilters | null;

  @Field(() => String, {
    nullable: true,
    description: 'The last `cursor` that was received; from now on when not given',
  })
  readonly after?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether to begin with one that has no flows: its `cursor` is where this begins, so that a break before the first flow loses nothing',
  })
  readonly opening!: boolean;
}

/** A place among the batches of a cluster. */
const PLACE: Order = [
  { expression: 'flow_news.cluster_id', type: 'int', direction: 'ASC' },
  { expression: 'flow_news.seq', type: 'bigint', direction: 'ASC' },
];

const cursorOf = (clusterId: number, seq: number): string =>
  encodeCursor(PLACE, [`${clusterId}`, `${seq}`]);

/** @throws ApiError BAD_USER_INPUT for a cursor of anything else */
function placeOf(cursor: string, clusterId: number): number {
  const [of, seq] = decodeCursor(PLACE, cursor);
  if (of !== `${clusterId}`) throw badInput('`after` is of another cluster');
  return Number(seq);
}

/** Batches that are read at once, and flows that are told at once. */
const BATCHES_AT_ONCE = 20;
const FLOWS_AT_ONCE = 1_000;

/** The first of them, as many as have no more than a thousand flows, and one at least. */
function atOnce(batches: readonly FlowNews[]): readonly FlowNews[] {
  let sum = 0;
  const end = batches.findIndex(({ flows }, place) => {
    sum += flows.length;
    return place > 0 && sum > FLOWS_AT_ONCE;
  });
  return end < 0 ? batches : batches.slice(0, end);
}

type Read = {
  readonly news: readonly FlowNews[];
  readonly place: number;
  readonly hasMore: boolean;
  readonly missed: boolean;
};

/** What was told after a place, and whether all of it is there. */
export function readAfter(
  place: number,
  { last, batches }: { readonly last: number; readonly batches: readonly FlowNews[] },
): Read {
  const news = atOnce(batches);
  const next = news.at(-1)?.seq ?? last;
  return {
    news,
    place: next,
    hasMore: news.length > 0 && next < last,
    missed: next - place !== news.length,
  };
}

async function observed(
  { cluster, filter, after, opening }: FlowsObservedArguments,
  { stores, events, now, caller }: Context,
) {
  const found = await existingCluster(stores.clusters, cluster);
  flowSelection(filter, now());
  const { flows: pages, flowTells } = stores;
  const begins = await flowTells.listenFrom(found.id);
  let at: Read = {
    news: [],
    place: after ? placeOf(after, found.id) : begins,
    hasMore: false,
    missed: false,
  };
  let opens = opening;
  // How much happens outside of a scope is not told.
  const told = (count: number): number => (seesWhole(caller) ? count : Math.min(count, 1));
  const load = async (): Promise<readonly FlowsObserved[]> => {
    at = readAfter(at.place, await flowTells.after(found.id, at.place, BATCHES_AT_ONCE));
    const { news, missed, place } = at;
    const keys = [...new Set(news.flatMap(({ flows }) => flows))].map(id => ({
      clusterId: found.id,
      id,
    }));
    const flows = keys.length === 0 ? [] : await pages.byIds(keys, flowSelection(filter, now()));
    const skipped = told(news.reduce((sum, one) => sum + one.skipped, 0));
    const isEmpty = flows.length === 0 && skipped === 0 && !missed && !opens;
    opens = false;
    return isEmpty ? [] : [{ flows, skipped, missed, cursor: cursorOf(found.id, place) }];
  };
  return follow({
    events,
    kind: 'flows',
    wants: clusterId => clusterId === found.id,
    load,
    atOnce: true,
    hasMore: () => at.hasMore,
  });
}

@Resolver()
export class FlowsObservedResolver {
  @Subscription(() => FlowsObservedType, {
    subscribe: ({ args, context }) =>
      observed(args as FlowsObservedArguments, context as Context) as never,
    description:
      'Flows as their records are taken in, in the order of batches; of several batches that are told at once each flow once, as it is then. After a break it goes on where `after` says, on any server, without a gap or a repeat.',
  })
  flowsObserved(
    @Root() flows: FlowsObserved,
    @Args(() => FlowsObservedArguments) _asked: FlowsObservedArguments,
  ): FlowsObservedType {
    return flows;
  }
}
