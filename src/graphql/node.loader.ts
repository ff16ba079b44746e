import DataLoader from 'dataloader';

type Key = { readonly clusterId: number; readonly id: string };

/** A store of rows with ids. */
export type ByIds = { byIds(keys: readonly Key[]): Promise<readonly Key[]> };

const textOf = ({ clusterId, id }: Key): string => `${clusterId} ${id}`;

/**
 * Rows by their keys, null for those that a store does not find: one statement for all that a response asks at once. Nothing is
 * remembered, so that a row that is asked for again later is read again.
 */
export const rowLoader = (store: ByIds): Pick<DataLoader<Key, object | null>, 'load'> =>
  new DataLoader<Key, object | null>(
    async keys => {
      const distinct = new Map(keys.map(key => [textOf(key), key]));
      const found = new Map(
        (await store.byIds([...distinct.values()])).map(row => [textOf(row), row]),
      );
      return keys.map(key => found.get(textOf(key)) ?? null);
    },
    { cache: false },
  );
