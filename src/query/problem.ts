import { type Problem, Severity } from '../netpol/index.js';

const at =
  <Hint extends string | null>(severity: Severity) =>
  (code: string, path: string | null, message: string, hint: Hint): Problem => ({
    code,
    severity,
    message,
    path,
    place: null,
    hint,
  });

/**
 * Problems of a request: they stand at an argument, by its path, or at none, and in no document. What must be mended has a cure.
 */
export const errorAt = at<string>(Severity.ERROR);
export const warningAt = at<string>(Severity.WARNING);
export const infoAt = at<string | null>(Severity.INFO);

/** Of arguments whose absence means all: each that was given, and names nothing. */
export const emptyLists = (
  lists: Readonly<Record<string, readonly unknown[] | null | undefined>>,
): readonly Problem[] =>
  Object.entries(lists).flatMap(([path, list]) =>
    list?.length === 0
      ? errorAt(
          'NOTHING_NAMED',
          path,
          `\`${path}\` is an empty list, which names nothing`,
          'leave it out for all of them',
        )
      : [],
  );

/**
 * Why a change is refused that is made on an older version than there is; null: it is the expected one, or none is expected.
 * @param what such as `the rule`; @param version 0: there is none yet
 */
export function versionFault(
  what: string,
  version: number,
  expected: number | null | undefined,
): Problem | null {
  if (expected === null || expected === undefined || expected === version) return null;
  return errorAt(
    'CONFLICT',
    'expectedVersion',
    `${what} has version ${version}, not ${expected}`,
    'read it again, and make the change on what it is now',
  );
}
