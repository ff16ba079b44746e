import { Arg, Field, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { type Caller, seesWhole } from '../access/caller.js';
import type { Events } from '../database/events.js';
import { follow, type Told } from '../graphql/follow.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { existingCluster } from '../inventory/existing-cluster.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { FlowFilterInput } from './flow-filter.graphql.js';
import type { FlowPageStore } from './flow-page.store.js';
import { flowSelection } from './flow-selection.js';
import { FlowType } from './flow-type.graphql.js';
import type { FlowFilters, FlowView } from './flow-view.js';

type FlowsObserved = {
  readonly flows: readonly FlowView[];
  readonly skipped: number;
  readonly missed: boolean;
};

@ObjectType('FlowsObserved', { description: 'Flows of which records were taken in.' })
class FlowsObservedType {
  @Field(() => [FlowType], { description: 'As they are now, at most a thousand, in no order' })
  readonly flows!: readonly FlowView[];

  @Field(() => Int, {
    description:
      'Flows that are left out because they were too many at once; of those some may not be asked for. Who sees some workloads only is told 1, however many',
  })
  readonly skipped!: number;

  @Field(() => Boolean, {
    description:
      'The server lost its connection to the database for a while: flows that were observed since the last of these are not told, and `flows` has them',
  })
  readonly missed!: boolean;
}

type Context = {
  readonly caller: Caller;
  readonly now: () => Date;
  readonly events: Events;
  readonly stores: {
    readonly clusters: Pick<ClusterStore, 'byName'>;
    readonly flows: Pick<FlowPageStore, 'byIds'>;
    readonly peers: Pick<PeerStore, 'byIds'>;
  };
};

type Args = { readonly cluster: string; readonly filter?: FlowFilters | null };

async function observed({ cluster, filter }: Args, { stores, events, now, caller }: Context) {
  const found = await existingCluster(stores.clusters, cluster);
  flowSelection(filter, now());
  // How much happens outside of a scope is not told.
  const told = (count: number): number => (seesWhole(caller) ? count : Math.min(count, 1));
  const load = async ({ keys, skipped, gap }: Told): Promise<readonly FlowsObserved[]> => {
    const flows =
      keys.length === 0 ? [] : await stores.flows.byIds(keys, flowSelection(filter, now()));
    return flows.length === 0 && skipped === 0 && !gap
      ? []
      : [{ flows, skipped: told(skipped), missed: gap }];
  };
  return follow({ events, kind: 'flows', wants: clusterId => clusterId === found.id, load });
}

@Resolver()
export class FlowsObservedResolver {
  @Subscription(() => FlowsObservedType, {
    subscribe: ({ args, context }) => observed(args as Args, context as Context) as never,
    description:
      'Flows as their records are taken in. A client that is slower gets each flow once, as it is then. It cannot be taken up again after a break: nothing keeps when the records of a flow came, only when it was observed. Ask `flows` for what was observed meanwhile.',
  })
  flowsObserved(
    @Root() flows: FlowsObserved,
    @Arg('cluster', () => String, { description: 'Name of the cluster' }) _cluster: string,
    @Arg('filter', () => FlowFilterInput, { nullable: true, description: 'Which flows' })
    _filter: FlowFilterInput | null,
  ): FlowsObservedType {
    return flows;
  }
}
