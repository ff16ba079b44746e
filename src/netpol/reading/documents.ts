import { type Problem, Severity } from '../problem.js';
import { endOfValue, jsonPositions, repeatsKey, skipSpace } from './json-text.js';
import { readPlainYaml } from './plain-yaml.js';
import { type Locate, type PlacedText, placedText, type Source } from './source.js';
import { readYaml } from './yaml-text.js';

/** One document of a source as JSON value, with the way back to its text. */
type SourceDocument = { readonly value: unknown; readonly locate: Locate };

export type DocumentReading = {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly Problem[];
};

/**
 * Reads YAML and JSON: streams of several documents, JSON values one after the other, or both mixed.
 * A document that cannot be read is a problem with its place; the others of the same text are still read.
 * Documents that hold nothing but comments are left out.
 */
export function readDocuments(sources: readonly Source[]): DocumentReading {
  const readings = sources.map(source => readText(placedText(source)));
  return {
    documents: readings.flatMap(reading => reading.documents),
    problems: readings.flatMap(reading => reading.problems),
  };
}

type Span = { readonly start: number; readonly end: number };

function readText(placed: PlacedText): DocumentReading {
  const whole = { start: 0, end: placed.text.length };
  const json = opensJson(placed.text, whole) ? jsonAt(placed, whole) : null;
  if (json !== null) return { documents: [json], problems: [] };
  const readings = yamlSpans(placed.text).map(span => readSpan(placed, span));
  return {
    documents: readings.flatMap(reading => reading.documents),
    problems: readings.flatMap(reading => reading.problems),
  };
}

/** At the start of a line, which U+2028 and U+2029 do not begin. */
const DOCUMENT_END = /(?<![^\r\n\uFEFF])(?:---|\.\.\.)(?=\s|$)/g;

/** "A byte order mark may appear at the start of any document" (YAML 1.2.2, 5.2): files that were put together have some. */
const MARKED_START = /(?:---[^\S\r\n]*\r?\n)?\uFEFF/y;

/** Without its byte order mark, and the `---` before it. */
function unmarked(text: string, { start, end }: Span): Span {
  MARKED_START.lastIndex = start;
  const mark = MARKED_START.exec(text)?.[0] ?? '';
  // One that stands before the next document’s `---` is that one’s.
  const own = text[end - 1] === '\uFEFF' ? end - 1 : end;
  return { start: Math.min(start + mark.length, own), end: own };
}

/**
 * Where the documents of a stream are. A line that starts with `---` ends a document also inside quotes and block
 * scalars (YAML 1.2.2, rule c-forbidden), so a document with a fault cannot swallow the next one.
 */
function yamlSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  let start = 0;
  const close = (end: number, next: number) => {
    if (holdsOnlyDirectives(text.slice(start, end))) return;
    spans.push({ start, end });
    start = next;
  };
  for (const match of text.matchAll(DOCUMENT_END)) {
    const next = match[0] === '---' ? match.index : match.index + match[0].length;
    close(match.index, next);
  }
  if (start < text.length) spans.push({ start, end: text.length });
  return spans.map(span => unmarked(text, span));
}

