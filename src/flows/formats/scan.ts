import { isEnvelope } from './envelope.js';
import { notJson, parseRecord, type RecordSink, tooLong, truncated } from './record.js';

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const BYTE_ORDER_MARK = 0xfeff;

export type Limits = {
  /** Largest record in characters. */
  readonly record: number;
  /** Largest envelope that holds many records, as Loki's answer. */
  readonly envelope: number;
};

/** The limit for a text that begins so. */
export const limitFor = (head: string, limits: Limits): number =>
  isEnvelope(head) ? limits.envelope : limits.record;

/** Where a scan stands. The record that is open is in `parts`, cut at its limit; `size` is its whole length. */
export type Scan = {
  readonly sink: RecordSink;
  readonly limits: Limits;
  parts: string[];
  size: number;
  startedAt: number;
  depth: number;
  inString: boolean;
  escaped: boolean;
  inList: boolean;
  atLineStart: boolean;
};

export const newScan = (sink: RecordSink, limits: Limits): Scan => ({
  sink,
  limits,
  parts: [],
  size: 0,
  startedAt: 0,
  depth: 0,
  inString: false,
  escaped: false,
  inList: false,
  atLineStart: true,
});

/** True inside a record or a list: the next line is not a record of its own. */
export const isOpen = (scan: Scan): boolean => scan.depth > 0 || scan.inList;

const HEAD = 256;

const headOf = (parts: readonly string[]): string => parts.slice(0, 8).join('').slice(0, HEAD);

const close = (scan: Scan): string => {
  const text = scan.parts.join('');
  Object.assign(scan, { parts: [], size: 0, depth: 0, inString: false, escaped: false });
  return text;
};

const cut = (scan: Scan): void => scan.sink(truncated(scan.startedAt, close(scan)));

const keep = (scan: Scan, part: string): void => {
  scan.size += part.length;
  if (scan.size <= scan.limits.record || scan.size <= limitFor(headOf(scan.parts), scan.limits))
    scan.parts.push(part);
  else if (scan.parts.length === 0) scan.parts.push(part.slice(0, HEAD));
};

const finish = (scan: Scan): void => {
  const largest = limitFor(headOf(scan.parts), scan.limits);
  const isTooLong = scan.size > largest;
  const text = close(scan);
  scan.sink(isTooLong ? tooLong(scan.startedAt, text, largest) : parseRecord(scan.startedAt, text));
};

/** Passes the rest of a string; returns the index of its closing quote, or the text's length. */
const passString = (scan: Scan, text: string, start: number): number => {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (scan.escaped) scan.escaped = false;
    else if (code === BACKSLASH) scan.escaped = true;
    else if (code === QUOTE) {
      scan.inString = false;
      return at;
    }
  }
  return text.length;
};

/** Counts one character outside strings; true when it ends the record. */
const isEnd = (scan: Scan, code: number): boolean => {
  if (code === QUOTE) scan.inString = true;
  else if (code === OPEN || code === OPEN_LIST) scan.depth++;
  else if (code === CLOSE || code === CLOSE_LIST) scan.depth--;
  return scan.depth === 0;
};

/** Goes on to the end of the record; returns the index after it, or -1. */
const inside = (scan: Scan, text: string, start: number): number => {
  for (let at = start; at < text.length; at++) {
    if (scan.inString) at = passString(scan, text, at);
    else if (isEnd(scan, text.charCodeAt(at))) return at + 1;
  }
  return -1;
};

const passRecord = (scan: Scan, text: string, start: number): number => {
  const end = inside(scan, text, start);
  keep(scan, text.slice(start, end < 0 ? text.length : end));
  if (end >= 0) finish(scan);
  return end < 0 ? text.length : end;
};

/** Passes what stands between records; returns the start of the next one, or the text's end. */
const passBetween = (scan: Scan, text: string, start: number): number => {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN) return at;
    if (code === OPEN_LIST) scan.inList = true;
    else if (code === CLOSE_LIST) scan.inList = false;
    else if (code > 32 && code !== COMMA && code !== BYTE_ORDER_MARK) return -1 - at;
  }
  return text.length;
};

const passToRecord = (scan: Scan, text: string, start: number, line: number): number => {
  const at = passBetween(scan, text, start);
  if (at < 0) {
    scan.inList = false;
    scan.sink(notJson(line, text.slice(-1 - at)));
    return text.length;
  }
  if (at === text.length) return at;
  scan.startedAt = line;
  return passRecord(scan, text, at);
};

/**
 * Finds records by their braces: pretty-printed, in a list, one after another on a line. Takes text up
 * to and with a line end, or a piece of a line that has no end yet. It recovers from a record without
 * end at the next line that begins with a brace, so one cut record costs one record.
 */
export const feed = (scan: Scan, text: string, line: number): void => {
  if (scan.depth > 0 && scan.atLineStart && text.charCodeAt(0) === OPEN) cut(scan);
  let at = 0;
  while (at < text.length)
    at = scan.depth > 0 ? passRecord(scan, text, at) : passToRecord(scan, text, at, line);
  scan.atLineStart = text.endsWith('\n');
  // RFC 8259: "control characters (U+0000 through U+001F)" must be escaped, so no string spans lines.
  if (scan.atLineStart && scan.inString) cut(scan);
};

export const endScan = (scan: Scan): void => {
  if (scan.depth > 0) cut(scan);
};
