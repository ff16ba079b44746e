import { ADDRESS, RESERVED, WHOLE, WORD } from '../plain-words.js';
import type { Path } from './source.js';

/** A value and where it stands in the text. */
type Spot = {
  readonly value: unknown;
  /** Null where nothing is written: the empty value of `port:`. */
  readonly start: number | null;
  /** Where its key starts, when it is a member of a mapping. */
  readonly key: number | null;
  readonly parts: ReadonlyMap<string, Spot> | readonly Spot[] | null;
};

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
const LINE = /^( *)(- )?(?:([A-Za-z][\w./-]{0,200}):(?: (\S+))?|(\S+))$/;
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

const QUOTED = /^"[^"\\]*"$/;

/** Undefined: not plain. */
function scalarOf(text: string): unknown {
  if (WORD.test(text)) return RESERVED.test(text) ? reservedWord(text) : text;
  if (WHOLE.test(text)) return Number(text);
  if (ADDRESS.test(text)) return text;
  return QUOTED.test(text) ? text.slice(1, -1) : undefined;
}

/** In lower case these are booleans everywhere. */
function reservedWord(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/** Thrown and caught here only: whatever is not plain is read by the library. */
class NotPlain extends Error {}

/** Reads tokens one after the other. */
function reader(tokens: readonly Token[]) {
  let at = 0;
  const valueAt = (text: string, start: number, key: number | null): Spot => {
    if (text === '{}') return { value: {}, start, key, parts: new Map() };
    if (text === '[]') return { value: [], start, key, parts: [] };
    const value = scalarOf(text);
    if (value === undefined) throw new NotPlain();
    return { value, start, key, parts: null };
  };
  const isItem = (indent: number): boolean =>
    tokens[at]?.indent === indent && tokens[at]?.key === null;

  /** What follows a key with nothing behind it: a list as deep as the key or deeper, a deeper mapping, or nothing. */
  const below = (indent: number, key: number): Spot => {
    const next = tokens[at];
    if (next !== undefined && next.indent > indent) {
      return next.key === null ? list(next.indent, key) : mapping(next.indent, key);
    }
    return isItem(indent) ? list(indent, key) : { value: null, start: null, key, parts: null };
  };
  const list = (indent: number, key: number | null): Spot => {
    const start = tokens[at]?.start ?? null;
    const items: Spot[] = [];
    while (isItem(indent)) {
      const { text, textStart } = tokens[at++] as Token;
      items.push(text === '' ? mapping(indent + 2, null) : valueAt(text, textStart, null));
    }
    return { value: items.map(({ value }) => value), start, key, parts: items };
  };
  const mapping = (indent: number, key: number | null): Spot => {
    const start = tokens[at]?.start ?? null;
    const parts = new Map<string, Spot>();
    const value: Record<string, unknown> = {};
    for (
      let token = tokens[at];
      token?.indent === indent && token.key !== null;
      token = tokens[at]
    ) {
      at++;
      if (parts.has(token.key) || RESERVED.test(token.key)) throw new NotPlain();
      const part =
        token.text === ''
          ? below(indent, token.start)
          : valueAt(token.text, token.textStart, token.start);
      parts.set(token.key, part);
      value[token.key] = part.value;
    }
    return { value, start, key, parts };
  };
  return {
    document: (): Spot => {
      const root = mapping(0, null);
      if (at < tokens.length || tokens.length === 0) throw new NotPlain();
      return root;
    },
  };
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
};

/**
 * Reads the YAML that people and `render` mostly write of policies: mappings and lists of one item a line, words, whole
 * numbers, addresses and quoted strings without escapes. Null for everything else, faults among it, which the library
 * reads. Values and offsets are those of the library, in a tenth of its time: 2,000 policies are 17 MB of text.
 */
export function readPlainYaml(text: string): PlainReading | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  try {
    const root = reader(tokens).document();
    return { value: root.value, offsetOf: path => offsetIn(root, path) };
  } catch (thrown) {
    if (thrown instanceof NotPlain) return null;
    throw thrown;
  }
}
