import { type Place, type Problem, Severity } from '../problem.js';
import { isJsonObject, type JsonObject } from './objects.js';
import { formatPath, type Locate, type Path } from './source.js';

/**
 * A place inside one document while it is read. Readers give back null for what is absent or wrong, and note
 * what is wrong in `notes`; a document with an ERROR among its notes is refused as a whole.
 */
export type Cursor = {
  readonly value: unknown;
  readonly document: {
    readonly locate: Locate;
    readonly notes: Problem[];
    /** What objects mean that were read without a note: one object may stand in many places, of several documents. */
    readonly known: Map<JsonObject, unknown>;
  };
  /** The cursor that this one was reached from, and by which key or index; null for the whole document. */
  readonly from: { readonly cursor: Cursor; readonly step: string | number } | null;
};

export function wholeDocument(value: unknown, document: Cursor['document']): Cursor {
  return { value, document, from: null };
}

/** `read`, which answers the same for the same object, wherever it stands: what is known of it is not read again. */
export function readOnce<Value>(
  cursor: Cursor,
  read: (cursor: Cursor) => Value | null,
): Value | null {
  const { value, document } = cursor;
  if (!isJsonObject(value)) return read(cursor);
  const before = document.known.get(value);
  if (before !== undefined) return before as Value;
  const noted = document.notes.length;
  const made = read(cursor);
  if (made !== null && document.notes.length === noted) document.known.set(value, made);
  return made;
}

export function pathOf(cursor: Cursor): Path {
  return cursor.from === null ? [] : [...pathOf(cursor.from.cursor), cursor.from.step];
}

export function placeOf(cursor: Cursor): Place {
  return cursor.document.locate(pathOf(cursor));
}

export type Fault = {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** ERROR when omitted. */
  readonly severity?: Severity;
};

export function note(cursor: Cursor, fault: Fault): null {
  cursor.document.notes.push({
    severity: Severity.ERROR,
    ...fault,
    path: formatPath(pathOf(cursor)),
    place: placeOf(cursor),
  });
  return null;
}

export function warn(cursor: Cursor, fault: Fault): void {
  note(cursor, { ...fault, severity: Severity.WARNING });
}

/** The member of that name; its value is undefined where it is absent. */
export function member(cursor: Cursor, key: string): Cursor {
  const value = isJsonObject(cursor.value) ? cursor.value[key] : undefined;
  return { value, document: cursor.document, from: { cursor, step: key } };
}

/** Null counts as absent, as everywhere in the Kubernetes API. */
export function isAbsent(cursor: Cursor): boolean {
  return cursor.value === undefined || cursor.value === null;
}

function wrongType(cursor: Cursor, wanted: string): null {
  return note(cursor, {
    code: 'WRONG_TYPE',
    message: `\`${formatPath(pathOf(cursor))}\` must be ${wanted}, not ${typeName(cursor.value)}`,
    hint: hintFor(wanted, cursor.value),
  });
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} \`${String(value)}\``;
}

function hintFor(wanted: string, value: unknown): string {
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  if (wanted === 'a string' && isPlain) return 'put the value into quotes';
  if (wanted === 'a list') return 'start each item with `- `';
  return `write ${wanted} here`;
}

export function objectAt(cursor: Cursor): JsonObject | null {
  if (isAbsent(cursor)) return null;
  return isJsonObject(cursor.value) ? cursor.value : wrongType(cursor, 'an object');
}

/** The items of a list; null where it is absent or no list. */
export function listAt(cursor: Cursor): readonly Cursor[] | null {
  if (isAbsent(cursor)) return null;
  if (!Array.isArray(cursor.value)) return wrongType(cursor, 'a list');
  return cursor.value.map((value, step) => ({
    value,
    document: cursor.document,
    from: { cursor, step },
  }));
}

/** A list item that must be an object: an item left empty by mistake must not mean "everything". */
export function itemObject(cursor: Cursor): JsonObject | null {
  if (isJsonObject(cursor.value)) return cursor.value;
  return wrongType(cursor, 'an object');
}

/** "The zero value": Go decodes null in a list or map of strings as an empty one. */
export function textAt(cursor: Cursor): string | null {
  return cursor.value === null ? '' : requiredString(cursor);
}

export function stringAt(cursor: Cursor): string | null {
  if (isAbsent(cursor)) return null;
  return typeof cursor.value === 'string' ? cursor.value : wrongType(cursor, 'a string');
}

export function integerAt(cursor: Cursor): number | null {
  if (isAbsent(cursor)) return null;
  return Number.isInteger(cursor.value)
    ? (cursor.value as number)
    : wrongType(cursor, 'a whole number');
}

export function booleanAt(cursor: Cursor): boolean | null {
  if (isAbsent(cursor)) return null;
  return typeof cursor.value === 'boolean' ? cursor.value : wrongType(cursor, '`true` or `false`');
}

/** The strings of a list; wrong items are noted and left out. */
export function stringsAt(cursor: Cursor): readonly string[] | null {
  const items = listAt(cursor);
  if (items === null) return null;
  return items.map(requiredString).filter(item => item !== null);
}

export function requiredString(cursor: Cursor): string | null {
  return typeof cursor.value === 'string' ? cursor.value : wrongType(cursor, 'a string');
}

/** Notes each member whose name is not listed: a typing error there would silently change the meaning. */
export function warnOfUnknown(cursor: Cursor, known: readonly string[]): void {
  if (!isJsonObject(cursor.value)) return;
  for (const key of Object.keys(cursor.value)) {
    if (known.includes(key)) continue;
    warn(member(cursor, key), {
      code: 'UNKNOWN_FIELD',
      message: `unknown field \`${key}\` is ignored`,
      hint: `known here are ${known.map(name => `\`${name}\``).join(', ')}`,
    });
  }
}

export function hasErrors(notes: readonly Problem[]): boolean {
  return notes.some(problem => problem.severity === Severity.ERROR);
}
