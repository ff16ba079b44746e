import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../src/access/caller.js';
import {
  BASELINE_ENTRY_ORDER,
  baselineEntryPageStore,
} from '../../../src/baselines/baseline-entry-page.store.js';
import { baselineProgressStore } from '../../../src/baselines/baseline-progress.store.js';
import { pageRequest } from '../../../src/query/page.js';
import { DEPLOYMENT, KEYS, NOW } from './keys.js';

export async function runBaselineEntries(manager: EntityManager, caller: Caller): Promise<void> {
  const entries = baselineEntryPageStore(manager, caller);
  await entries.pages(KEYS, pageRequest({}, BASELINE_ENTRY_ORDER));
  await entries.counts(KEYS);
  const progress = baselineProgressStore(manager);
  await progress.due();
  await progress.advanced(1, NOW);
  await progress.setContinuous(1, [{ id: DEPLOYMENT, continuous: true }]);
}
