/** `2026-11-21 00:00Z` of an API time; `-` for none. Tables only: JSON keeps every digit. */
export const shortTime = (time: string | null): string =>
  time === null ? '-' : time.replace(/^(\S{10})T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/, '$1 $2Z');
