/** Where in the input something stands. `line` and `column` count from 1. */
export type Place = {
  /** File name or other name of the input; null when the input has none. */
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
};

export const Severity = { ERROR: 'ERROR', WARNING: 'WARNING', INFO: 'INFO' } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/**
 * Something in the input that could not be used, with its place and its cure.
 * `message`: lowercase, no final period, input in backticks. `path`: inside the document,
 * as `spec.ingress[0].ports[1].port`. `code`: upper case words, one a kind of fault.
 */
export type Problem = {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string | null;
  readonly place: Place | null;
  /** What to do about it. */
  readonly hint: string | null;
};
