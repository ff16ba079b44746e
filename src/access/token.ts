import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { LabelSelector } from '../query/label-selector.js';
import type { Names } from './caller.js';
import type { Role } from './role.js';

export const TokenKind = {
  /** For people and scripts. */
  API: 'API',
  /** For the sensor of one cluster. */
  SENSOR: 'SENSOR',
} as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** What is kept of a token: never its text. Times are ISO text. */
export type Token = {
  readonly id: string;
  /** The first characters, by which people know it again. */
  readonly prefix: string;
  readonly name: string;
  readonly kind: TokenKind;
  readonly roles: readonly Role[];
  readonly clusters: Names;
  readonly namespaces: Names;
  /** On labels of workloads; null: all of them. */
  readonly selector: LabelSelector | null;
  readonly createdAt: string;
  /** Name of who created it. */
  readonly createdBy: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
};

const MARKS: Readonly<Record<TokenKind, string>> = { API: 'wgt_', SENSOR: 'wgs_' };

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);
/** 32 random bytes, and a checksum of 4. */
const [RANDOM, CHECK] = [43, 6];

function base62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let place = 0; place < length; place++) {
    text = DIGITS[Number(rest % BASE)] + text;
    rest /= BASE;
  }
  return text;
}

function checkOf(text: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(text));
  return base62(sum, CHECK);
}

/** `wgt_` or `wgs_`, 43 digits of chance, 6 digits of their checksum. */
export function newTokenText(kind: TokenKind): string {
  const text = MARKS[kind] + base62(randomBytes(32), RANDOM);
  return text + checkOf(text);
}

const WRITTEN = /^wg[ts]_[0-9A-Za-z]{49}$/;

/** Whether it may be a token: one that was mistyped is refused before anybody asks the database. */
export const isTokenText = (text: string): boolean =>
  WRITTEN.test(text) && checkOf(text.slice(0, -CHECK)) === text.slice(-CHECK);

/** Hex. There are 256 bits of chance in it: nobody guesses it from its hash, and a slow hash would only arm a flood. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const PREFIX = 8;
export const prefixOf = (text: string): string => text.slice(0, PREFIX);
