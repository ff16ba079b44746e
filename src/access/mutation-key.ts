import { createHash, createHmac } from 'node:crypto';
import { setImmediate as others } from 'node:timers/promises';
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

/** Characters that are hashed before others have their turn: 30 MB of manifests at once kept everybody waiting for half a second. */
const PIECE = 256 * 1024;

/** Hashes of long texts, which stand for them. */
type Digests = ReadonlyMap<string, string>;

function longTextsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length > PIECE ? [value] : [];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(longTextsIn)
    : [];
}

async function digestOf(text: string, key: string): Promise<string> {
  const digest = createHmac('sha256', key);
  for (let at = 0; at < text.length; at += PIECE) {
    digest.update(text.slice(at, at + PIECE), 'utf16le');
    await others();
  }
  return digest.digest('hex');
}

async function digestsIn(input: object, key: string): Promise<Digests> {
  const digests = new Map<string, string>();
  for (const text of longTextsIn(input)) digests.set(text, await digestOf(text, key));
  return digests;
}

/** The same value with the keys of all objects in the order of names, without what is not given, and with hashes for long texts. */
function ordered(value: unknown, digests: Digests): unknown {
  if (typeof value === 'string' && value.length > PIECE) return ['sha256', digests.get(value)];
  if (Array.isArray(value)) return value.map(one => ordered(one, digests));
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  const sorted = given.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, one]) => [name, ordered(one, digests)]));
}

/** @param input as it was coerced, without the key: the order in which its fields were written does not matter */
export const keyedCall = async (
  caller: Caller,
  { action, key, input }: { readonly action: string; readonly key: string; readonly input: object },
): Promise<KeyedCall> => ({
  id: createHash('sha256')
    .update(`${principalOf(caller)}\0${key}`)
    .digest('hex'),
  action,
  inputHash: createHmac('sha256', key)
    .update(JSON.stringify([action, ordered(input, await digestsIn(input, key))]))
    .digest('hex'),
});

export const isSameCall = (kept: KeptCall, { action, inputHash }: KeyedCall): boolean =>
  kept.action === action && kept.inputHash === inputHash;
