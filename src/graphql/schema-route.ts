import { hash } from 'node:crypto';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { compressed } from '../http/compress.js';
import { HttpError } from '../http/error.js';
import { type Route, requestIdFor, send } from '../http/routes.js';
import type { Incoming } from './incoming.js';
import { incomingOf } from './route.js';

type SchemaRoute = {
  readonly schema: GraphQLSchema;
  /** Throws where nobody knows who asks. */
  readonly contextOf: (incoming: Incoming) => unknown;
  readonly introspection: boolean;
  readonly deadline: number;
};

const isKnown = (asked: string | undefined, tag: string): boolean =>
  (asked ?? '')
    .split(',')
    .some(one => one.trim().replace(/^W\//, '') === tag || one.trim() === '*');

/** `GET /graphql/schema`: the contract as text, for generators of clients; with an ETag, so that it is fetched when it changed. */
export function schemaRoute({ schema, contextOf, introspection, deadline }: SchemaRoute): Route {
  let text: string | null = null;
  return {
    method: 'GET',
    path: '/graphql/schema',
    handle: async (request, response) => {
      await contextOf(incomingOf(request, requestIdFor(response), deadline));
      if (!introspection)
        throw new HttpError(403, 'FORBIDDEN', 'introspection is switched off on this server');
      text ??= `${printSchema(lexicographicSortSchema(schema))}\n`;
      const etag = `"${hash('sha256', text, 'hex').slice(0, 32)}"`;
      const headers = { etag, 'cache-control': 'private, no-cache' };
      if (isKnown(request.headers['if-none-match'], etag))
        return send(response, 304, { ...headers, vary: 'accept-encoding' }, '');
      const packed = await compressed(request.headers, text);
      const type = { 'content-type': 'application/graphql; charset=utf-8' };
      send(response, 200, { ...headers, ...type, ...packed.headers }, packed.body);
    },
  };
}
