import DataLoader from 'dataloader';
import type { Page } from './page.js';
import { type RowKey, textOfKey } from './row-key.js';

/** A row, and how many of its list are asked for. */
export type FirstOf = RowKey & { readonly first: number };

const distinct = (keys: readonly RowKey[]): readonly RowKey[] => [
  ...new Map(
    keys.map(({ clusterId, id }) => [textOfKey({ clusterId, id }), { clusterId, id }]),
  ).values(),
];

/**
 * The first of a list of each row: one statement for all, with the most that any asks for.
 * @param ask the lists of these rows, each in its order and no longer than `most`
 * @param keyOf whose list a row is in
 */
export const firstOfEach = <V>(
  ask: (keys: readonly RowKey[], most: number) => Promise<readonly V[]>,
  keyOf: (row: V) => RowKey,
): Pick<DataLoader<FirstOf, readonly V[]>, 'load'> =>
  new DataLoader<FirstOf, readonly V[], string>(
    async keys => {
      const most = Math.max(...keys.map(({ first }) => first));
      const rows = Map.groupBy(await ask(distinct(keys), most), row => textOfKey(keyOf(row)));
      return keys.map(key => (rows.get(textOfKey(key)) ?? []).slice(0, key.first));
    },
    { cacheKeyFn: key => `${textOfKey(key)} ${key.first}` },
  );

type Asked<Listing> = RowKey & { readonly listing: Listing };

export type PagesLoader<Listing, Node> = {
  readonly load: (asked: Asked<Listing>) => Promise<Page<Node>>;
};

/**
 * A page of a list of each row: together for all that are asked for alike.
 * @param pagesOf the pages of these rows, in their order
 * @param textOf tells what is asked for apart
 */
export const pagesOfEach = <Listing, Node>(
  pagesOf: (keys: readonly RowKey[], listing: Listing) => Promise<readonly Page<Node>[]>,
  textOf: (listing: Listing) => string = listing => JSON.stringify(listing),
): PagesLoader<Listing, Node> => {
  const loader = new DataLoader<Asked<Listing> & { readonly asked: string }, Page<Node>, string>(
    async keys => {
      const pages = new Map<string, Page<Node>>();
      const alike = [...Map.groupBy(keys, ({ asked }) => asked).values()];
      await Promise.all(
        alike.map(async some => {
          const [first] = some;
          if (first === undefined) return;
          const found = await pagesOf(some, first.listing);
          for (const [place, page] of found.entries())
            pages.set(`${textOfKey(some[place] ?? first)} ${first.asked}`, page);
        }),
      );
      return keys.map(
        key => pages.get(`${textOfKey(key)} ${key.asked}`) ?? new Error('no page was read'),
      );
    },
    { cacheKeyFn: key => `${textOfKey(key)} ${key.asked}` },
  );
  return { load: asked => loader.load({ ...asked, asked: textOf(asked.listing) }) };
};

type Counted = RowKey & { readonly count: number };

/** How long the list of each row is; asked only when some of them are counted. */
export const countsOfEach = (
  keys: readonly RowKey[],
  ask: (keys: readonly RowKey[]) => Promise<readonly Counted[]>,
): { readonly load: (key: RowKey) => Promise<number> } => {
  const counts = new DataLoader<string, number>(async asked => {
    const wanted = keys.filter(key => asked.includes(textOfKey(key)));
    const byKey = new Map((await ask(wanted)).map(row => [textOfKey(row), row.count]));
    return asked.map(key => byKey.get(key) ?? 0);
  });
  return { load: key => counts.load(textOfKey(key)) };
};
