import { RESERVED, WHOLE, WORD } from '../plain-words.js';

/** A value and where it stands in the text. */
export type Spot = {
  readonly value: unknown;
  /** Null where nothing is written: the empty value of `port:`. */
  readonly start: number | null;
  /** Where its key starts, when it is a member of a mapping. */
  readonly key: number | null;
  readonly parts: ReadonlyMap<string, Spot> | readonly Spot[] | null;
};

/** Thrown and caught by the reader of plain documents: whatever is not plain is read by the library. */
export class NotPlain extends Error {}

/** What YAML 1.1, 1.2 or Go's library may take for a number or a time, or for something of its own. */
const NOT_A_WORD = /^(?:[-+.]?\d[\d_.:eE+-]*|0[xob][\da-fA-F_]*|[-+]?\.(?:inf|nan)|~|<<|=)$/i;
/** The first character of a plain scalar; what it may not begin with has a meaning of its own. */
const PLAIN_START = /^[A-Za-z0-9/._$(^<;\\]/;
const TIME = /^\d{4}-\d\d?-\d\d?/;

/** A plain scalar of one line, as Go's library reads it too; undefined: for the library. */
export function plainScalar(text: string): unknown {
  if (WORD.test(text)) return RESERVED.test(text) ? reservedWord(text) : text;
  if (WHOLE.test(text)) return Number(text);
  if (ADDRESS_LIKE.test(text)) return text;
  if (!PLAIN_START.test(text) || NOT_A_WORD.test(text) || TIME.test(text)) return undefined;
  return RESERVED.test(text) ? undefined : text;
}

/** `10.0.0.0/8`, `1.2.3.4`: with three points nothing is a number. */
const ADDRESS_LIKE = /^\d+\.\d+\.\d+[\w./-]*$/;

/** In lower case these are booleans everywhere. */
function reservedWord(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

const DOUBLE = /"([^"\\]*)"/y;
const SINGLE = /'([^']*)'(?!')/y;
/** In a flow collection a plain scalar ends at a comma, a bracket, or a colon with a blank behind. */
const IN_FLOW =
  /(?:[^\s,[\]{}:#&*!|>'"%@`?-]|(?<=[^\s])[:#'"&*!|>%@`?-](?=[^\s,[\]{}])|(?<=[^\s:]) +(?=[^\s#,[\]{}:&*!|>'"%@`?-]))+/y;
const KEY = /"([^"\\]*)"|([A-Za-z][\w./-]{0,200})/y;
const QUOTED_IN_FLOW: Readonly<Record<string, RegExp>> = { '"': DOUBLE, "'": SINGLE };

/** Where in which text a flow collection is read. */
type Reader = { readonly text: string; at: number };

function skip(reader: Reader): void {
  while (reader.text.charCodeAt(reader.at) === 32) reader.at += 1;
}

function matched(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found !== null) reader.at += found[0].length;
  return found;
}

function scalar(reader: Reader, key: number | null): Spot {
  const { text, at: start } = reader;
  const quoted = QUOTED_IN_FLOW[text[start] ?? ''];
  if (quoted !== undefined) {
    const found = matched(reader, quoted);
    if (found === null) throw new NotPlain();
    return { value: found[1], start, key, parts: null };
  }
  const value = plainScalar(matched(reader, IN_FLOW)?.[0].trimEnd() ?? '');
  if (value === undefined) throw new NotPlain();
  return { value, start, key, parts: null };
}

const valueAt = (reader: Reader, key: number | null): Spot => {
  const first = reader.text[reader.at];
  if (first === '{') return mapping(reader, key);
  return first === '[' ? list(reader, key) : scalar(reader, key);
};

/** After an item: true at the end. What a comma means before the end, or before another one, is for the library. */
function ends(reader: Reader, close: string): boolean {
  skip(reader);
  const { text } = reader;
  const isComma = text[reader.at] === ',';
  if (!isComma && text[reader.at] !== close) throw new NotPlain();
  reader.at += 1;
  if (!isComma) return true;
  skip(reader);
  if (text[reader.at] === ',' || text[reader.at] === close) throw new NotPlain();
  return false;
}

/** Goes past the opening bracket, and past the closing one where nothing is between. */
function isEmpty(reader: Reader, close: string): boolean {
  reader.at += 1;
  skip(reader);
  if (reader.text[reader.at] !== close) return false;
  reader.at += 1;
  return true;
}

/** Goes past a key and its colon. */
function keyIn(reader: Reader): string {
  const [, quoted, bare = ''] = matched(reader, KEY) ?? [];
  const isPlain = quoted !== undefined || (bare !== '' && !RESERVED.test(bare));
  const { text, at } = reader;
  if (!isPlain || quoted === '__proto__' || text[at] !== ':' || text[at + 1] !== ' ')
    throw new NotPlain();
  reader.at += 1;
  skip(reader);
  return quoted ?? bare;
}

function mapping(reader: Reader, key: number | null): Spot {
  const start = reader.at;
  const parts = new Map<string, Spot>();
  const value: Record<string, unknown> = {};
  if (isEmpty(reader, '}')) return { value, start, key, parts };
  do {
    const keyStart = reader.at;
    const name = keyIn(reader);
    if (parts.has(name)) throw new NotPlain();
    const part = valueAt(reader, keyStart);
    parts.set(name, part);
    value[name] = part.value;
  } while (!ends(reader, '}'));
  return { value, start, key, parts };
}

function list(reader: Reader, key: number | null): Spot {
  const start = reader.at;
  const parts: Spot[] = [];
  if (isEmpty(reader, ']')) return { value: [], start, key, parts };
  do {
    parts.push(valueAt(reader, null));
    skip(reader);
    // `[a: 1]` is a list of one mapping.
    if (reader.text[reader.at] === ':') throw new NotPlain();
  } while (!ends(reader, ']'));
  return { value: parts.map(({ value }) => value), start, key, parts };
}

/** The flow collection of one line that begins at `start` of `text`, and the offset after it. */
export function flowAt(
  text: string,
  start: number,
  key: number | null,
): { readonly spot: Spot; readonly end: number } {
  const reader: Reader = { text, at: start };
  const spot = valueAt(reader, key);
  return { spot, end: reader.at };
}
