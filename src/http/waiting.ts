import { createServer, type ServerResponse } from 'node:http';
import { listening } from './listening.js';

export type Waiting = {
  /** Why nothing is answered yet. */
  tell(reason: string): void;
  /** Makes room for the server itself. */
  close(): Promise<void>;
};

const answer = (response: ServerResponse, status: number, value: object): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
    ...(status === 503 && { 'retry-after': '2' }),
  });
  response.end(JSON.stringify(value));
};

/**
 * Answers at the address of the server while its database is not there: that it lives, that it is not ready and why, and
 * to everything else that asking again will help. @throws Failure when the address cannot be listened at
 */
export async function waitAt(port: number, host: string): Promise<Waiting> {
  let reason = 'the database is being opened';
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path === '/livez') return answer(response, 200, { status: 'ok' });
    if (path === '/readyz') return answer(response, 503, { status: 'not ready', reason });
    const error = { code: 'UNAVAILABLE', message: `the server is starting: ${reason}` };
    const extensions = { code: 'UNAVAILABLE', reason: 'DATABASE', retryAfter: 2 };
    const errors = [{ message: error.message, extensions }];
    return answer(response, 503, path === '/graphql' ? { errors } : { error });
  });
  await listening(server, { port, host });
  return {
    tell: text => {
      reason = text;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}
