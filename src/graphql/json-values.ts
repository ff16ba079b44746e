/** Values in one body: reading JSON lets nobody else work until it is done, and takes up to a seventh of a second for so many. */
export const MOST_VALUES = 100_000;

/** Lists and objects inside of one another: values that are deeper do not get from one thread to another. */
export const DEEPEST_VALUE = 500;

const [OTHER, QUOTE, BACKSLASH, COMMA, OPEN, CLOSE] = [0, 1, 2, 3, 4, 5];

/** What a byte is for who counts. */
const CLASSES = new Uint8Array(256).fill(OTHER);
for (const [kind, bytes] of [
  [QUOTE, [0x22]],
  [BACKSLASH, [0x5c]],
  [COMMA, [0x2c]],
  [OPEN, [0x5b, 0x7b]],
  [CLOSE, [0x5d, 0x7d]],
] as const)
  for (const byte of bytes) CLASSES[byte] = kind;

/** Levels that each of them opens. */
const LEVELS = [0, 0, 0, 0, 1, -1];

const [OUTSIDE, IN_TEXT, ESCAPED] = [0, 1, 2];

/** By the state and then the class of the byte. */
const NEXT_STATE = [
  [OUTSIDE, IN_TEXT, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE],
  [IN_TEXT, OUTSIDE, ESCAPED, IN_TEXT, IN_TEXT, IN_TEXT],
  [IN_TEXT, IN_TEXT, IN_TEXT, IN_TEXT, IN_TEXT, IN_TEXT],
].flat();

export type JsonSize = {
  /** As many as there are commas and opening brackets outside of texts, and one. */
  readonly values: number;
  /** Most levels of lists and objects. */
  readonly depth: number;
};

/** Measures JSON as its bytes arrive, before it is read. */
export function jsonMeter(): (bytes: Uint8Array) => JsonSize {
  let [values, state, level, depth] = [1, OUTSIDE, 0, 0];
  const add = (found: number): void => {
    if (found !== CLOSE) values += 1;
    level += LEVELS[found] ?? 0;
    depth = Math.max(depth, level);
  };
  return bytes => {
    for (const byte of bytes) {
      const found = CLASSES[byte] ?? OTHER;
      if (found >= COMMA && state === OUTSIDE) add(found);
      state = NEXT_STATE[state * 6 + found] ?? OUTSIDE;
    }
    return { values, depth };
  };
}

/** What a body turned out to be. */
export type JsonRead =
  | { readonly value: unknown }
  | { readonly fault: 'TOO_MANY' | 'TOO_DEEP' | 'NOT_JSON' };

/** Reads JSON in UTF-8 as it comes. What would keep others waiting for long is not read to its end. */
export async function readJson(bytes: AsyncIterable<Uint8Array>): Promise<JsonRead> {
  const measure = jsonMeter();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const texts: string[] = [];
  for await (const chunk of bytes) {
    const { values, depth } = measure(chunk);
    if (values > MOST_VALUES) return { fault: 'TOO_MANY' };
    if (depth > DEEPEST_VALUE) return { fault: 'TOO_DEEP' };
    texts.push(decoder.decode(chunk, { stream: true }));
  }
  try {
    return { value: JSON.parse(texts.join('') + decoder.decode()) };
  } catch {
    return { fault: 'NOT_JSON' };
  }
}
