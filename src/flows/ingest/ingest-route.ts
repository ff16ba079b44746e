import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemOf } from '../../graphql/problem.graphql.js';
import { Severity } from '../../netpol/index.js';
import { ApiError, badInput, ErrorCode } from '../../query/api-error.js';
import { AUTO } from '../formats/formats.js';
import type { Ingested } from './outcome.js';
import type { TakeUpload } from './upload.js';

export type IngestRouteDeps = {
  /** For the caller of the request; throws ApiError to refuse it. */
  readonly uploadFor: (request: IncomingMessage, response: ServerResponse) => Promise<TakeUpload>;
  /** Unpacked, no faster than it is read; throws past the limit. */
  readonly bodyOf: (request: IncomingMessage, limit: number) => AsyncIterable<Uint8Array>;
  readonly sendJson: (response: ServerResponse, status: number, value: unknown) => void;
  readonly now: () => Date;
  readonly limits?: Partial<IngestLimits>;
};

type IngestLimits = {
  /** Of one body, after unpacking; a longer one is answered 413, and what came before stays. */
  readonly bytes: number;
  /** Bodies that are read at the same time; a further one is answered 429. */
  readonly uploads: number;
};

/** Four uploads leave most of the pool's ten connections to those who read. */
const LIMITS: IngestLimits = { bytes: 64 * 2 ** 30, uploads: 4 };

const parameter = (url: URL, name: string): string => {
  const value = url.searchParams.get(name);
  if (value !== null && value !== '') return value;
  throw badInput(`the parameter \`${name}\` is missing: POST /ingest/flows?cluster=NAME`);
};

/** 409: the key belongs to other records. */
function statusOf({ problems }: Ingested): number {
  const error = problems.find(({ severity }) => severity === Severity.ERROR);
  if (error === undefined) return 200;
  return error.code === 'KEY_REUSED' ? 409 : 400;
}

const keyOf = ({ headers }: IncomingMessage): string | null => {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
};

/**
 * `POST /ingest/flows?cluster=NAME&format=FORMAT`: a stream of records; answers counts and problems. Without
 * a format it is found by the records.
 */
export function ingestRoute({ uploadFor, bodyOf, sendJson, now, limits }: IngestRouteDeps) {
  const { bytes, uploads } = { ...LIMITS, ...limits };
  let running = 0;
  const take = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<Ingested> => {
    const upload = {
      cluster: parameter(url, 'cluster'),
      format: url.searchParams.get('format') || AUTO,
      key: keyOf(request),
      records: bodyOf(request, bytes),
    };
    const take = await uploadFor(request, response);
    return take(upload, now());
  };
  const handle = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<void> => {
    if (running >= uploads) {
      response.setHeader('retry-after', '1');
      throw new ApiError(
        ErrorCode.RATE_LIMITED,
        `${uploads} uploads are being taken in already; send this one again in a moment`,
      );
    }
    running += 1;
    try {
      const outcome = await take(request, response, url);
      // What was not read would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close');
      const problems = outcome.problems.map(problemOf);
      sendJson(response, statusOf(outcome), { ...outcome, problems });
    } finally {
      running -= 1;
    }
  };
  return { method: 'POST', path: '/ingest/flows', handle } as const;
}
