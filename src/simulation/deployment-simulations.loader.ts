import { type Page, type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import type { RowKey } from '../query/row-key.js';
import { countsOfEach, type PagesLoader, pagesOfEach } from '../query/rows-of-keys.loader.js';
import type { DeploymentSimulationStore } from './deployment-simulations.store.js';
import type { Simulation } from './simulation.js';
import { simulationOrder } from './simulation-filter.js';

async function pagesOf(
  store: DeploymentSimulationStore,
  keys: readonly RowKey[],
  page: PageArguments,
): Promise<readonly Page<Simulation>[]> {
  const request = pageRequest(page, simulationOrder(null));
  const byPlace = Map.groupBy(await store.pages(keys, request), ({ place }) => place);
  const counts = countsOfEach(keys, wanted => store.counts(wanted));
  return keys.map((key, place) =>
    pageOf(request, byPlace.get(place + 1) ?? [], async () => totalCountOf(await counts.load(key))),
  );
}

/** Simulations that concern deployments: pages that are asked for alike are one statement, and one more where they are counted. */
export const deploymentSimulationsLoader = (
  store: DeploymentSimulationStore,
): PagesLoader<PageArguments, Simulation> =>
  pagesOfEach((keys, page) => pagesOf(store, keys, page));
