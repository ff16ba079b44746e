import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { decodeId } from '../query/node-id.js';
import type { Caller } from './caller.js';
import { scopeKey } from './scope.js';

/** How ids and cursors are written to and read from a caller who sees some workloads only. */
export type Sealing = {
  readonly idOut: (id: string) => string;
  readonly idIn: (id: string) => string;
  readonly cursorOut: (cursor: string) => string;
  readonly cursorIn: (cursor: string) => string;
};

/**
 * Ids are hashes of names: from that of a flow or an alert anybody could test a guess at the name of its other end. That
 * of a masked peer is its true one.
 */
const SEALED: ReadonlySet<string> = new Set(['Flow', 'Alert', 'MaskedPeer', 'MaskedNode']);

/** No character of a plain id or cursor. */
const MARK = '~';

/** What was never given leads to nothing. */
const NOBODY = MARK;

const IV_BYTES = 16;
const ALGORITHM = 'aes-256-ctr';

type Keys = { readonly tag: Buffer; readonly text: Buffer };

const keysOf = (key: string, caller: Caller): Keys => {
  const derived = (use: string): Buffer =>
    createHmac('sha256', key)
      .update(`${use}\0${scopeKey(caller)}`)
      .digest();
  return { tag: derived('tag'), text: derived('text') };
};

const tagOf = ({ tag }: Keys, text: Buffer): Buffer =>
  createHmac('sha256', tag).update(text).digest().subarray(0, IV_BYTES);

/** The same text each time for the same text (SIV): answers can be held against each other, and paging goes on. */
function seal(keys: Keys, text: string): string {
  const plain = Buffer.from(text);
  const iv = tagOf(keys, plain);
  const cipher = createCipheriv(ALGORITHM, keys.text, iv);
  const sealed = Buffer.concat([iv, cipher.update(plain), cipher.final()]);
  return MARK + sealed.toString('base64url');
}

/** Null for what `seal` never gave under these keys. */
function unseal(keys: Keys, sealed: string): string | null {
  const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
  if (!sealed.startsWith(MARK) || bytes.length <= IV_BYTES) return null;
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(ALGORITHM, keys.text, iv);
  const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]);
  return timingSafeEqual(tagOf(keys, plain), iv) ? plain.toString() : null;
}

const isSealedType = (id: string): boolean => SEALED.has(decodeId(id)?.type ?? '');

/** @param key of the database, the same on all replicas */
export function sealingOf(key: string, caller: Caller): Sealing {
  const keys = keysOf(key, caller);
  return {
    idOut: id => (isSealedType(id) ? seal(keys, id) : id),
    idIn: id => {
      if (!id.startsWith(MARK)) return isSealedType(id) ? NOBODY : id;
      return unseal(keys, id) ?? NOBODY;
    },
    cursorOut: cursor => seal(keys, cursor),
    cursorIn: cursor => unseal(keys, cursor) ?? NOBODY,
  };
}
