export const ErrorCode = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  NOT_FOUND: 'NOT_FOUND',
  COST_EXCEEDED: 'COST_EXCEEDED',
  RATE_LIMITED: 'RATE_LIMITED',
  /** The same request may succeed in a moment. */
  UNAVAILABLE: 'UNAVAILABLE',
  INTERNAL: 'INTERNAL',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/**
 * A fault of the request, fit for the caller's eyes. Faults of what the request carries
 * (a policy, a flow record) are problems in the payload instead.
 * graphql-js copies `extensions` of what a resolver throws into the error of the answer.
 */
export class ApiError extends Error {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.extensions = { ...details, code };
  }
}

/** `message`: lowercase, no final period, the input in backticks. */
export const badInput = (message: string, details?: Readonly<Record<string, unknown>>) =>
  new ApiError(ErrorCode.BAD_USER_INPUT, message, details);
