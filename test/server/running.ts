import type { IncomingMessage } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createServer, type RunningServer, type ServerLimits } from '../../src/graphql/server.js';
import { type Admission, NO_OTHERS } from '../../src/http/admission.js';
import { bodyOf } from '../../src/http/body.js';
import { type Route, sendJson } from '../../src/http/routes.js';
import { ApiError } from '../../src/query/api-error.js';
import { type TinyContext, tinySchema } from './tiny-schema.js';

type Line = { readonly level: string; readonly facts: unknown; readonly message: string };

export type Running = {
  readonly url: string;
  readonly server: RunningServer;
  readonly lines: readonly Line[];
  post(body: unknown, headers?: Record<string, string>): Promise<Reply>;
};

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of any shape
  readonly body: any;
};

const countBytes: Route = {
  method: 'POST',
  path: '/count',
  handle: async (request: IncomingMessage, response) => {
    let size = 0;
    for await (const chunk of bodyOf(request, 1_000_000)) size += chunk.length;
    sendJson(response, 200, { size });
  },
};

const breaks: Route = {
  method: 'GET',
  path: '/breaks',
  handle: async () => {
    throw new Error('password=secret');
  },
};

let schema: Promise<GraphQLSchema> | undefined;

/** Runs a server on a free port for the time of `use`, then closes it. */
export async function withServer(
  use: (running: Running) => Promise<void>,
  limits: Partial<ServerLimits> = {},
  {
    ready = async () => true,
    admission = NO_OTHERS,
  }: { readonly ready?: () => Promise<true | string>; readonly admission?: Admission } = {},
): Promise<void> {
  const lines: Line[] = [];
  const log = (level: string) => (facts: object, message: string) => {
    lines.push({ level, facts, message });
  };
  schema ??= tinySchema();
  const server = await createServer<TinyContext>({
    schema: await schema,
    contextOf: ({ authorization }) => {
      if (authorization === 'Bearer wrong')
        throw new ApiError('UNAUTHENTICATED', 'the token is not known');
      return { caller: authorization ?? 'nobody' };
    },
    routes: [countBytes, breaks],
    ready,
    admission,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    limits,
  });
  const url = await server.listen(0, '127.0.0.1');
  const post: Running['post'] = async (body, headers = {}) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
  try {
    await use({ url, server, lines, post });
  } finally {
    await server.close();
  }
}
