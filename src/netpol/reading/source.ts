import type { Place } from '../problem.js';

/** One input text: YAML or JSON, of one or several documents. */
export type Source = { readonly file: string | null; readonly text: string };

/** A step into a JSON value: a key of an object or an index of a list. */
export type Path = readonly (string | number)[];

/** The place of a path inside a document, or of the deepest part of it that is written there. */
export type Locate = (path: Path) => Place;

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/** `spec.ingress[0].ports[1].port`; keys that are not plain words are quoted: `metadata.labels["a/b"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (PLAIN_KEY.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** A source's text whose offsets have lines and columns. */
export type PlacedText = {
  readonly file: string | null;
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
};

/** "YAML … line breaks: CR, LF, or CR LF" (YAML 1.2.2, 5.4): a CR alone, as old editors write it, ends a line too. */
const withLineFeeds = (text: string): string =>
  text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;

/** Lines are counted at the first question only: most texts hold no problem. */
export function placedText(source: Source): PlacedText {
  const text = withLineFeeds(source.text.startsWith('\uFEFF') ? source.text.slice(1) : source.text);
  let starts: readonly number[] | null = null;
  return {
    file: source.file,
    text,
    placeAt: offset => {
      starts ??= lineStarts(text);
      const line = lineOf(starts, offset);
      return { file: source.file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}

/** Index of the last line that starts at or before the offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
