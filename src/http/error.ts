import type { Log } from '../database/log.js';
import { ErrorCode } from '../query/api-error.js';
import { showable } from '../query/storable.js';
import { apiErrorIn } from '../query/unavailable.js';
import { traced } from '../tracing/tracing.js';
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
  /** Seconds; null: asking again is of no use. */
  readonly retryAfter: number | null;
  /** What else is known of it, for clients of GraphQL. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly body: {
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly requestId: string;
      readonly traceId?: string;
    };
  };
};

/** Errors of routes beside GraphQL: ours are shown, all others are masked and logged. */
export function errorAnswer(error: unknown, requestId: string, log: Log): ErrorAnswer {
  const ids = { requestId, ...traced() };
  if (error instanceof HttpError) {
    const { status, code, message } = error;
    return { status, retryAfter: null, details: {}, body: { error: { code, message, ...ids } } };
  }
  const shown = apiErrorIn(error);
  if (shown !== null && shown.code !== 'INTERNAL') {
    const { code, message, extensions } = shown;
    if (code === ErrorCode.UNAVAILABLE)
      log.warn({ err: error, requestId }, 'request could not be answered');
    const { retryAfter = null } = extensions;
    return {
      status: statusOf(code),
      retryAfter: typeof retryAfter === 'number' ? retryAfter : null,
      details: extensions,
      body: { error: { code, message: showable(message), ...ids } },
    };
  }
  log.error({ err: error, requestId }, 'request failed');
  return {
    status: 500,
    retryAfter: null,
    details: {},
    body: { error: { code: 'INTERNAL', message: 'internal server error', ...ids } },
  };
}
