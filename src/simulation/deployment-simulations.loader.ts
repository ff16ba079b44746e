import DataLoader from 'dataloader';
import { type Page, type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import type { DeploymentSimulationStore } from './deployment-simulations.store.js';
import type { Simulation } from './simulation.js';
import { simulationOrder } from './simulation-filter.js';

type Asked = { readonly clusterId: number; readonly id: string; readonly page: PageArguments };

type Load = { readonly load: (asked: Asked) => Promise<Page<Simulation>> };

const textOf = ({ clusterId, id }: Omit<Asked, 'page'>): string => `${clusterId} ${id}`;

const cursorsOf = ({ page: { first, after, last, before } }: Asked): string =>
  JSON.stringify([first, after, last, before]);

async function pagesOf(
  store: DeploymentSimulationStore,
  keys: readonly Asked[],
): Promise<readonly Page<Simulation>[]> {
  const request = pageRequest(keys[0]?.page ?? {}, simulationOrder(null));
  const byPlace = Map.groupBy(await store.pages(keys, request), ({ place }) => place);
  const counts = new DataLoader<string, number>(async asked => {
    const counted = await store.counts(keys.filter(key => asked.includes(textOf(key))));
    const byKey = new Map(counted.map(row => [textOf(row), row.count]));
    return asked.map(key => byKey.get(key) ?? 0);
  });
  return keys.map((key, place) =>
    pageOf(request, byPlace.get(place + 1) ?? [], async () =>
      totalCountOf(await counts.load(textOf(key))),
    ),
  );
}

/** Simulations that concern deployments: pages that are asked for alike are one statement, and one more where they are counted. */
export const deploymentSimulationsLoader = (store: DeploymentSimulationStore): Load =>
  new DataLoader<Asked, Page<Simulation>, string>(
    async keys => {
      const pages = new Map<Asked, Page<Simulation>>();
      const alike = [...Map.groupBy(keys, cursorsOf).values()];
      await Promise.all(
        alike.map(async some => {
          const found = await pagesOf(store, some);
          for (const [place, key] of some.entries()) {
            const page = found[place];
            if (page !== undefined) pages.set(key, page);
          }
        }),
      );
      return keys.map(key => pages.get(key) ?? new Error('no page was read'));
    },
    { cacheKeyFn: key => `${textOf(key)} ${cursorsOf(key)}` },
  );
