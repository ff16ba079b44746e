const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Whether Postgres can hold all texts of a value: no U+0000, no half of a surrogate pair. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, part]) => isText(key) && isStorable(part));
}
