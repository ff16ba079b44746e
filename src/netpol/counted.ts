/**
 * A number with its noun: `1 flow`, `3 flows`, `1 entry is`, `3 entries are`.
 * @param count whole numbers of the API are texts
 * @param many the plural, where it is not the singular with an `s`
 */
export const counted = (count: number | bigint | string, one: string, many = `${one}s`): string =>
  `${count} ${String(count) === '1' ? one : many}`;
