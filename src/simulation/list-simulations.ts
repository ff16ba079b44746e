import type { Condition } from '../query/condition.js';
import { type Page, type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import type { Simulation } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';
import { type SimulationOrder, simulationOrder } from './simulation-filter.js';

/** A page of the simulations that a condition takes; the newest first where no order is given. */
export async function pageOfSimulations(
  { simulations }: { readonly simulations: Pick<SimulationStore, 'page' | 'count'> },
  page: PageArguments,
  condition: Condition,
  orderBy: SimulationOrder | null = null,
): Promise<Page<Simulation>> {
  const request = pageRequest(page, simulationOrder(orderBy));
  const rows = await simulations.page(condition, request);
  return pageOf(request, rows, async () => totalCountOf(await simulations.count(condition)));
}
