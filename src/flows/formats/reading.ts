import { decoding } from './decoding.js';
import { parseLogLine, unwrap } from './envelope.js';
import { lineOfText } from './prefixed.js';
import {
  notJson,
  parseRecord,
  type RawRecord,
  type RecordSink,
  tooLong,
  withoutUnfit,
} from './record.js';
import { endScan, feed, isOpen, type Limits, limitFor, newScan, type Scan } from './scan.js';

export type ReadOptions = {
  /** A longer record is a fault and the rest goes on. Default 1 MiB. */
  readonly maxRecordBytes?: number;
  /** The same for one envelope with many records, as Loki's answer. Default 64 MiB. */
  readonly maxEnvelopeBytes?: number;
};

const MIB = 1 << 20;

const limitsOf = ({ maxRecordBytes = MIB, maxEnvelopeBytes = 64 * MIB }: ReadOptions): Limits => ({
  record: maxRecordBytes,
  envelope: maxEnvelopeBytes,
});

/** Where the reading of a stream stands: `rest` is the start of a line whose end has not come yet. */
type Progress = {
  readonly sink: RecordSink;
  readonly limits: Limits;
  readonly scan: Scan;
  rest: string;
  line: number;
  /** The rest of this line is left out: its record is too long. */
  skipping: boolean;
  /** Parts of a log line that the kubelet has cut. */
  logParts: string[];
  logLine: number;
  logTime: string;
};

const OPEN = 123;
const OPEN_LIST = 91;
const CLOSE = 125;
const SPACE = 32;
const NEWLINE = 10;
const BYTE_ORDER_MARK = 0xfeff;
/** RFC 7464. */
const RECORD_SEPARATOR = 0x1e;
const LETTER = 64;

/** Index of the last character that is not white space. */
const lastInk = (text: string): number => {
  let at = text.length - 1;
  while (at >= 0 && text.charCodeAt(at) <= SPACE) at--;
  return at;
};

const takeLogLine = (progress: Progress, text: string): boolean => {
  const logLine = parseLogLine(text);
  if (logLine === null) return false;
  if (progress.logParts.length === 0) {
    progress.logLine = progress.line;
    progress.logTime = logLine.time;
  }
  progress.logParts.push(logLine.text);
  if (logLine.partial) return true;
  const whole = progress.logParts.join('');
  progress.logParts = [];
  const wrapping = { time: progress.logTime, labels: null };
  progress.sink({ ...parseRecord(progress.logLine, whole), wrapping });
  return true;
};

/** The hot path: a line that is a record by its first and last character is parsed at once. */
const takeObject = (progress: Progress, text: string): void => {
  const isWhole = text.charCodeAt(lastInk(text)) === CLOSE;
  const record = isWhole ? parseRecord(progress.line, text) : null;
  if (record?.value != null) progress.sink(record);
  else feed(progress.scan, `${text}\n`, progress.line);
};

/**
 * What may stand before a record, or between two; a bracket before anything else is text, such as `[NEW] tcp`, and so is
 * a comma: the first cell of a row is empty.
 */
