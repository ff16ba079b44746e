import DataLoader from 'dataloader';
import { type Window, windowOf } from './flow-condition.js';
import { NO_COUNTS, type WindowCounts } from './flow-counts.js';
import type { FlowCountsStore } from './flow-counts.store.js';
import type { FlowKey } from './flow-page.store.js';
import type { FlowFilter } from './flow-view.js';

/** A window as it is asked for. */
export type AskedWindow = Pick<FlowFilter, 'since' | 'until'>;

type Key = FlowKey & { readonly asked: AskedWindow };
/** With the window as it was understood. */
type LoadedCounts = WindowCounts & { readonly window: Window };
type CountsOf = (key: Key) => LoadedCounts;
export type FlowCountsLoader = DataLoader<Key, LoadedCounts, string>;

const flowText = (clusterId: number, id: string): string => `${clusterId}/${id}`;
const windowText = ({ asked: { since, until } }: Key): string =>
  JSON.stringify([since ?? null, until ?? null]);

/** Counts of flows: one statement for each window, which is the same moments for all flows that are asked for at once. */
export function flowCountsLoader(
  { flowCounts }: { readonly flowCounts: FlowCountsStore },
  now: () => Date,
): FlowCountsLoader {
  const counting = async (keys: readonly [Key, ...Key[]]): Promise<CountsOf> => {
    const window = windowOf(keys[0].asked, now());
    const rows = await flowCounts.ofWindow(keys, window);
    const byFlow = new Map(rows.map(row => [flowText(row.clusterId, row.flowId), row]));
    return ({ clusterId, id }) => ({
      ...(byFlow.get(flowText(clusterId, id)) ?? NO_COUNTS),
      window,
    });
  };
  return new DataLoader<Key, LoadedCounts, string>(
    async keys => {
      const windows = new Map<string, Promise<CountsOf | Error>>();
      for (const [text, [first, ...others]] of Map.groupBy(keys, windowText)) {
        if (first === undefined) continue;
        windows.set(
          text,
          counting([first, ...others]).catch((error: Error) => error),
        );
      }
      return Promise.all(
        keys.map(async key => {
          const counts = (await windows.get(windowText(key))) ?? new Error('no counts were read');
          return counts instanceof Error ? counts : counts(key);
        }),
      );
    },
    { cacheKeyFn: key => `${flowText(key.clusterId, key.id)} ${windowText(key)}` },
  );
}
