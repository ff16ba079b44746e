import { randomUUID } from 'node:crypto';
import type { TypedDocumentString } from '../generated/cli.js';
import { forCommands } from './command-words.js';
import { fetchThrough, proxyFor } from './proxy.js';
import { unreachable } from './reach-faults.js';
import { Failure, type Shell } from './shell.js';
import { eventsIn, isoOf, lost, PASSING, PASSING_CODES } from './stream.js';
import { type Attempt, patienceOf, tryAgain, wasCut } from './try-again.js';

/** Of a GraphQL operation: its document and variables. */
type Ask = <Answer, Variables>(
  document: TypedDocumentString<Answer, Variables>,
  variables: Variables,
) => Promise<Answer>;

type Post = {
  /** With its query: `/ingest/flows?cluster=demo`. */
  readonly path: string;
  /** A function where it can be sent again: a stream is used up by the first try. */
  readonly body: string | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);
  /** How often it is sent again when the connection is cut: sent twice it must do the same once. Never by default. */
  readonly cuts?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request; it is not sent again. */
  readonly signal?: AbortSignal | null;
};

/** The API as the command line calls it. What goes wrong is a `Failure` that says what to do. */
export type ApiClient = {
  readonly server: string;
  readonly ask: Ask;
  /** Sends a body, streamed where it is a stream, and answers the JSON that comes back. */
  readonly post: (request: Post) => Promise<unknown>;
  /** The answers of a subscription, as they come, until the server ends it. */
  readonly follow: Follow;
};

/** @param opened hears when the server has begun to answer, with the time of its clock (ISO text, whole seconds; null: not told). @throws Lost where the connection, and no answer, ended it */
type Follow = <Answer, Variables>(
  document: TypedDocumentString<Answer, Variables>,
  variables: Variables,
  opened?: (at: string | null) => void,
) => AsyncGenerator<Answer>;

type GraphqlError = {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly requestId?: string;
    /** Of UNAVAILABLE: `DATABASE`, or another. */
    readonly reason?: string;
    /** What is wrong with the document itself. */
    readonly fault?: string;
  };
};

type GraphqlAnswer = { readonly data?: unknown; readonly errors?: readonly GraphqlError[] };

/** Any command, with what it may touch: the program's options are known to all. */
export type Asker = Pick<Shell, 'program' | 'io'>;

/** Waits are told of, but not each of many short ones. */
const TELL_EVERY_MS = 10_000;

