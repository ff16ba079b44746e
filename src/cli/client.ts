import type { TypedDocumentString } from '../generated/cli.js';
import { Failure, type Shell } from './shell.js';

/** Of a GraphQL operation: its document and variables. */
type Ask = <Answer, Variables>(
  document: TypedDocumentString<Answer, Variables>,
  variables: Variables,
) => Promise<Answer>;

type Post = {
  /** With its query: `/ingest/flows?cluster=demo`. */
  readonly path: string;
  readonly body: string | AsyncIterable<Uint8Array>;
  readonly headers: Readonly<Record<string, string>>;
};

/** The API as the command line calls it. What goes wrong is a `Failure` that says what to do. */
export type ApiClient = {
  readonly server: string;
  readonly ask: Ask;
  /** Sends a body, streamed where it is a stream, and answers the JSON that comes back. */
  readonly post: (request: Post) => Promise<unknown>;
};

type GraphqlError = {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly requestId?: string };
};

type GraphqlAnswer = { readonly data?: unknown; readonly errors?: readonly GraphqlError[] };

/** Any command, with what it may touch: the program's options are known to all. */
export type Asker = Pick<Shell, 'program' | 'io'>;

/** A client of `--server` with `--token`, or their variables of the environment. */
export const clientOf = ({ program, io }: Asker): ApiClient => {
  const { server, token } = program.optsWithGlobals<{
    readonly server: string;
    readonly token?: string;
  }>();
  return apiClient(server, token ?? io.env['WEIRGATE_TOKEN'] ?? null);
};

/** @param server base URL; @param token shown with each request, or null */
export const apiClient = (server: string, token: string | null): ApiClient => {
  const authorization = token === null || token === '' ? {} : { authorization: `Bearer ${token}` };
  const post = async ({ path, body, headers }: Post): Promise<unknown> => {
    const response = await send(urlOf(server, path), {
      method: 'POST',
      headers: { accept: 'application/json', ...authorization, ...headers },
      body: typeof body === 'string' ? body : ReadableStream.from(body),
      duplex: 'half',
    });
    return answerOf(response);
  };
  const ask: Ask = async (document, variables) => {
    const answer = await post({
      path: '/graphql',
      body: JSON.stringify({ query: document.toString(), variables }),
      headers: { 'content-type': 'application/json' },
    });
    return dataOf(answer as GraphqlAnswer);
  };
  return { server, ask, post };
};

const urlOf = (server: string, path: string): URL => {
  const base = URL.canParse(server) ? new URL(server) : null;
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new Failure(`\`${server}\` is not an http address`, 'write it as http://127.0.0.1:8080');
  }
  return new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
};

const send = async (url: URL, request: RequestInit): Promise<Response> => {
  try {
    return await fetch(url, request);
  } catch (error) {
    throw unreachable(url, error);
  }
};

/** What `fetch` throws says nothing; its cause does. */
const unreachable = (url: URL, error: unknown): Error => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Failure) return cause;
  const code = causeCode(cause);
  if (code === 'ECONNREFUSED') {
    return new Failure(
      `no server answers at ${url.origin}`,
      'start one by `weirgate serve` or `weirgate demo`, or name another by --server',
    );
  }
  const reason = cause instanceof Error ? cause.message || code : String(cause);
  return new Failure(
    `${url.origin} cannot be reached: ${reason}`,
    'check --server and the way there',
  );
};

const causeCode = (cause: unknown): string | null =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : null;

const answerOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok && answer !== undefined) return answer;
  if (isExplained(answer)) return answer;
  throw refusalOf(response, answer);
};

/** An answer with its own errors or problems says more than its status. */
const isExplained = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && ('errors' in answer || 'problems' in answer);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const HINTS: Readonly<Record<number, string>> = {
  401: 'give a token by --token or WEIRGATE_TOKEN',
  403: 'the token does not allow it',
  404: 'check --server: nothing of Weirgate is there',
  429: 'try again later',
};

const refusalOf = ({ status, statusText, url }: Response, answer: unknown): Failure => {
  const said = messageIn(answer);
  if (said !== null) return new Failure(said, HINTS[status] ?? null);
  const path = new URL(url).pathname;
  const message = `\`${path}\` answered ${`${status} ${statusText}`.trim()}, and no JSON`;
  return new Failure(message, HINTS[404] ?? null);
};

/** `{"error": {"code", "message"}}` or `{"message"}`, as the routes beside GraphQL say it. */
const messageIn = (answer: unknown): string | null => {
  if (typeof answer !== 'object' || answer === null) return null;
  const said = 'error' in answer ? answer.error : answer;
  if (typeof said === 'string') return said;
  if (typeof said !== 'object' || said === null || !('message' in said)) return null;
  return String(said.message);
};

const dataOf = <Answer>({ data, errors = [] }: GraphqlAnswer): Answer => {
  const [first] = errors;
  if (first === undefined && data != null) return data as Answer;
  if (first === undefined) throw new Failure('the server answered without data');
  throw new Failure(errors.map(errorText).join('; '), hintOf(first));
};

const errorText = ({ message, extensions }: GraphqlError): string => {
  const isMasked = extensions?.code === 'INTERNAL' && extensions.requestId !== undefined;
  return isMasked ? `${message} (request ${extensions.requestId})` : message;
};

const hintOf = ({ extensions }: GraphqlError): string | null => {
  switch (extensions?.code) {
    case 'UNAUTHENTICATED':
      return HINTS[401] ?? null;
    case 'FORBIDDEN':
      return HINTS[403] ?? null;
    case 'RATE_LIMITED':
      return HINTS[429] ?? null;
    case 'GRAPHQL_VALIDATION_FAILED':
      return 'the server is older or newer than this command';
    default:
      return null;
  }
};
