import { hash } from 'node:crypto';
import {
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { askedBy, currentSignal, orAborted } from '../database/deadline.js';
import type { Log } from '../database/log.js';
import { ApiError, ErrorCode } from '../query/api-error.js';
import { type SpanFacts, spanned } from '../tracing/tracing.js';
import type { Checked, Limits } from './check-document.js';
import { assertShort } from './document-length.js';
import { execute } from './execution/execute.js';
import type { Incoming } from './incoming.js';
import { maskError } from './mask.js';
import type { Running } from './running.js';

/** What both transports share. */
export type Endpoint<C> = {
  readonly schema: GraphQLSchema;
  /** Made anew for every operation; what it throws refuses the operation. */
  readonly contextOf: (incoming: Incoming) => C | Promise<C>;
  readonly limits: Limits;
  readonly log: Log;
  readonly running: Running;
  /** Told the cost of an operation before it runs; throws what refuses it. */
  readonly charge: (context: C, cost: number) => Promise<void>;
  /** Who asks, for what is shared in turns; null: nobody in particular. */
  readonly askerOf: (context: C) => string | null;
  /** Whether the schema is told. */
  readonly introspection: boolean;
  /** SHA-256 in hex of the documents that alone are run; null: any. */
  readonly documents: ReadonlySet<string> | null;
  /** Told the code of every error that is answered. */
  readonly onError: (code: string) => void;
  /** Told what each operation costs. */
  readonly onCost: (points: number) => void;
  /** Milliseconds that an operation has, and each event of a subscription. */
  readonly deadline: number;
  /** Calls when somebody who was known may be so no longer; answers how to stop that. */
  readonly onDoubt: (doubt: () => void) => () => void;
};

/** One checked operation with all that it needs to run. */
export type Operation<C> = {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: C;
  readonly requestId: string;
  /**
   * A context for the next event of a subscription: it asks anew who asks, so that nothing is told by a token that is good no
   * longer, and what was read before is read again. Default: the same context.
   */
  readonly renew?: () => Promise<C>;
  /** Points, which each event of a subscription costs again. */
  readonly cost?: number;
};

export type Answer = FormattedExecutionResult;

export type Endable<C> = Pick<Endpoint<C>, 'schema' | 'log' | 'running' | 'askerOf'>;

export const argumentsOf = <C>({ schema }: Endable<C>, operation: Operation<C>) => ({
  schema,
  document: operation.document,
  operationName: operation.operationName,
  variableValues: operation.variables,
  contextValue: operation.context,
});

export const masked = (
  { data, errors, extensions }: ExecutionResult,
  requestId: string,
  log: Log,
) => ({
  ...(errors && { errors: errors.map(error => maskError(error, requestId, log)) }),
  ...(data !== undefined && { data }),
  ...(extensions && { extensions }),
});

const executed = <C>(endpoint: Endable<C>, operation: Operation<C>): Promise<ExecutionResult> => {
  const signal = currentSignal();
  const result = Promise.resolve(execute(argumentsOf(endpoint, operation)));
  return signal === null ? result : orAborted(signal, result);
};

/** By its kind and name alone: what it asks for, and with which variables, is the caller's. */
export function spanOf<C>({ document, operationName }: Operation<C>): SpanFacts {
  const asked = getOperationAST(document, operationName);
  const [type, name] = [asked?.operation ?? 'none', asked?.name?.value.slice(0, LONGEST_NAME)];
  return {
    name: name === undefined ? type : `${type} ${name}`,
    attributes: {
      'graphql.operation.type': type,
      ...(name !== undefined && { 'graphql.operation.name': name }),
    },
  };
}

const LONGEST_NAME = 100;

/** Runs a query or mutation until its deadline: the only call of the executor. Never throws. */
export async function runOperation<C>(
  endpoint: Endable<C>,
  operation: Operation<C>,
): Promise<Answer> {
  const { requestId } = operation;
  try {
    const result = await spanned(spanOf(operation), async span => {
      const ended = await endpoint.running.within(() =>
        askedBy(endpoint.askerOf(operation.context), () => executed(endpoint, operation)),
      );
      if (ended.errors !== undefined) span.add({ 'weirgate.errors': ended.errors.length });
      return ended;
    });
    return masked(result, requestId, endpoint.log);
  } catch (error) {
    return { errors: [maskError(error, requestId, endpoint.log)] };
  }
}

/**
 * Looks at the text of a document before it is read.
 * @param text null: it is missing, which is told by who looks for it
 * @throws ApiError COST_EXCEEDED for one that is too long, FORBIDDEN for one that is not among those that may be run
 */
export function checkText(
  { documents }: Pick<Endpoint<never>, 'documents'>,
  text: string | null,
): void {
  if (text === null) return;
  assertShort(text);
  if (documents === null || documents.has(hash('sha256', text, 'hex'))) return;
  throw new ApiError(
    ErrorCode.FORBIDDEN,
    'the document is not among the trusted ones of this server (`--trusted-documents`)',
  );
}

/** The last step of every answer: counts its errors and adds `extensions.cost`. */
export function finish<C>(
  { limits, onError, onCost }: Pick<Endpoint<C>, 'limits' | 'onError' | 'onCost'>,
  { errors, ...answer }: Answer,
  { cost }: Pick<Checked, 'cost'>,
): Answer {
  onCost(cost);
  for (const { extensions } of errors ?? []) onError(String(extensions?.['code']));
  return {
    ...(errors && { errors }),
    ...answer,
    extensions: { ...answer.extensions, cost: { requested: cost, limit: limits.cost } },
  };
}
