import DataLoader from 'dataloader';
import { type Window, windowOf } from './flow-condition.js';
import type { FlowKey } from './flow-page.store.js';
import type { FlowFilter } from './flow-view.js';

/** A window as it is asked for. */
export type AskedWindow = Pick<FlowFilter, 'since' | 'until'>;

type Key<Asked> = FlowKey & { readonly asked: Asked };

/** Something of flows in a window. */
export type WindowLoader<Asked extends AskedWindow, Value> = DataLoader<Key<Asked>, Value, string>;

type ValueOf<Value> = (flow: FlowKey) => Value;

/**
 * Reads something of many flows at once: one reading for each way to ask, whose window is the same moments for all flows.
 * @param read of one window; what it throws goes to those who asked so
 */
export function windowLoader<Asked extends AskedWindow, Value>(
  now: () => Date,
  read: (flows: readonly FlowKey[], window: Window, asked: Asked) => Promise<ValueOf<Value>>,
): WindowLoader<Asked, Value> {
  const askedText = ({ asked: { since, until, ...others } }: Key<Asked>): string =>
    JSON.stringify([since ?? null, until ?? null, others]);
  const reading = async (keys: readonly [Key<Asked>, ...Key<Asked>[]]): Promise<ValueOf<Value>> =>
    read(keys, windowOf(keys[0].asked, now()), keys[0].asked);
  return new DataLoader<Key<Asked>, Value, string>(
    async keys => {
      const readings = new Map<string, Promise<ValueOf<Value> | Error>>();
      for (const [text, [first, ...others]] of Map.groupBy(keys, askedText)) {
        if (first === undefined) continue;
        readings.set(
          text,
          reading([first, ...others]).catch((error: Error) => error),
        );
      }
      return Promise.all(
        keys.map(async key => {
          const read = (await readings.get(askedText(key))) ?? new Error('nothing was read');
          return read instanceof Error ? read : read(key);
        }),
      );
    },
    { cacheKeyFn: key => `${key.clusterId}/${key.id} ${askedText(key)}` },
  );
}
