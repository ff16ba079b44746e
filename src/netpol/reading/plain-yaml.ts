import { RESERVED } from '../plain-words.js';
import { flowAt, NotPlain, plainScalar, type Spot } from './plain-flow.js';
import type { Path } from './source.js';

/** What a line holds: `- ` before an item is one of its own. */
type Token = {
  readonly indent: number;
  readonly start: number;
  /** Null: an item of a list begins. */
  readonly key: string | null;
  /** Empty where nothing follows. */
  readonly text: string;
  readonly textStart: number;
};

/** `- key: text`, `key: text`, `key:` or `- text`; everything else is left to the library. */
const LINE = /^( *)(- )?(?:([A-Za-z][\w./-]{0,200}):(?: (\S.*)?)?|(\S.*))$/;
const BLANK = /^ *(?:#.*)?$/;

/** Null: the line is not plain. */
function tokensOfLine(line: string, offset: number, tokens: Token[]): boolean {
  const [, blanks = '', dash, key, text = '', item] = LINE.exec(line) ?? [];
  if (key === undefined && (dash === undefined || item === undefined)) return false;
  const indent = blanks.length;
  const start = offset + indent;
  const end = offset + line.length;
  if (dash !== undefined) {
    const own = item ?? '';
    tokens.push({ indent, start, key: null, text: own, textStart: end - own.length });
  }
  if (key !== undefined) {
    const shift = dash === undefined ? 0 : 2;
    const textStart = end - text.length;
    tokens.push({ indent: indent + shift, start: start + shift, key, text, textStart });
  }
  return true;
}

/** Control characters, tabs and carriage returns among them, are for the library. */
const STRANGE = /[^\n\x20-\x7e]/;

function tokensOf(text: string): readonly Token[] | null {
  if (STRANGE.test(text)) return null;
  const tokens: Token[] = [];
  let start = text.startsWith('---\n') ? 4 : 0;
  while (start < text.length) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    const line = text.slice(start, end);
    if (!BLANK.test(line) && !tokensOfLine(line, start, tokens)) return null;
    start = end + 1;
  }
  return tokens;
}

const QUOTED: Readonly<Record<string, RegExp>> = {
  '"': /^"([^"\\]*)"(?: *| +#.*)$/,
  "'": /^'([^']*)'(?: *| +#.*)$/,
};
const REMARK = /^(?: *| +#.*)$/;
/** A colon with a blank behind would be a key, and a number sign behind a blank a remark. */
const NOT_ONE = /: |:$| #/;

/** Behind a scalar blanks and a remark may stand, which are no part of it. */
const withoutRemark = (text: string): string => {
  const remark = text.indexOf(' #');
  return (remark < 0 ? text : text.slice(0, remark)).trimEnd();
};

/** A value that begins behind a key or a dash, and ends on its line. */
function inlineSpot(text: string, { text: written, textStart: start }: Token, key: number | null) {
  const first = written[0];
  if (first === '{' || first === '[') {
    const { spot, end } = flowAt(text, start, key);
    if (!REMARK.test(text.slice(end, start + written.length))) throw new NotPlain();
    return spot;
  }
  const quoted = QUOTED[first ?? '']?.exec(written) ?? null;
  if (quoted !== null) return { value: quoted[1], start, key, parts: null };
  const plain = withoutRemark(written);
  const value = NOT_ONE.test(plain) ? undefined : plainScalar(plain);
  if (value === undefined) throw new NotPlain();
  return { value, start, key, parts: null };
}

/** The tokens of a text, and which of them is next. */
type Reader = { readonly text: string; readonly tokens: readonly Token[]; at: number };

const isItem = ({ tokens, at }: Reader, indent: number): boolean =>
  tokens[at]?.indent === indent && tokens[at]?.key === null;

/** A deeper line after it goes on with the scalar, or is a fault. */
function valueAt(reader: Reader, token: Token, key: number | null): Spot {
  const spot = inlineSpot(reader.text, token, key);
  if ((reader.tokens[reader.at]?.indent ?? 0) > token.indent) throw new NotPlain();
  return spot;
}

/** What follows a key with nothing behind it: a list as deep as the key or deeper, a deeper mapping, or nothing. */
function below(reader: Reader, indent: number, key: number): Spot {
  const next = reader.tokens[reader.at];
  if (next !== undefined && next.indent > indent) {
    return next.key === null ? list(reader, next.indent, key) : mapping(reader, next.indent, key);
  }
  return isItem(reader, indent)
    ? list(reader, indent, key)
    : { value: null, start: null, key, parts: null };
}

function list(reader: Reader, indent: number, key: number | null): Spot {
  const start = reader.tokens[reader.at]?.start ?? null;
  const items: Spot[] = [];
  while (isItem(reader, indent)) {
    const token = reader.tokens[reader.at++] as Token;
    items.push(
      token.text === '' ? mapping(reader, indent + 2, null) : valueAt(reader, token, null),
    );
  }
  return { value: items.map(({ value }) => value), start, key, parts: items };
}

function mapping(reader: Reader, indent: number, key: number | null): Spot {
  const start = reader.tokens[reader.at]?.start ?? null;
  const parts = new Map<string, Spot>();
  const value: Record<string, unknown> = {};
  for (
    let token = reader.tokens[reader.at];
    token?.indent === indent && token.key !== null;
    token = reader.tokens[reader.at]
  ) {
    reader.at += 1;
    if (parts.has(token.key) || RESERVED.test(token.key)) throw new NotPlain();
    const isRemark = token.text === '' || token.text.startsWith('#');
    const part = isRemark
      ? below(reader, indent, token.start)
      : valueAt(reader, token, token.start);
    parts.set(token.key, part);
    value[token.key] = part.value;
  }
  return { value, start, key, parts };
}

function wholeDocument(text: string, tokens: readonly Token[]): Spot {
  const reader: Reader = { text, tokens, at: 0 };
  const root = mapping(reader, 0, null);
  if (reader.at < tokens.length || tokens.length === 0) throw new NotPlain();
  return root;
}

const isContainer = ({ parts }: Spot): boolean => parts !== null;

/** A collection in a mapping stands where its key does, anything else where it starts itself. */
function offsetIn(root: Spot, path: Path): number {
  let spot = root;
  let offset = root.start ?? 0;
  for (const step of path) {
    const { parts } = spot;
    const next = parts instanceof Map ? parts.get(String(step)) : partAt(parts, step);
    if (next === undefined) break;
    const atKey = next.key !== null && (next.start === null || isContainer(next));
    offset = (atKey ? next.key : next.start) ?? offset;
    spot = next;
  }
  return offset;
}

const partAt = (parts: Spot['parts'], step: string | number): Spot | undefined =>
  Array.isArray(parts) ? (parts as readonly Spot[])[Number(step)] : undefined;

export type PlainReading = {
  readonly value: unknown;
  readonly offsetOf: (path: Path) => number;
  /** A document with equal keys is not plain. */
  readonly repeated: readonly [];
};

/**
 * Reads the YAML that people, kubectl and `render` mostly write: block mappings and lists with words, whole numbers,
 * addresses, quoted strings without escapes, and flow collections of one line. Null for everything else, faults among it,
 * which the library reads. Values and offsets are those of the library, in a tenth of its time: 10,000 pods and 3,000
 * policies are some 8 MB of text.
 */
export function readPlainYaml(text: string): PlainReading | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  try {
    const root = wholeDocument(text, tokens);
    return { value: root.value, offsetOf: path => offsetIn(root, path), repeated: [] };
  } catch (thrown) {
    if (thrown instanceof NotPlain) return null;
    throw thrown;
  }
}
