import type { TimeParser } from '../time.js';
import { objectOf } from './coerce.js';
import { isCount } from './number-fault.js';
import type { JsonObject } from './record.js';

export type FieldFault = {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
};

/** Reading of one record; the first fault that is met is the one that is told. */
export type Check = { fault: FieldFault | null; readonly parseTime: TimeParser };

const LONGEST_SHOWN = 60;

/** A value as it is shown in a message. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  const bare = typeof value === 'string' ? value : text;
  return bare.length > LONGEST_SHOWN ? `${bare.slice(0, LONGEST_SHOWN)}…` : bare;
};

export const blame = (check: Check, fault: FieldFault): null => {
  check.fault ??= fault;
  return null;
};

const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null;

/** Text, or null where the field is absent; `what` says in the message what it should be. */
export const textField = (check: Check, object: JsonObject, path: string): string | null => {
  const value = object[path.slice(path.lastIndexOf('.') + 1)];
  if (isAbsent(value)) return null;
  if (typeof value === 'string' && value !== '') return value;
  return blame(check, {
    code: 'BAD_TEXT',
    path,
    message: `\`${path}\` is \`${shown(value)}\`, not text`,
    hint: 'leave the field out where it is not known',
  });
};

export const portField = (check: Check, object: JsonObject, path: string): number | null => {
  const value = object[path];
  if (isAbsent(value)) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535)
    return value;
  return blame(check, {
    code: 'BAD_PORT',
    path,
    message: `\`${path}\` is \`${shown(value)}\`, not a whole number from 1 to 65535`,
    hint: 'leave the field out where the source dropped the port',
  });
};

const DIGITS = /^\d{1,16}$/;

/** A count; text is taken too, as the API writes its big numbers. */
export const countField = (check: Check, object: JsonObject, path: string): number | null => {
  const value = object[path];
  if (isAbsent(value)) return null;
  const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
  if (typeof number === 'number' && isCount(number)) return number;
  return blame(check, {
    code: 'BAD_COUNT',
    path,
    message: `\`${path}\` is \`${shown(value)}\`, not a whole number from 0 to 2^53 - 1`,
    hint: 'leave the field out where the source does not count',
  });
};

export const timeField = (check: Check, object: JsonObject, path: string): number | null => {
  const value = object[path];
  if (isAbsent(value)) return null;
  const micros = typeof value === 'string' ? check.parseTime(value) : null;
  if (micros !== null) return micros;
  return blame(check, {
    code: 'BAD_TIME',
    path,
    message: `\`${path}\` is \`${shown(value)}\`, not an RFC 3339 time between 2000 and 2100`,
    hint: 'write it as `2026-11-22T10:00:00Z`, with up to nine digits of the second',
  });
};

/** One of the names, in any case of letters; null where the field is absent. */
export const choiceField = <Name extends string>(
  check: Check,
  object: JsonObject,
  path: string,
  names: Readonly<Record<string, Name>>,
): Name | null => {
  const value = object[path];
  if (isAbsent(value)) return null;
  const key = typeof value === 'string' ? value.toUpperCase() : '';
  const name = Object.hasOwn(names, key) ? names[key] : undefined;
  if (name !== undefined) return name;
  return blame(check, {
    code: 'BAD_CHOICE',
    path,
    message: `\`${path}\` is \`${shown(value)}\``,
    hint: `use one of ${Object.keys(names).join(', ')}`,
  });
};

/** An object; null where the field is absent. `example` is how one is written. */
export const objectField = (
  check: Check,
  object: JsonObject,
  path: string,
  example: string,
): JsonObject | null => {
  const value = object[path.slice(path.lastIndexOf('.') + 1)];
  if (isAbsent(value)) return null;
  const found = objectOf(value);
  if (found !== null) return found;
  return blame(check, {
    code: 'BAD_OBJECT',
    path,
    message: `\`${path}\` is \`${shown(value)}\`, not an object`,
    hint: `write it as \`${example}\``,
  });
};

/** A misspelt field would be lost in silence. */
export const refuseOthers = (
  check: Check,
  object: JsonObject,
  prefix: string,
  known: ReadonlySet<string>,
): void => {
  for (const field in object) {
    if (known.has(field)) continue;
    blame(check, {
      code: 'UNKNOWN_FIELD',
      path: `${prefix}${field}`,
      message: `field \`${prefix}${field}\` is not known`,
      hint: `the fields are ${[...known].join(', ')}`,
    });
  }
};
