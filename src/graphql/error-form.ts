import type { ErrorAnswer } from '../http/error.js';
import type { ErrorForm } from '../http/routes.js';
import { ErrorCode } from '../query/api-error.js';

const PATH = /^\/graphql(?:\/.*)?$/;

/** Codes of routes by those that clients of GraphQL know. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  FOREIGN_ORIGIN: ErrorCode.FORBIDDEN,
  UNKNOWN_HOST: ErrorCode.FORBIDDEN,
  TOO_MANY_VALUES: ErrorCode.COST_EXCEEDED,
};

const codeOf = (code: string): string =>
  CODES[code] ?? (Object.hasOwn(ErrorCode, code) ? code : ErrorCode.BAD_USER_INPUT);

const costOf = (limit: number) => ({ cost: { requested: 0, limit } });

/** Whatever fails on the paths of GraphQL is told as GraphQL tells errors, before anything of it was read as well. */
export const graphqlErrorForm =
  (limit: number): ErrorForm =>
  (path, { body: { error }, details }: ErrorAnswer) => {
    if (!PATH.test(path)) return null;
    const { code, message, ...ids } = error;
    return {
      errors: [{ message, extensions: { ...details, code: codeOf(code), ...ids } }],
      extensions: costOf(limit),
    };
  };

type Told = {
  readonly errors?: readonly { readonly extensions?: object }[];
  readonly extensions?: object;
};

/** What the reader of requests refuses by itself has no id of the request and no cost: with them. */
export function withRequest(text: string, requestId: string, limit: number): string {
  const { errors, ...told } = JSON.parse(text) as Told;
  if (errors === undefined) return text;
  const identified = errors.map(error => ({
    ...error,
    extensions: { ...error.extensions, requestId },
  }));
  return JSON.stringify({
    errors: identified,
    ...told,
    extensions: { ...costOf(limit), ...told.extensions },
  });
}
