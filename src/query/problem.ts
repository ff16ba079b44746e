import { type Problem, Severity } from '../netpol/index.js';

const at =
  (severity: Severity) =>
  (code: string, path: string | null, message: string, hint: string | null): Problem => ({
    code,
    severity,
    message,
    path,
    place: null,
    hint,
  });

/** Problems of a request: they stand at an argument, by its path, or at none, and in no document. */
export const errorAt = at(Severity.ERROR);
export const warningAt = at(Severity.WARNING);
export const infoAt = at(Severity.INFO);

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