const JSON_START = /^[\s\ufeff]*(?:[{\]}]|,\s*(?:[[{\]]|$)|\[\s*(?:[[{\]]|$))/;

const takeOther = (progress: Progress, text: string): void => {
  const end = lastInk(text) + 1;
  if (end === 0) return;
  const first = text.charCodeAt(0);
  if (JSON_START.test(text)) feed(progress.scan, `${text}\n`, progress.line);
  else if (first >= LETTER || !takeLogLine(progress, text.slice(0, end)))
    progress.sink(lineOfText(progress.line, text.slice(first === BYTE_ORDER_MARK ? 1 : 0, end)));
};

const takeLine = (progress: Progress, text: string): void => {
  if (text.charCodeAt(0) === RECORD_SEPARATOR) takeLine(progress, text.slice(1));
  else if (isOpen(progress.scan)) feed(progress.scan, `${text}\n`, progress.line);
  else if (text.charCodeAt(0) === OPEN) takeObject(progress, text);
  else takeOther(progress, text);
};

const endLine = (progress: Progress, text: string): void => {
  if (progress.skipping) progress.skipping = false;
  else if (text.length > progress.limits.record) takeLong(progress, text);
  else takeLine(progress, text);
  progress.line++;
};

/** A list or an open record may be longer than a line should be: the scan knows its own limit. */
const isScanned = (progress: Progress, text: string): boolean =>
  isOpen(progress.scan) || text.trimStart().charCodeAt(0) === OPEN_LIST;

const takeLong = (progress: Progress, text: string): void => {
  const largest = limitFor(text.slice(0, 256), progress.limits);
  if (isScanned(progress, text)) feed(progress.scan, `${text}\n`, progress.line);
  else if (text.length <= largest) takeLine(progress, text);
  else progress.sink(tooLong(progress.line, text, largest));
};

/** Keeps memory bounded while the end of a line has not come. */
const boundRest = (progress: Progress): void => {
  const { rest, limits, line } = progress;
  if (progress.skipping) progress.rest = '';
  else if (rest.length > limits.record && isScanned(progress, rest)) {
    feed(progress.scan, rest, line);
    progress.rest = '';
  } else if (rest.length > limitFor(rest.slice(0, 256), limits)) {
    progress.sink(tooLong(line, rest, limits.record));
    progress.skipping = true;
    progress.rest = '';
  }
};

/** Where the first line begins that has ink: a gigabyte of blank lines is a moment's work. */
const passBlank = (progress: Progress, text: string, start: number): number => {
  if (progress.skipping || isOpen(progress.scan)) return start;
  let first = start;
  let lines = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > SPACE) break;
    if (code !== NEWLINE) continue;
    lines++;
    first = at + 1;
  }
  progress.line += lines;
  return first;
};

const takeText = (progress: Progress, piece: string): void => {
  const text = progress.rest + piece;
  let start = passBlank(progress, text, 0);
  for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
    endLine(progress, text.slice(start, end));
    start = passBlank(progress, text, end + 1);
  }
  progress.rest = text.slice(start);
  boundRest(progress);
};

const endText = (progress: Progress): void => {
  if (progress.rest !== '') endLine(progress, progress.rest);
  progress.rest = '';
  endScan(progress.scan);
  if (progress.logParts.length > 0)
    progress.sink(notJson(progress.logLine, progress.logParts.join('')));
};

const PIECE = 1 << 16;

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

/** Text as it comes; characters that are cut between two chunks are put together. */
async function* textOf(input: AsyncIterable<Uint8Array> | string): AsyncGenerator<string> {
  if (typeof input === 'string') {
    yield* piecesOf(input);
    return;
  }
  const decode = decoding();
  for await (const chunk of input) yield* piecesOf(decode(chunk));
  yield decode(null);
}

/**
 * Reads records from text or from bytes as they arrive (unpacked by the caller). It understands one
 * object a line of any length up to the limit, objects over several lines, lists, objects one after
 * another, the kubelet's log lines, and the envelopes of fluent-bit, Loki and CloudWatch. A line that
 * cannot be read is a record with a fault, and the rest goes on. Each batch holds what one piece of
 * input gave; where to cut chunks is the caller's to decide, by counting records: that does not
 * depend on how the network cut the bytes.
 */
export async function* readRecords(
  input: AsyncIterable<Uint8Array> | string,
  options: ReadOptions = {},
): AsyncGenerator<readonly RawRecord[]> {
  let batch: RawRecord[] = [];
  const sink: RecordSink = record => unwrap(record, found => batch.push(withoutUnfit(found)));
  const limits = limitsOf(options);
  const progress: Progress = {
    sink,
    limits,
    scan: newScan(sink, limits),
    rest: '',
    line: 1,
    skipping: false,
    logParts: [],
    logLine: 1,
    logTime: '',
  };
  for await (const text of textOf(input)) {
    takeText(progress, text);
    if (batch.length > 0) yield batch;
    batch = [];
  }
  endText(progress);
  if (batch.length > 0) yield batch;
}
