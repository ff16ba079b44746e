import type { Log } from '../database/log.js';
import { ApiError } from '../query/api-error.js';
import { statusOf } from './status.js';

/** What a route answers instead of its result; `message`: lowercase, no final period. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    /** One word for each kind of fault, in upper case. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

export type ErrorAnswer = {
  readonly status: number;
  readonly body: {
    readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
  };
};

/** Errors of routes beside GraphQL: ours are shown, all others are masked and logged. */
export function errorAnswer(error: unknown, requestId: string, log: Log): ErrorAnswer {
  if (error instanceof HttpError) {
    const { status, code, message } = error;
    return { status, body: { error: { code, message, requestId } } };
  }
  if (error instanceof ApiError && error.code !== 'INTERNAL') {
    const { code, message } = error;
    return { status: statusOf(code), body: { error: { code, message, requestId } } };
  }
  log.error({ err: error, requestId }, 'request failed');
  return {
    status: 500,
    body: { error: { code: 'INTERNAL', message: 'internal server error', requestId } },
  };
}
