import { unstorableIn } from '../../query/storable.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What is wrong with a record as text: `message` and `hint` in the form of a `Problem`. */
export type Fault = { readonly code: string; readonly message: string; readonly hint: string };

/** What the log that held a record told of it. */
export type Wrapping = {
  /** When the line was written, as the log writes it: RFC 3339, or a number of some unit. */
  readonly time: unknown;
  /** Of a Loki stream: fields that NetObserv takes out of the line stand here. */
  readonly labels: JsonObject | null;
};

/** One record of the input: a JSON object, or the reason why there is none. */
export type RawRecord =
  | {
      /** Line of its first character in the input, from 1. */
      readonly line: number;
      /** Its own text, as it stood in the input. */
      readonly text: string;
      readonly value: JsonObject;
      readonly fault: null;
      readonly wrapping?: Wrapping;
    }
  | {
      readonly line: number;
      readonly text: string;
      readonly value: null;
      readonly fault: Fault;
      readonly wrapping?: Wrapping;
    };

export type RecordSink = (record: RawRecord) => void;

const SHOWN = 60;

const shown = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text.trimEnd();

/** A record of which nothing can be read. */
export const faulty = (line: number, text: string, fault: Fault): RawRecord => ({
  line,
  text,
  value: null,
  fault,
});

const NOT_JSON = 'NOT_JSON';

/** The text of a record that is no JSON: a line of a source that writes text. Null: it is JSON, or broken. */
export const plainTextOf = ({ value, fault, text }: RawRecord): string | null =>
  value === null && fault.code === NOT_JSON ? text : null;

export const notJson = (line: number, text: string): RawRecord =>
  faulty(line, text, {
    code: NOT_JSON,
    message: `\`${shown(text)}\` is not JSON`,
    hint: 'each record is one JSON object; remove other output from the file',
  });

export const truncated = (line: number, text: string): RawRecord =>
  faulty(line, text, {
    code: 'TRUNCATED',
    message: `record \`${shown(text)}\` has no end`,
    hint: 'the file was cut while it was written or rotated; send the record again if it matters',
  });

export const tooLong = (line: number, text: string, largest: number): RawRecord =>
  faulty(line, text.slice(0, SHOWN), {
    code: 'TOO_LONG',
    message: `record \`${shown(text)}\` is longer than ${largest} bytes`,
    hint: 'one record per line; check that line ends were not lost on the way',
  });

/** How JSON may write a character that Postgres cannot store; most records have no such escape at all. */
const ESCAPE = '\\u';
const REPLACEMENT = '\ufffd';

/** What some key or text of a JSON value holds that cannot be stored. */
const unstorableWithin = (text: string): string | null => {
  let found: string | null = null;
  JSON.parse(text, (key, value: unknown) => {
    found ??= unstorableIn(key) ?? (typeof value === 'string' ? unstorableIn(value) : null);
    return value;
  });
  return found;
};

const unfit = ({ text, fault }: RawRecord): string | null => {
  if (text.includes(REPLACEMENT))
    return 'the character U+FFFD, which stands for bytes that are not UTF-8';
  if (fault !== null) return unstorableIn(text);
  return text.includes(ESCAPE) ? unstorableWithin(text) : unstorableIn(text);
};

export const tooDeep = (line: number, text: string): RawRecord =>
  faulty(line, text.slice(0, SHOWN), {
    code: 'TOO_DEEP',
    message: `record \`${shown(text)}\` has values inside of values by the thousand`,
    hint: 'no source writes such records; check what wrote it',
  });

/** Walking a value that is nested too deeply ends at the limit of the stack. */
export const isTooDeep = (error: unknown): boolean => error instanceof RangeError;

/** No text column can hold some characters: one record that has them must not fail its whole chunk. */
export const withoutUnfit = (record: RawRecord): RawRecord => {
  try {
    return fit(record);
  } catch (error) {
    if (isTooDeep(error)) return tooDeep(record.line, record.text);
    throw error;
  }
};

const fit = (record: RawRecord): RawRecord => {
  const found = unfit(record);
  if (found === null) return record;
  const { line, text } = record;
  return faulty(line, text, {
    code: text.includes('\0') || found.includes('U+0000') ? 'NUL_CHARACTER' : 'BAD_CHARACTER',
    message: `record \`${shown(text)}\` holds ${found}`,
    hint: 'no name, label or address has it; repair what wrote the record, and write it as UTF-8',
  });
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one JSON object; anything else is a fault. */
export const parseRecord = (line: number, text: string): RawRecord => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { line, text, value, fault: null } : notJson(line, text);
  } catch {
    return notJson(line, text);
  }
};

/** A record that is parsed already, with its own text. */
export const recordOf = (line: number, value: JsonObject): RawRecord => {
  try {
    return { line, text: JSON.stringify(value), value, fault: null };
  } catch (error) {
    if (isTooDeep(error)) return tooDeep(line, '…');
    throw error;
  }
};

/** Records that are parsed already, as a list in a request; their place counts from 1. */
export const recordsOf = (values: readonly JsonObject[]): readonly RawRecord[] =>
  values.map((value, index) => withoutUnfit(recordOf(index + 1, value)));
