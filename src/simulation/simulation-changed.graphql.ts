import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Events } from '../database/events.js';
import { follow } from '../graphql/follow.js';
import { ApiError, ErrorCode } from '../query/api-error.js';
import { decodeId } from '../query/node-id.js';
import type { Simulation } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';
import { SimulationType } from './simulation-type.graphql.js';

type Context = {
  readonly events: Events;
  readonly stores: { readonly simulations: Pick<SimulationStore, 'byIds'> };
};

const hasEnded = ({ status }: Simulation): boolean => status !== 'PENDING' && status !== 'RUNNING';

async function changes({ id }: { readonly id: string }, { stores, events }: Context) {
  const key = decodeId(id);
  const one =
    key?.type === 'Simulation' && key.rowId !== null
      ? { clusterId: key.clusterId, id: key.rowId }
      : null;
  if (one === null || (await stores.simulations.byIds([one])).length === 0)
    throw new ApiError(ErrorCode.NOT_FOUND, 'there is no simulation of this id');
  return follow<Simulation>({
    events,
    kind: 'simulation',
    wants: (clusterId, row) => clusterId === one.clusterId && row === one.id,
    load: () => stores.simulations.byIds([one]),
    atOnce: true,
    isLast: hasEnded,
  });
}

@Resolver()
export class SimulationChangedResolver {
  @Subscription(() => SimulationType, {
    subscribe: ({ args, context }) => changes(args as { id: string }, context as Context) as never,
    description:
      'A simulation as it is now, and again whenever its status changes; ends with it. After a break ask again: it begins with the simulation as it is then, so that nothing is missed.',
  })
  simulationChanged(
    @Root() simulation: Simulation,
    @Arg('id', () => ID, { description: 'Id of the simulation' }) _id: string,
  ): Simulation {
    return simulation;
  }
}
