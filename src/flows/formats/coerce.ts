import { isCount } from './number-fault.js';
import { isObject, type JsonObject } from './record.js';

/** Protobuf's JSON writes 64-bit numbers as text: both are taken. Null when it is no number. */
export const numberOf = (value: unknown): number | null => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};

const WHOLE = /^\d{1,16}$/;

/** A count; null where it is absent, NaN for what is none: the record is refused for it then. */
export const toldCount = (value: unknown): number | null => {
  if (value === undefined || value === null) return null;
  const number = typeof value === 'string' && WHOLE.test(value) ? Number(value) : value;
  return typeof number === 'number' && isCount(number) ? number : Number.NaN;
};

/** Null when it is no text, or empty: protobuf leaves empty text out. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

export const objectOf = (value: unknown): JsonObject | null => (isObject(value) ? value : null);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list. */
export const objectsOf = (value: unknown): readonly JsonObject[] =>
  listOf(value).filter(one => objectOf(one) !== null) as readonly JsonObject[];

/** An enumeration by its name or, as some encoders write it, by its number. */
export const enumOf = (value: unknown, names: Readonly<Record<number, string>>): string | null => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? (names[value] ?? String(value)) : null;
};

/** What a table has under a name that somebody sent: `constructor` is no entry. */
export const namedIn = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
