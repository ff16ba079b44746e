import type { Window } from './flow-condition.js';
import { NO_COUNTS, type WindowCounts } from './flow-counts.js';
import type { FlowCountsStore, StepCounts } from './flow-counts.store.js';
import { type FlowHistory, type HistoryStep, MOST_POINTS } from './flow-history.js';
import type { FlowKey } from './flow-page.store.js';
import { type AskedWindow, type WindowLoader, windowLoader } from './window.loader.js';

/** With the window as it was understood. */
type LoadedCounts = WindowCounts & { readonly window: Window };
export type FlowCountsLoader = WindowLoader<AskedWindow, LoadedCounts>;

type Stores = { readonly flowCounts: FlowCountsStore };

const textOf = (clusterId: number, id: string): string => `${clusterId}/${id}`;

/** Counts of flows: one statement for each window. */
export const flowCountsLoader = ({ flowCounts }: Stores, now: () => Date): FlowCountsLoader =>
  windowLoader(now, async (flows, window) => {
    const rows = await flowCounts.ofWindow(flows, window);
    const byFlow = new Map(rows.map(row => [textOf(row.clusterId, row.flowId), row]));
    return ({ clusterId, id }) => ({ ...(byFlow.get(textOf(clusterId, id)) ?? NO_COUNTS), window });
  });

export type FlowHistoryLoader = WindowLoader<
  AskedWindow & { readonly by: HistoryStep },
  FlowHistory
>;

const historyOf = (rows: readonly StepCounts[]): FlowHistory => ({
  points: rows.slice(0, MOST_POINTS),
  truncated: rows.length > MOST_POINTS,
});

/** Histories of flows: one statement for each window and step. */
export const flowHistoryLoader = ({ flowCounts }: Stores, now: () => Date): FlowHistoryLoader =>
  windowLoader(now, async (flows, window, { by }) => {
    const rows = await flowCounts.history(flows, window, { by, most: MOST_POINTS + 1 });
    const byFlow = Map.groupBy(rows, row => textOf(row.clusterId, row.flowId));
    return ({ clusterId, id }: FlowKey) => historyOf(byFlow.get(textOf(clusterId, id)) ?? []);
  });
