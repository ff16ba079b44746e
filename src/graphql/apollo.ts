import { randomUUID } from 'node:crypto';
import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  HeaderMap,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import type { Log } from '../database/log.js';
import { statusOf } from '../http/status.js';
import { badInput, ErrorCode } from '../query/api-error.js';
import { traced } from '../tracing/tracing.js';
import { type Checked, checkDocument } from './check-document.js';
import { DocumentFault } from './document-fault.js';
import { maskError } from './mask.js';
import { type Answer, type Endpoint, finish, runOperation } from './operation.js';

/** What the transport hands to one request. */
export type Carried<C> = { readonly requestId: string; readonly context: C };

/**
 * Apollo Server as the reader of GraphQL over HTTP: it parses, validates and caches documents, prevents
 * CSRF and chooses media types. What runs is ours: check, execution, masking, the same as over WebSocket.
 */
export async function apolloServer<C>(endpoint: Endpoint<C>): Promise<ApolloServer<Carried<C>>> {
  const { schema, limits, log } = endpoint;
  const apollo = new ApolloServer<Carried<C>>({
    schema,
    introspection: endpoint.introspection,
    hideSchemaDetailsFromClientErrors: !endpoint.introspection,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    formatError: (formatted, error) => formatOwn(formatted, error, log),
    stringifyResult: value => JSON.stringify(value),
    logger: loggerOf(log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ownExecution(endpoint),
    ],
  });
  await apollo.start();
  return apollo;
}

const loggerOf = (log: Log) => ({
  debug: () => undefined,
  info: (message: unknown) => log.info({}, String(message)),
  warn: (message: unknown) => log.warn({}, String(message)),
  error: (message: unknown) => log.error({}, String(message)),
});

const ownExecution = <C>(endpoint: Endpoint<C>): ApolloServerPlugin<Carried<C>> => ({
  requestDidStart: async () => listenerOf(endpoint),
});

function listenerOf<C>(endpoint: Endpoint<C>): GraphQLRequestListener<Carried<C>> {
  const { schema, limits, log } = endpoint;
  let checked: Checked = { cost: 0, refusal: null };
  return {
    didResolveOperation: async ({ contextValue, document, request, operationName }) => {
      const { context, requestId } = contextValue;
      const variables = request.variables ?? {};
      checked = checkDocument(schema, document, { variables, operationName }, limits);
      if (checked.refusal !== null) throw refused(maskError(checked.refusal, requestId, log));
      try {
        assertAnsweredOnce(document, operationName);
        await endpoint.charge(context, checked.cost);
      } catch (error) {
        throw refused(maskError(error, requestId, log));
      }
    },
    responseForOperation: async ({ contextValue, document, request }) => {
      const { context, requestId } = contextValue;
      const singleResult = await runOperation(endpoint, {
        document,
        operationName: request.operationName ?? null,
        variables: request.variables ?? {},
        context,
        requestId,
      });
      return {
        http: httpOf(singleResult),
        body: { kind: 'single', singleResult },
      };
    },
    willSendResponse: async ({ response, contextValue: { requestId } }) => {
      if (response.body.kind !== 'single') return;
      const { errors, ...answer } = response.body.singleResult;
      const identified = errors?.map(error => withRequestId(error, requestId));
      const whole = { ...answer, ...(identified && { errors: identified }) };
      response.body.singleResult = finish(endpoint, whole, checked);
    },
  };
}

/** @throws ApiError BAD_USER_INPUT for a subscription: one answer is not what it asks for */
function assertAnsweredOnce(document: DocumentNode, operationName: string | null): void {
  if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION)
    return;
  throw badInput(
    'a subscription has many answers; ask it over WebSocket (graphql-transport-ws) at `/graphql`, or by POST to `/graphql/stream`',
  );
}

type Errors = readonly Pick<GraphQLFormattedError, 'extensions'>[];

/** When to ask again, where one of the errors says so. */
function retryHeaders(errors: Errors): HeaderMap {
  const headers = new HeaderMap();
  for (const { extensions } of errors) {
    const seconds = extensions?.['retryAfter'];
    if (typeof seconds === 'number') headers.set('retry-after', String(seconds));
  }
  return headers;
}

/** Nothing is there because nothing could be asked: caches and balancers should know. */
const isUnavailable = ({ data, errors = [] }: Answer): boolean =>
  errors.length > 0 &&
  errors.every(({ extensions }) => extensions?.['code'] === ErrorCode.UNAVAILABLE) &&
  Object.values(data ?? {}).every(value => value === null);

function httpOf(answer: Answer) {
  const { data, errors = [] } = answer;
  const headers = retryHeaders(errors);
  if (data !== undefined && !isUnavailable(answer)) return { headers };
  return { headers, status: statusOf(errors[0]?.extensions?.['code']) };
}

/** A formatted error as Apollo wants it thrown, with its HTTP status. */
const refused = (error: GraphQLFormattedError) =>
  new GraphQLError(error.message, {
    extensions: {
      ...error.extensions,
      http: { status: statusOf(error.extensions?.['code']), headers: retryHeaders([error]) },
    },
  });

const withRequestId = (error: GraphQLFormattedError, requestId: string) => ({
  ...error,
  extensions: { requestId, ...traced(), ...error.extensions },
});

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that \d+ tokens/;

/** Apollo's codes that clients know under another name here. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  BAD_REQUEST: ErrorCode.BAD_USER_INPUT,
  OPERATION_RESOLUTION_FAILURE: ErrorCode.BAD_USER_INPUT,
  GRAPHQL_PARSE_FAILED: ErrorCode.BAD_USER_INPUT,
  GRAPHQL_VALIDATION_FAILED: ErrorCode.BAD_USER_INPUT,
  // Its message alone makes clients send the document.
  PERSISTED_QUERY_NOT_SUPPORTED: ErrorCode.BAD_USER_INPUT,
};

/** What is wrong with a document, for clients that were made for another schema. */
const documentFault = (code: string): { readonly fault?: DocumentFault } => {
  if (code === 'GRAPHQL_PARSE_FAILED') return { fault: DocumentFault.PARSE };
  return code === 'GRAPHQL_VALIDATION_FAILED' ? { fault: DocumentFault.VALIDATION } : {};
};

/** For what Apollo itself refuses: unreadable, invalid, or a fault inside it. */
function formatOwn(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: Log,
): GraphQLFormattedError {
  const code = String(formatted.extensions?.['code']);
  if (code === 'INTERNAL_SERVER_ERROR') return maskError(error, randomUUID(), log);
  const ours = TOO_MANY_TOKENS.test(formatted.message) ? ErrorCode.COST_EXCEEDED : CODES[code];
  return ours === undefined
    ? formatted
    : {
        ...formatted,
        extensions: { ...formatted.extensions, code: ours, ...documentFault(code) },
      };
}
