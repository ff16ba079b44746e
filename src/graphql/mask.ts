import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import type { Log } from '../database/log.js';
import { type ApiError, ErrorCode } from '../query/api-error.js';
import { showable } from '../query/storable.js';
import { apiErrorIn } from '../query/unavailable.js';
import { traced } from '../tracing/tracing.js';

const MASKED = 'internal server error';

/** What was thrown first, under the layers in which graphql-js wraps it. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}

/**
 * The code of an error that the caller may see as it is; null for everything else.
 * A GraphQLError without a path, or at an argument, is graphql-js refusing the request itself.
 * One at a field comes from a value that a resolver gave: our bug.
 */
function codeOf(error: unknown): string | null {
  const root = rootOf(error);
  if (isNulCharacter(root)) return ErrorCode.BAD_USER_INPUT;
  if (!(root instanceof GraphQLError)) return null;
  const { code } = root.extensions;
  if (typeof code === 'string') return code;
  const { path, nodes } = error instanceof GraphQLError ? error : root;
  const fromField = path !== undefined && nodes?.[0]?.kind === Kind.FIELD;
  return fromField ? null : ErrorCode.BAD_USER_INPUT;
}

/**
 * The one place where errors become what the caller sees: known ones keep message and code, all others
 * become INTERNAL and are logged with their stack under the request id.
 */
export function maskError(error: unknown, requestId: string, log: Log): GraphQLFormattedError {
  const own = apiErrorIn(rootOf(error));
  if (own !== null && own.code !== ErrorCode.INTERNAL) {
    if (own.code === ErrorCode.UNAVAILABLE)
      log.warn({ err: rootOf(error), requestId }, 'request could not be answered');
    return formOf(own, error, requestId);
  }
  const code = own === null ? codeOf(error) : null;
  const { message, locations, path, extensions } =
    error instanceof GraphQLError ? error.toJSON() : { message: messageOf(error) };
  const ids = { requestId, ...traced() };
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (code !== null) {
    return { message: showable(message), ...place, extensions: { ...extensions, code, ...ids } };
  }
  log.error({ err: rootOf(error), requestId, path }, 'request failed');
  return { message: MASKED, ...place, extensions: { code: ErrorCode.INTERNAL, ...ids } };
}

/** An error of ours, at the place in the document where it was thrown. */
function formOf(
  { message, extensions }: ApiError,
  error: unknown,
  requestId: string,
): GraphQLFormattedError {
  const { locations, path } = error instanceof GraphQLError ? error.toJSON() : {};
  return {
    message: showable(message),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { ...extensions, requestId, ...traced() },
  };
}

/** Postgres' `character_not_in_repertoire`: some text of the request holds U+0000. */
const isNulCharacter = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '22021';

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