/** A client of `--server` with `--token`, or their variables of the environment. */
export const clientOf = ({ program, io }: Asker): ApiClient => {
  const { server, endpoint, token } = program.optsWithGlobals<{
    readonly server: string;
    /** roxctl’s name for it. */
    readonly endpoint?: string;
    readonly token?: string;
  }>();
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (seconds: number): void => {
    if (Date.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = Date.now();
    io.stderr.write(`weirgate: no answer yet, trying again in ${seconds} s\n`);
  };
  const asked = endpoint ?? server;
  const proxy = proxyFor(asked, io.env);
  return apiClient(asked, token ?? io.env['WEIRGATE_TOKEN'] ?? null, tell, proxy);
};

/** @throws Failure for what no header can hold, without telling it */
const bearer = (token: string): string => {
  if (/^[!-~]+$/.test(token)) return `Bearer ${token}`;
  throw new Failure(
    'the token holds a space, a line break or another character that no token has',
    'give one token, as `weirgate token create` printed it, by --token or WEIRGATE_TOKEN',
  );
};

/** @param server base URL; @param token shown with each request, or null; @param tell hears when a request has to wait; @param proxy asked through it, or null */
export const apiClient = (
  server: string,
  token: string | null,
  tell: (seconds: number) => void = () => {},
  proxy: string | null = null,
): ApiClient => {
  const request = requester(proxy);
  const authorization = token === null || token === '' ? {} : { authorization: bearer(token) };
  const post = async ({ path, body, headers, cuts = 0, signal = null }: Post): Promise<unknown> => {
    const url = urlOf(server, path);
    const repeatable = typeof body !== 'object';
    const attempt = async (tried: number): Promise<Attempt> => {
      try {
        const response = await request(url, {
          method: 'POST',
          headers: { accept: 'application/json', ...authorization, ...headers },
          body: bodyOf(body),
          duplex: 'half',
          signal,
        });
        return { response, again: repeatable ? patienceOf(response) : null };
      } catch (error) {
        const isCut = wasCut(error) && signal?.aborted !== true;
        return { error, again: repeatable && tried <= cuts && isCut ? tried : null };
      }
    };
    return answerOf(await told(url, tryAgain(attempt, tell), proxy));
  };
  const ask: Ask = async (document, variables) => {
    const answer = await post({
      path: '/graphql',
      ...askedOnce(document.toString(), variables),
      headers: { 'content-type': 'application/json' },
    });
    return dataOf(answer as GraphqlAnswer);
  };
  return { server, ask, post, follow: followerOf(server, authorization, { request, proxy }) };
};

/** Mutations that get no key here: one takes none, one brings its own, and a simulation with one would go on when the command is interrupted. */
const SENT_ONCE = /\b(?:testAlertRule|generatePolicies|simulatePolicies)\(/;

/** The body of an operation; a mutation has an idempotency key, so that it can be sent again where the connection breaks. */
function askedOnce(query: string, variables: unknown): Pick<Post, 'body' | 'cuts'> {
  const bodyWith = (given: unknown): string => JSON.stringify({ query, variables: given });
  if (!/^\s*mutation\b/m.test(query)) return { body: bodyWith(variables) };
  const { input } = variables as { readonly input?: unknown };
  if (SENT_ONCE.test(query) || typeof input !== 'object') return { body: bodyWith(variables) };
  const keyed = { ...(variables as object), input: { key: randomUUID(), ...input } };
  return { body: bodyWith(keyed), cuts: 1 };
}

const followerOf = (
  server: string,
  authorization: Readonly<Record<string, string>>,
  { request: send, proxy }: { readonly request: typeof fetch; readonly proxy: string | null },
): Follow =>
  async function* follow(document, variables, opened = () => {}) {
    const url = urlOf(server, '/graphql/stream');
    const accept = { accept: 'text/event-stream', 'content-type': 'application/json' };
    const body = JSON.stringify({ query: document.toString(), variables });
    const request = { method: 'POST', headers: { ...accept, ...authorization }, body };
    const response = await told(url, send(url, request), proxy).catch(error => {
      throw lost(error);
    });
    if (!response.ok || response.body === null) {
      const refusal = refusalOf(response, parsed(await response.text()));
      throw PASSING.has(response.status) ? lost(refusal) : refusal;
    }
    opened(isoOf(response.headers.get('date')));
    for await (const data of eventsIn(response.body)) yield followed(JSON.parse(data));
  };

/** @throws Lost where the server says that it cannot go on now */
const followed = <Answer>(answer: GraphqlAnswer): Answer => {
  try {
    return dataOf(answer);
  } catch (error) {
    const code = answer.errors?.[0]?.extensions?.code ?? '';
    throw PASSING_CODES.has(code) ? lost(error) : error;
  }
};

const urlOf = (server: string, path: string): URL => {
  const base = URL.canParse(server) ? new URL(server) : null;
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new Failure(`\`${server}\` is not an http address`, 'write it as http://127.0.0.1:8080');
  }
  return new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
};

const bodyOf = (body: Post['body']): string | ReadableStream => {
  if (typeof body === 'string') return body;
  return ReadableStream.from(typeof body === 'function' ? body() : body);
};

/** Through a proxy its agent is made with the first request. */
const requester = (proxy: string | null): typeof fetch => {
  if (proxy === null) return fetch;
  let made: Promise<typeof fetch> | null = null;
  return async (input, init) => {
    made ??= fetchThrough(proxy);
    return (await made)(input, init);
  };
};

const told = async (
  url: URL,
  response: Promise<Response>,
  proxy: string | null,
): Promise<Response> => {
  try {
    return await response;
  } catch (error) {
    const failure = unreachable(url, error);
    if (proxy === null || failure === error) throw failure;
    throw new Failure(
      `${failure.message}, asked through the proxy ${proxy}`,
      'see whether the proxy answers and lets this through, or name the server in NO_PROXY',
    );
  }
};

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
  408: 'the way to the server is slow or was interrupted: send it again',
  429: 'try again later',
  502: 'a proxy answered, which does not reach the server: see whether that runs',
  503: 'try again in a moment',
  504: 'a proxy answered, which waited in vain for the server: see whether that runs',
};

const refusalOf = ({ status, statusText, url }: Response, answer: unknown): Failure => {
  const said = messageIn(answer);
  if (said !== null) return new Failure(said, HINTS[status] ?? null);
  const path = new URL(url).pathname;
  const message = `\`${path}\` answered ${`${status} ${statusText}`.trim()}, and no JSON`;
  return new Failure(message, (status >= 500 ? HINTS[status] : null) ?? HINTS[404] ?? null);
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
  // One fault of a variable is told of each field that takes it.
  const told = new Set(errors.map(errorText));
  throw new Failure([...told].join('; '), hintOf(first));
};

const errorText = ({ message, extensions }: GraphqlError): string => {
  // What stands first is the field that was asked for; other names may be anybody's.
  if (extensions?.code === 'FORBIDDEN') return message.replace(/^`\w+`/, forCommands);
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
    case 'UNAVAILABLE':
      return extensions.reason === 'DATABASE'
        ? 'the database of the server does not answer: see its log, and whether its Postgres runs'
        : (HINTS[503] ?? null);
    default:
      return extensions?.fault === 'VALIDATION'
        ? 'the server is older or newer than this command'
        : null;
  }
};
