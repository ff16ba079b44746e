import DataLoader from 'dataloader';
import { type RowKey, textOfKey } from '../query/row-key.js';

/** A store of rows with ids. */
export type ByIds<Row extends RowKey = RowKey> = {
  byIds(keys: readonly RowKey[]): Promise<readonly Row[]>;
};

/** A store of rows that belong to no cluster: their ids name cluster 0. */
export const ofNoCluster = (
  byIds: (ids: readonly string[]) => Promise<readonly { readonly id: string }[]>,
): ByIds => ({
  byIds: async keys => {
    const found = await byIds(keys.map(({ id }) => id));
    return found.map(row => ({ ...row, clusterId: 0 }));
  },
});

/**
 * Rows by their keys, null for those that a store does not find: one statement for all that a response asks at once. Nothing is
 * remembered, so that a row that is asked for again later is read again.
 */
export const rowLoader = <Row extends RowKey>(
  store: ByIds<Row>,
): Pick<DataLoader<RowKey, Row | null>, 'load'> =>
  new DataLoader<RowKey, Row | null>(
    async keys => {
      const distinct = new Map(keys.map(key => [textOfKey(key), key]));
      const found = new Map(
        (await store.byIds([...distinct.values()])).map(row => [textOfKey(row), row]),
      );
      return keys.map(key => found.get(textOfKey(key)) ?? null);
    },
    { cache: false },
  );
