/** A list before and after a change. */
export type Changed<Item> = {
  readonly items: readonly Item[];
  readonly gone: readonly Item[];
  readonly come: readonly Item[];
};

/** `items` without those of `removed`, and with `put` in the places of their namesakes or at the end. */
export function changedItems<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  put: readonly Item[],
  removed: Iterable<string>,
): Changed<Item> {
  const fresh = new Map(put.map(item => [keyOf(item), item]));
  const leaving = new Set([...removed, ...fresh.keys()]);
  const placed = new Set<string>();
  const [after, gone]: [Item[], Item[]] = [[], []];
  for (const item of items) {
    const key = keyOf(item);
    if (!leaving.has(key)) {
      after.push(item);
      continue;
    }
    gone.push(item);
    const other = fresh.get(key);
    if (other === undefined || placed.has(key)) continue;
    placed.add(key);
    after.push(other);
  }
  const last = [...fresh].flatMap(([key, item]) => (placed.has(key) ? [] : [item]));
  return { items: [...after, ...last], gone, come: [...fresh.values()] };
}
