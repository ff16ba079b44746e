import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../src/access/caller.js';
import { completenessStore } from '../../../src/flows/completeness.store.js';
import { diagnosisStore } from '../../../src/flows/diagnosis.store.js';
import { flowCountsStore } from '../../../src/flows/flow-counts.store.js';
import { FlowOrderField } from '../../../src/flows/flow-order.js';
import { flowOutsideStore } from '../../../src/flows/flow-outside.store.js';
import { flowPageStore } from '../../../src/flows/flow-page.store.js';
import { flowSelection } from '../../../src/flows/flow-selection.js';
import { flowSummaryStore } from '../../../src/flows/flow-summary.store.js';
import { flowTellStore } from '../../../src/flows/flow-tell.store.js';
import type { FlowFilter } from '../../../src/flows/flow-view.js';
import { flowWindowStore } from '../../../src/flows/flow-window.store.js';
import { flowQuery } from '../../../src/flows/list-flows.js';
import { FLOW, KEYS, LATER, NOW } from './keys.js';

const FILTERS: readonly FlowFilter[] = [
  {},
  { cluster: { eq: 'lab' }, namespace: { eq: 'shop' }, port: 80, tags: ['ANOMALOUS'] },
  { since: NOW, until: LATER },
];

/** Pages in each order, over no window and a bounded one, with cursors and without. */
async function runPages(manager: EntityManager, caller: Caller): Promise<void> {
  const flows = flowPageStore(manager, caller);
  const now = new Date(NOW);
  for (const filter of FILTERS)
    for (const field of Object.values(FlowOrderField)) {
      const listing = { filter, orderBy: { field, direction: 'ASC' } } as const;
      await flows.page(flowQuery(listing, now, { isKeyed: true }));
      const query = flowQuery(listing, now, { isKeyed: false });
      await flows.page(query);
      await flows.ofDeployments(KEYS, query);
      await flows.count(query.selection);
      await flows.countOfDeployments(KEYS, query.selection);
    }
  await flows.byIds(KEYS);
  const tells = flowTellStore(manager);
  await tells.listenFrom(1);
  await tells.tell(1, [FLOW]);
  await tells.after(1, 0, 1);
  await tells.forget();
}

export async function runFlowLists(manager: EntityManager, caller: Caller): Promise<void> {
  await runPages(manager, caller);
  const window = { since: NOW, until: LATER };
  const windows = flowWindowStore(manager, caller);
  await windows.inWindow({ clusterId: 1, namespaces: null, deployments: null }, window);
  await windows.withIds(1, [FLOW]);
  const counts = flowCountsStore(manager, caller);
  await counts.ofWindow(KEYS, window);
  await counts.history(KEYS, window, { by: 'DAY', most: 10 });
  const summaries = flowSummaryStore(manager, caller);
  for (const filter of FILTERS) {
    const selection = flowSelection(filter, new Date(NOW));
    await summaries.facets(selection, window);
    await summaries.series(selection, window, { by: 'DAY', most: 10 });
    for (const by of ['NAME', 'BLOCK', 'ADDRESS'] as const)
      await flowOutsideStore(manager, caller).groups(selection, by);
  }
  await completenessStore(manager, caller).ofWindow(1, window, null);
  await diagnosisStore(manager, caller).factsOf(1);
}
