export type Budget = {
  readonly runs: number;
  /** Of the clock, in milliseconds. */
  readonly until: number;
};

/** What was sent so often, and the first that did not end as it should. */
export type Fuzzed = {
  readonly asked: number;
  readonly finding: { readonly run: number; readonly sent: string; readonly why: string } | null;
};

export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
