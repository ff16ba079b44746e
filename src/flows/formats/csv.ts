import { namedIn } from './coerce.js';
import type { ObservationReader } from './format.js';
import { type FlowFormat, newTally, reject, type Tally } from './format.js';
import { neutral } from './neutral.js';
import { type JsonObject, plainTextOf, type RawRecord } from './record.js';

/** A cell in quotes, which a doubled quote stands for one in, or without; then the comma or the line's end. */
const CELL = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;

/** The cells of a line; null when a quote has no end. */
export const cellsOf = (line: string): readonly string[] | null => {
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const match = CELL.exec(line);
    if (match === null) return null;
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]?.trim() ?? '');
    if (match[3] === '') return cells;
  }
};

const NUMBERS: ReadonlySet<string> = new Set([
  'port',
  'servicePort',
  'connections',
  'events',
  'bytes',
]);
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };
const DIGITS = /^\d{1,16}$/;

/** `k=v;k=v`, or an object as JSON. */
const labelsOf = (text: string): unknown => {
  if (!text.startsWith('{'))
    return Object.fromEntries(
      text.split(';').map(pair => {
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

const cellValue = (column: string, text: string): unknown => {
  if (NUMBERS.has(column) && DIGITS.test(text)) return Number(text);
  if (column === 'isReply') return text === 'null' ? null : (namedIn(BOOLEANS, text) ?? text);
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

const recordOf = (columns: readonly string[], cells: readonly string[]): JsonObject => {
  const record: Record<string, unknown> = {};
  for (const [at, column] of columns.entries()) {
    const text = cells[at] ?? '';
    if (text !== '') place(record, column.split('.'), cellValue(column, text));
  }
  return record;
};

const isHeader = (text: string): boolean => {
  const cells = cellsOf(text) ?? [];
  return (
    cells.includes('protocol') &&
    cells.some(cell => cell.startsWith('source.')) &&
    cells.some(cell => cell.startsWith('destination.'))
  );
};

type Stream = { readonly rows: ObservationReader; columns: readonly string[] | null; tally: Tally };

const CSV_HINT =
  'begin with a line of columns, such as `time,source.namespace,source.pod,destination.namespace,destination.pod,port,protocol`';

const refuse = (stream: Stream, line: number, code: string, message: string): void =>
  reject(stream.tally, line, { code, message, hint: CSV_HINT }, null);

const takeRow = (stream: Stream, columns: readonly string[], text: string, line: number): void => {
  const cells = cellsOf(text);
  if (cells === null) refuse(stream, line, 'BAD_CSV', 'a quote of the line has no end');
  else if (cells.length !== columns.length)
    refuse(
      stream,
      line,
      'BAD_CSV',
      `line has ${cells.length} cells, the header has ${columns.length}`,
    );
  else stream.rows.push({ line, text, value: recordOf(columns, cells), fault: null });
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
  } else if (isHeader(text)) stream.columns = cellsOf(text);
  else if (stream.columns === null)
    refuse(stream, record.line, 'NO_HEADER', 'no line of columns came before');
  else takeRow(stream, stream.columns, text, record.line);
};

/** The columns are the fields of our own record, with a dot before those of an end. */
export const csv: FlowFormat = {
  name: 'csv',
  aliases: ['neutral-csv'],
  about: "this server's own record as CSV with a header line",
  claims: record => isHeader(plainTextOf(record) ?? ''),
  open: options => {
    const stream: Stream = { rows: neutral.open(options), columns: null, tally: newTally() };
    return {
      push: record => push(stream, record),
      take: () => {
        const { rejected } = stream.tally;
        stream.tally = newTally();
        const rows = stream.rows.take();
        return { ...rows, rejected: [...rejected, ...rows.rejected] };
      },
    };
  },
};
