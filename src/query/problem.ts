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
