import { type KubernetesObject, type Problem, Severity } from '../netpol/index.js';
import { parseDateTime } from '../query/date-time.js';

const [EARLIEST, LATEST] = ['2000-01-01T', '2100-01-01T'];

/** A time of an object as DateTime; null for what is none, or lies outside of 2000 to 2100. */
export function objectTime(text: string): string | null {
  const time = parseDateTime(text);
  return time !== null && time >= EARLIEST && time < LATEST ? time : null;
}

const PATHS: readonly (readonly string[])[] = [
  ['metadata', 'creationTimestamp'],
  ['status', 'startTime'],
];

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null
        ? (part as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );

/** Times that are none: the object is read as if it did not tell. */
export const timeFaults = (objects: readonly KubernetesObject[]): readonly Problem[] =>
  objects.flatMap(({ value, locate }) =>
    PATHS.flatMap((path): readonly Problem[] => {
      const text = at(value, path);
      if (typeof text !== 'string' || objectTime(text) !== null) return [];
      return [
        {
          code: 'TIME_INVALID',
          severity: Severity.WARNING,
          message: `\`${JSON.stringify(text.slice(0, 60)).slice(1, -1)}\` is no time between 2000 and 2100: left out`,
          path: path.join('.'),
          place: locate(path),
          hint: 'write it as `2026-11-22T10:00:00Z`',
        },
      ];
    }),
  );