/** Directives belong to the document after the next `---`. */
function holdsOnlyDirectives(span: string): boolean {
  if (!/^%/m.test(span)) return false;
  return span.split('\n').every(line => /^%|^\s*(?:#|$)/.test(line));
}

/** Reads JSON values while they last, and what remains as one YAML document. */
function readSpan(placed: PlacedText, span: Span): DocumentReading {
  const documents: SourceDocument[] = [];
  let rest = afterMarker(placed.text, span);
  while (opensJson(placed.text, rest)) {
    const start = skipSpace(placed.text, rest.start);
    const value = { start, end: Math.min(endOfValue(placed.text, start), span.end) };
    const json = jsonAt(placed, value);
    if (json === null) break;
    documents.push(json);
    rest = { start: value.end, end: span.end };
  }
  if (skipSpace(placed.text, rest.start) >= rest.end) return { documents, problems: [] };
  const last = readRest(placed, documents.length === 0 ? span : rest);
  return { documents: [...documents, ...last.documents], problems: last.problems };
}

function afterMarker(text: string, span: Span): Span {
  return text.startsWith('---', span.start) ? { start: span.start + 3, end: span.end } : span;
}

function opensJson(text: string, span: Span): boolean {
  const first = text[skipSpace(text, span.start)];
  return first === '{' || first === '[';
}

function jsonAt(placed: PlacedText, span: Span): SourceDocument | null {
  const { start, end } = span;
  try {
    const text = placed.text.slice(start, end);
    const value: unknown = JSON.parse(text);
    // What programs write is long and repeats no key; as YAML the fault is found with its place.
    if (text.length < LONGEST_FLOW && repeatsKey(text, value)) return null;
    const offsetOf = jsonPositions(placed.text, start);
    return { value, locate: path => placed.placeAt(offsetOf(path)) };
  } catch {
    return null;
  }
}

/** Beyond this length broken JSON is not tried as YAML, which would take seconds (about 1.4 MB/s) to fail as well. */
const LONGEST_FLOW = 1_000_000;

function readRest(placed: PlacedText, span: Span): DocumentReading {
  if (
    opensJson(placed.text, afterMarker(placed.text, span)) &&
    span.end - span.start > LONGEST_FLOW
  ) {
    return { documents: [], problems: [brokenJson(placed, span)] };
  }
  const text = placed.text.slice(span.start, span.end);
  const reading = readPlainYaml(text) ?? readYaml(text);
  if ('fault' in reading) {
    return {
      documents: [],
      problems: [unreadable(placed, span.start + reading.offset, reading.fault)],
    };
  }
  const repeated = reading.repeated.map(offset => span.start + offset);
  const problems = keysRepeated(placed, repeated);
  if (reading.value === null) return { documents: [], problems };
  const locate: Locate = path => placed.placeAt(span.start + reading.offsetOf(path));
  return { documents: [{ value: reading.value, locate }], problems };
}

/** Node names the offset of some faults; of others, such as an unexpected end, it does not. */
function faultOffset(json: string): number {
  try {
    JSON.parse(json);
  } catch (thrown) {
    const offset = /at position (\d+)/.exec(String(thrown))?.[1];
    if (offset !== undefined) return Number(offset);
  }
  return json.length;
}

function brokenJson(placed: PlacedText, span: Span): Problem {
  const { start, end } = afterMarker(placed.text, span);
  const offset = faultOffset(placed.text.slice(start, end));
  return unreadable(placed, start + offset, 'not valid JSON');
}

const REPEATED = {
  code: 'KEY_REPEATED',
  message:
    'this key stands twice in one mapping: kubectl takes the last one and drops what stands under the first; other tools refuse the document',
  hint: 'keep one of the two, with what is meant of both',
} as const;

const NOT_SEPARATED = {
  code: 'DOCUMENTS_NOT_SEPARATED',
  message:
    'another object begins here without a line `---` before it: kubectl reads one object of both, takes the last of equal keys, and the object above is lost',
  hint: 'put a line `---` before it',
} as const;

/** Keys at these offsets stand again; one problem where they do since another object begins. */
function keysRepeated(placed: PlacedText, offsets: readonly number[]): readonly Problem[] {
  const next = offsets.find(offset =>
    /^(?:apiVersion|kind)\b/.test(placed.text.slice(offset, offset + 20)),
  );
  const text = next === undefined ? REPEATED : NOT_SEPARATED;
  return (next === undefined ? offsets : [next]).map(offset => ({
    ...text,
    severity: Severity.WARNING,
    path: null,
    place: placed.placeAt(offset),
  }));
}

function unreadable(placed: PlacedText, offset: number, fault: string): Problem {
  return {
    code: 'DOCUMENT_UNREADABLE',
    severity: Severity.ERROR,
    message: `this document cannot be read: ${fault}`,
    path: null,
    place: placed.placeAt(offset),
    hint: 'correct the YAML or JSON here; the other documents were read',
  };
}
