import type { Path } from './source.js';

/**
 * Offsets inside JSON text, found on demand. `JSON.parse` reads values some ten times faster than a parser that
 * keeps positions, and positions are wanted only where a policy stands or a problem is reported.
 */
export type JsonPositions = (path: Path) => number;

type Spot = {
  readonly start: number;
  /** Where its key starts, when it is a member of an object. */
  readonly key: number | null;
  parts: ReadonlyMap<string | number, Spot> | null;
};

/** Positions in the valid JSON value that starts at `start`. Each container is searched once, at its first question. */
export function jsonPositions(text: string, start: number): JsonPositions {
  const root: Spot = { start: skipSpace(text, start), key: null, parts: null };
  return path => {
    let spot = root;
    for (const step of path) {
      spot.parts ??= partsOf(text, spot.start);
      const next = spot.parts.get(step);
      if (next === undefined) break;
      spot = next;
    }
    return spot.key !== null && isContainer(text, spot.start) ? spot.key : spot.start;
  };
}

function isContainer(text: string, offset: number): boolean {
  return text[offset] === '{' || text[offset] === '[';
}

function partsOf(text: string, start: number): ReadonlyMap<string | number, Spot> {
  const parts = new Map<string | number, Spot>();
  if (!isContainer(text, start)) return parts;
  const isObject = text[start] === '{';
  let offset = skipSpace(text, start + 1);
  while (offset < text.length && text[offset] !== '}' && text[offset] !== ']') {
    const spot = isObject ? memberAt(text, offset) : itemAt(offset);
    parts.set(isObject ? keyAt(text, offset) : parts.size, spot);
    offset = skipSpace(text, endOfValue(text, spot.start));
    if (text[offset] === ',') offset = skipSpace(text, offset + 1);
  }
  return parts;
}

function itemAt(offset: number): Spot {
  return { start: offset, key: null, parts: null };
}

function keyAt(text: string, offset: number): string {
  return JSON.parse(text.slice(offset, endOfString(text, offset))) as string;
}

function memberAt(text: string, offset: number): Spot {
  const colon = skipSpace(text, endOfString(text, offset));
  return { start: skipSpace(text, colon + 1), key: offset, parts: null };
}

/** The first offset from here that is not JSON white space. */
export function skipSpace(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && text.charCodeAt(offset) <= 32) offset += 1;
  return offset;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);
const AFTER_SCALAR = /[\s,\]}]/g;

/** The offset after the value at `start`, which is the text's length where the value is not closed. */
export function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (!OPENING.has(first)) {
    AFTER_SCALAR.lastIndex = start;
    return AFTER_SCALAR.exec(text)?.index ?? text.length;
  }
  let depth = 0;
  let offset = start;
  while (offset < text.length) {
    const code = text.charCodeAt(offset);
    if (code === QUOTE) {
      offset = endOfString(text, offset);
      continue;
    }
    if (OPENING.has(code)) depth += 1;
    else if (CLOSING.has(code)) depth -= 1;
    offset += 1;
    if (depth === 0) return offset;
  }
  return offset;
}

function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote < 0 ? text.length : quote + 1;
}

function isEscaped(text: string, offset: number): boolean {
  let before = offset - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (offset - before) % 2 === 0;
}

const STRING_AND_COLON = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  const own = Array.isArray(value) ? 0 : parts.length;
  return parts.reduce<number>((sum, part) => sum + keysIn(part), own);
}

/** "The names within an object SHOULD be unique" (RFC 8259), and kubectl refuses others: the text has more keys than its value. */
export function repeatsKey(text: string, value: unknown): boolean {
  let written = 0;
  for (const [, colon] of text.matchAll(STRING_AND_COLON)) if (colon !== undefined) written += 1;
  return written !== keysIn(value);
}
