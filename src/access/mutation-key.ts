import { createHash, createHmac } from 'node:crypto';
import { type Caller, principalOf } from './caller.js';

/** A mutation that was asked for under an idempotency key. */
export type KeyedCall = {
  /** Of the caller and the key: the same key of another caller is another one. */
  readonly id: string;
  /** Name of the mutation. */
  readonly action: string;
  /** By the key, so that nobody who reads the table can try what a secret in the input may be. */
  readonly inputHash: string;
};

/** What is kept of it: `answer` as the mutation wrote it. */
export type KeptCall = Pick<KeyedCall, 'action' | 'inputHash'> & { readonly answer: unknown };

const LONGEST_KEY = 255;

/** What is wrong with an idempotency key, in a few words; null: nothing. */
export function keyFault(key: string): string | null {
  if (key === '') return '`key` is empty';
  if (key.length > LONGEST_KEY) return `\`key\` has more than ${LONGEST_KEY} characters`;
  return /\p{Cc}/u.test(key) || !key.isWellFormed()
    ? '`key` has control characters or half of a surrogate pair'
    : null;
}

/** The same value with the keys of all objects in the order of names, and without what is not given. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  const sorted = given.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, one]) => [name, ordered(one)]));
}

/** @param input as it was coerced, without the key: the order in which its fields were written does not matter */
export const keyedCall = (
  caller: Caller,
  { action, key, input }: { readonly action: string; readonly key: string; readonly input: object },
): KeyedCall => ({
  id: createHash('sha256')
    .update(`${principalOf(caller)}\0${key}`)
    .digest('hex'),
  action,
  inputHash: createHmac('sha256', key)
    .update(JSON.stringify([action, ordered(input)]))
    .digest('hex'),
});

export const isSameCall = (kept: KeptCall, { action, inputHash }: KeyedCall): boolean =>
  kept.action === action && kept.inputHash === inputHash;
