import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { ConnectionInitMessage, SubscribePayload } from 'graphql-ws';
import type { useServer } from 'graphql-ws/use/ws';
import { heeding } from '../database/deadline.js';
import { deadlineIn } from '../http/deadline.js';
import { requestIdOf } from '../http/request-id.js';
import { ApiError, badInput, ErrorCode } from '../query/api-error.js';
import { type Checked, checkDocument } from './check-document.js';
import { DocumentFault } from './document-fault.js';
import type { Incoming } from './incoming.js';
import { maskError } from './mask.js';
import {
  type Answer,
  checkText,
  type Endpoint,
  finish,
  type Operation,
  runOperation,
} from './operation.js';
import { runSubscription } from './subscription.js';

type Options = Parameters<
  typeof useServer<ConnectionInitMessage['payload'], Record<never, never>>
>[0];

/** An operation as graphql-ws carries it from `onSubscribe` to the executor and to `onNext`. */
type Prepared<C> = ExecutionArgs & {
  readonly operation: Operation<C>;
  readonly checked: Checked;
  readonly connection: Connection;
  readonly deadline: Date;
};

export type Connection = {
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined;
  readonly subscriptions: Readonly<Record<string, unknown>>;
  readonly extra: { readonly request: IncomingMessage; readonly socket: EventEmitter };
};

const MOST_OPERATIONS = 100;

/**
 * The options that make graphql-ws answer as HTTP does: the same parser limit, validation, check,
 * context, execution and masking.
 * @param incomingOf the transport's facts about one operation
 */
export function websocketOptions<C>(
  endpoint: Endpoint<C>,
  incomingOf: (connection: Connection, requestId: string) => Incoming,
): Options {
  return {
    isProd: true,
    onSubscribe: async (connection, _id, payload) => {
      const requestId = requestIdOf(undefined);
      try {
        checkCount(connection);
        const prepared = await prepare(endpoint, payload, () => incomingOf(connection, requestId));
        return { ...prepared, connection: connection as unknown as Connection };
      } catch (error) {
        const faults = error instanceof Refusals ? error.errors : [error];
        const errors = faults.map(fault => maskError(fault, requestId, endpoint.log));
        finish(endpoint, { errors }, { cost: 0 });
        return errors.map(one => new FormattedError(one));
      }
    },
    // Answers are in their final form here; left to itself graphql-ws would call `toJSON` on their errors.
    execute: args => runInTime(endpoint, preparedOf<C>(args)) as never,
    subscribe: args => runSubscription(endpoint, preparedOf<C>(args).operation) as never,
    onNext: (...[, , , args, answer]) =>
      finish(endpoint, answer as Answer, preparedOf<C>(args).checked),
  };
}

/** Until the deadline, or until the connection is closed. */
async function runInTime<C>(
  endpoint: Endpoint<C>,
  { operation, connection, deadline }: Prepared<C>,
): Promise<Answer> {
  const { signal, clear, abort } = deadlineIn(Math.max(1, deadline.getTime() - Date.now()));
  const { socket } = connection.extra;
  socket.once('close', abort);
  try {
    return await heeding(signal, () => runOperation(endpoint, operation));
  } finally {
    socket.off('close', abort);
    clear();
  }
}

const preparedOf = <C>(args: ExecutionArgs): Prepared<C> => args as Prepared<C>;

/** An error in its final form, for graphql-ws, which takes GraphQLErrors and calls `toJSON`. */
class FormattedError extends GraphQLError {
  constructor(private readonly form: GraphQLFormattedError) {
    super(form.message);
  }

  override toJSON(): GraphQLFormattedError {
    return this.form;
  }
}

/** Several faults of one document. */
export class Refusals extends Error {
  constructor(readonly errors: readonly unknown[]) {
    super('refused');
  }
}

function checkCount({ subscriptions }: Connection): void {
  if (Object.keys(subscriptions).length > MOST_OPERATIONS)
    throw new ApiError(
      ErrorCode.RATE_LIMITED,
      `more than ${MOST_OPERATIONS} operations run on one connection`,
    );
}

/**
 * Checks an operation and makes its context.
 * @param incomingOf asked again for each event of a subscription, which then has a time of its own
 * @throws what refuses it
 */
export async function prepare<C>(
  endpoint: Endpoint<C>,
  payload: SubscribePayload,
  incomingOf: () => Incoming,
): Promise<Omit<Prepared<C>, 'connection'>> {
  const { schema, limits, contextOf, introspection } = endpoint;
  const incoming = incomingOf();
  const context = await contextOf(incoming);
  checkText(endpoint, payload.query);
  const document = read(payload.query, limits.tokens);
  const rules = introspection
    ? specifiedRules
    : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const errors = validate(schema, document, rules);
  if (errors.length > 0)
    throw new Refusals(
      errors
        .map(error => (introspection ? error : withoutNames(error)))
        .map(error => coded(error, ErrorCode.BAD_USER_INPUT, DocumentFault.VALIDATION)),
    );
  const operationName = payload.operationName ?? null;
  if (!getOperationAST(document, operationName))
    throw badInput(
      'the document has no operation, or `operationName` names none of its operations',
    );
  const variables = payload.variables ?? {};
  const checked = checkDocument(schema, document, { variables, operationName }, limits);
  if (checked.refusal !== null) throw checked.refusal;
  await endpoint.charge(context, checked.cost);
  const renew = async (): Promise<C> => contextOf(incomingOf());
  const { requestId, deadline } = incoming;
  const { cost } = checked;
  const operation = { document, operationName, variables, context, requestId, renew, cost };
  return { schema, document, operationName, contextValue: context, operation, checked, deadline };
}

/** Names of the schema that were meant are not told where the schema is not: as Apollo Server leaves them out over HTTP. */
const withoutNames = (error: GraphQLError): GraphQLError => {
  const { nodes, source, positions } = error;
  const message = error.message.replace(/ ?Did you mean.+\?$/, '');
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
  });
};

function read(query: string, maxTokens: number) {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const tooLong = error.message.includes('Document contains more that');
    throw tooLong
      ? coded(error, ErrorCode.COST_EXCEEDED)
      : coded(error, ErrorCode.BAD_USER_INPUT, DocumentFault.PARSE);
  }
}

const coded = (error: GraphQLError, code: string, fault?: DocumentFault): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code, ...(fault !== undefined && { fault }) },
  });
