import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** Texts of so many characters are packed, in another thread: to write and read them as JSON keeps everybody waiting. */
const LONG = 128 * 1024;

type Path = readonly (string | number)[];

/** A request without its long texts, and these in gzip and base64 with all the places where each stands. */
type Packed = {
  readonly rest: unknown;
  readonly packed: readonly { readonly at: readonly Path[]; readonly text: string }[];
};

const entriesOf = (value: object): readonly (readonly [string | number, unknown])[] =>
  Array.isArray(value) ? [...value.entries()] : Object.entries(value);

/** The places of long texts, by the text: the same one is packed once. */
function longTexts(value: unknown, path: Path = [], found = new Map<string, Path[]>()) {
  if (typeof value === 'string' && value.length >= LONG) {
    const at = found.get(value) ?? [];
    found.set(value, [...at, path]);
  }
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of entriesOf(value)) longTexts(inner, [...path, key], found);
  return found;
}

function withoutLong(value: unknown): unknown {
  if (typeof value === 'string') return value.length < LONG ? value : '';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutLong);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutLong(inner)]));
}

/** A request as it is stored. */
export async function packed(request: object): Promise<object> {
  const texts = longTexts(request);
  if (texts.size === 0) return request;
  const packing = [...texts].map(async ([text, at]) => ({
    at,
    text: (await promisify(gzip)(text, { level: 1 })).toString('base64'),
  }));
  return { rest: withoutLong(request), packed: await Promise.all(packing) } satisfies Packed;
}

const isPacked = (stored: object): stored is Packed => 'packed' in stored && 'rest' in stored;

/** Puts a text at a place of what was just read, which nobody else has yet. */
function put(value: unknown, path: Path, text: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return text;
  const holder = value as Record<string | number, unknown>;
  holder[key] = put(holder[key], rest, text);
  return holder;
}

/** What `packed` was given, with what was put beside it since. To be called where nobody waits: it copies each text. */
export async function unpacked<T extends object>(stored: T): Promise<T> {
  if (!isPacked(stored)) return stored;
  const { rest, packed: texts, ...beside } = stored;
  let request = rest;
  for (const { at, text } of texts) {
    const whole = (await promisify(gunzip)(Buffer.from(text, 'base64'))).toString('utf8');
    for (const path of at) request = put(request, path, whole);
  }
  return { ...(request as T), ...beside };
}
