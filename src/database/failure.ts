/** What keeps the database from serving and a person can cure; `hint` says how. */
export type Failure = Error & { readonly hint: string };

export const failure = (message: string, hint: string, cause?: unknown): Failure =>
  Object.assign(new Error(message, { cause }), { name: 'Failure', hint });

export const isFailure = (error: unknown): error is Failure =>
  error instanceof Error && error.name === 'Failure' && 'hint' in error;

/** The code that Node or Postgres gives an error (`ENOENT`, `28P01`); null when it has none. */
export const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
