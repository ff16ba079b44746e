import { SkipReason } from '../observation.js';
import { namedIn } from './coerce.js';
import {
  cellsOf,
  type Header,
  headerOf,
  isSeparatorLine,
  rowOf,
  type Separator,
  wholeOf,
} from './csv-dialect.js';
import type { ObservationReader } from './format.js';
import { type FlowFormat, newTally, reject, skip, type Tally } from './format.js';
import { neutral } from './neutral.js';
import { type JsonObject, plainTextOf, type RawRecord } from './record.js';

const NUMBERS: ReadonlySet<string> = new Set([
  'port',
  'servicePort',
  'connections',
  'events',
  'bytes',
]);
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };
/** `k=v;k=v` or, as kubectl writes them, `k=v,k=v`; or an object as JSON. */
const labelsOf = (text: string): unknown => {
  if (!text.startsWith('{'))
    return Object.fromEntries(
      text.split(/[;,]/).map(pair => {
        const equals = pair.indexOf('=');
        return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
      }),
    );
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const replyOf = (text: string): unknown => {
  const word = text.toLowerCase();
  return word === 'null' ? null : (namedIn(BOOLEANS, word) ?? text);
};

const cellValue = (column: string, text: string, separator: Separator): unknown => {
  if (NUMBERS.has(column)) return wholeOf(text, separator) ?? text;
  if (column === 'isReply') return replyOf(text);
  return column.endsWith('.labels') ? labelsOf(text) : text;
};

/** Puts `source.workload.kind` where it belongs. */
const place = (record: Record<string, unknown>, path: readonly string[], value: unknown): void => {
  const [field = '', ...rest] = path;
  if (rest.length === 0) {
    record[field] = value;
    return;
  }
  record[field] ??= {};
  place(record[field] as Record<string, unknown>, rest, value);
};

const recordOf = ({ columns, separator }: Header, cells: readonly string[]): JsonObject => {
  const record: Record<string, unknown> = {};
  for (const [at, column] of columns.entries()) {
    const text = cells[at] ?? '';
    if (text !== '') place(record, column.split('.'), cellValue(column, text, separator));
  }
  return record;
};

type Stream = { readonly rows: ObservationReader; header: Header | null; tally: Tally };

const CSV_HINT =
  'begin with a line of columns, such as `time,source.namespace,source.pod,destination.namespace,destination.pod,port,protocol`';

const refuse = (stream: Stream, line: number, code: string, message: string): void =>
  reject(stream.tally, line, { code, message, hint: CSV_HINT }, null);

const twice = (columns: readonly string[]): string | undefined =>
  columns.find((column, at) => column !== '' && columns.indexOf(column) !== at);

/** A column for a whole whose parts have columns too. */
const whole = (columns: readonly string[]): string | undefined =>
  columns.find(column => columns.some(other => other.startsWith(`${column}.`)));

const faultOfColumns = (columns: readonly string[]): string | null => {
  const again = twice(columns);
  if (again !== undefined)
    return `column \`${again}\` is there twice, and which one counts is not told`;
  const over = whole(columns);
  return over === undefined
    ? null
    : `column \`${over}\` stands beside columns of its parts, and which one counts is not told`;
};

const takeHeader = (stream: Stream, header: Header, line: number): void => {
  const fault = faultOfColumns(header.columns);
  stream.header = fault === null ? header : null;
  if (fault !== null) refuse(stream, line, 'BAD_CSV', fault);
};

const takeRow = (stream: Stream, header: Header, text: string, line: number): void => {
  const found = cellsOf(text, header.separator);
  if (found === null) {
    refuse(stream, line, 'BAD_CSV', 'a quote of the line has no end in it');
    return;
  }
  const cells = rowOf(found, header);
  if (cells.every(cell => cell === '')) skip(stream.tally, SkipReason.NOT_A_FLOW);
  else if (cells.length !== header.columns.length)
    refuse(
      stream,
      line,
      'BAD_CSV',
      `line has ${cells.length} cells, the header has ${header.columns.length}`,
    );
  else stream.rows.push({ line, text, value: recordOf(header, cells), fault: null });
};

const takeText = (stream: Stream, text: string, line: number): void => {
  const header = headerOf(text);
  if (header !== null) takeHeader(stream, header, line);
  else if (isSeparatorLine(text)) skip(stream.tally, SkipReason.NOT_A_FLOW);
  else if (stream.header === null)
    refuse(stream, line, 'NO_HEADER', 'no line of columns came before');
  else takeRow(stream, stream.header, text, line);
};

const push = (stream: Stream, record: RawRecord): void => {
  const text = plainTextOf(record);
  if (text === null) {
    const { code, message, hint } = record.fault ?? {
      code: 'NOT_CSV',
      message: 'record is JSON, not a line of CSV',
      hint: 'send it as `neutral`, or leave the format out',
    };
    reject(stream.tally, record.line, { code, message, hint }, null);
  } else takeText(stream, text, record.line);
};

/** The columns are the fields of our own record, with a dot before those of an end. */
export const csv: FlowFormat = {
  name: 'csv',
  aliases: ['neutral-csv'],
  about: "this server's own record as CSV with a header line",
  claims: record => headerOf(plainTextOf(record) ?? '') !== null,
  open: options => {
    const stream: Stream = { rows: neutral.open(options), header: null, tally: newTally() };
    return {
      push: record => push(stream, record),
      take: () => {
        const { rejected, skipped } = stream.tally;
        stream.tally = newTally();
        const rows = stream.rows.take();
        const noFlows =
          (skipped[SkipReason.NOT_A_FLOW] ?? 0) + (rows.skipped[SkipReason.NOT_A_FLOW] ?? 0);
        return {
          ...rows,
          rejected: [...rejected, ...rows.rejected],
          skipped:
            noFlows === 0 ? rows.skipped : { ...rows.skipped, [SkipReason.NOT_A_FLOW]: noFlows },
        };
      },
    };
  },
};
