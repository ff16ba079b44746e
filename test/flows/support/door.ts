import 'reflect-metadata';
import assert from 'node:assert/strict';
import { type GraphQLFormattedError, type GraphQLSchema, graphql } from 'graphql';
import { buildSchema, type NonEmptyArray } from 'type-graphql';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { flowLoaders } from '../../../src/flows/flow-context.js';
import { flowFinders, flowResolvers } from '../../../src/flows/flows.graphql.js';
import { type IngestDeps, ingest } from '../../../src/flows/ingest/ingest.js';
import { takeUpload, type Upload } from '../../../src/flows/ingest/upload.js';
import { findNodeBy, type NodeFinder, NodeResolver } from '../../../src/graphql/node.graphql.js';
import { inventoryFinders, inventoryResolvers } from '../../../src/inventory/inventory.graphql.js';
import { inventoryLoaders } from '../../../src/inventory/inventory.loader.js';
import { namespaceStore } from '../../../src/inventory/namespace.store.js';
import { namespaceDeploymentStore } from '../../../src/inventory/namespace-deployments.store.js';
import type { DatabaseFixture } from '../../support/database.js';
import { type FlowStores, NOW } from './intake.js';

type Resolver = new () => object;

const notUsed = (): never => {
  throw new Error('no test of this door subscribes');
};

// biome-ignore lint/suspicious/noExplicitAny: each room has a context of its own
type Finders = Readonly<Record<string, NodeFinder<any>>>;

/** What a higher room adds to the schema and to the context of a request. */
export type Added = {
  readonly resolvers: readonly Resolver[];
  readonly finders: Finders;
  /** Made anew for each document. */
  readonly loaders: () => object;
  readonly useCases: object;
};

/** By the names of what is added. */
const schemas = new Map<string, Promise<GraphQLSchema>>();

/** The inventory's and this room's part of the schema, with what is added; built once. */
function schemaWith(added: Added | null): Promise<GraphQLSchema> {
  const key = (added?.resolvers ?? []).map(({ name }) => name).join(' ');
  const known = schemas.get(key);
  if (known !== undefined) return known;
  const finders: Finders = { ...inventoryFinders, ...flowFinders, ...added?.finders };
  const node = new NodeResolver(findNodeBy(finders));
  const resolvers: readonly Resolver[] = [
    ...inventoryResolvers,
    ...flowResolvers,
    ...(added?.resolvers ?? []),
  ];
  const instances = new Map<unknown, object>([[NodeResolver, node]]);
  for (const resolver of resolvers) instances.set(resolver, new resolver());
  const schema = buildSchema({
    resolvers: [NodeResolver, ...resolvers] as unknown as NonEmptyArray<Resolver>,
    container: { get: resolver => instances.get(resolver) },
    validate: false,
    // type-graphql wants one wherever there is a subscription; ours have sources of their own.
    pubSub: { publish: notUsed, subscribe: notUsed },
  });
  schemas.set(key, schema);
  return schema;
}

// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
type Data = any;

export type Door = {
  /** Answers a document that has no errors. */
  readonly ask: (source: string, variables?: object) => Promise<Data>;
  /** The errors of a document that has some. */
  readonly refused: (
    source: string,
    variables?: object,
  ) => Promise<readonly GraphQLFormattedError[]>;
  /** Names of the statements that a document runs, in order. */
  readonly statementsOf: (source: string, variables?: object) => Promise<readonly string[]>;
};

const nameOf = (sql: string): string => /^\/\* ([\w.]+) \*\//.exec(sql)?.[1] ?? sql;

/** The API over a database: every document has loaders of its own. */
export function openDoor<S extends FlowStores>(
  { source, statements }: DatabaseFixture,
  stores: S,
  deps: IngestDeps<S>,
  added: Added | null = null,
): Door {
  const now = (): Date => new Date(NOW);
  const namespaces = namespaceStore(source.manager, LOCAL_CALLER);
  const namespaceDeployments = namespaceDeploymentStore(source.manager, LOCAL_CALLER);
  const answer = async (text: string, variables: object = {}) =>
    graphql({
      schema: await schemaWith(added),
      source: text,
      variableValues: { ...variables },
      contextValue: {
        now,
        stores: { ...stores, namespaces },
        loaders: {
          ...inventoryLoaders({ ...stores, namespaces, namespaceDeployments }),
          ...flowLoaders(stores, now),
          ...added?.loaders(),
        },
        useCases: {
          takeUpload: (upload: Upload, at: Date) =>
            takeUpload(input => ingest(deps, input), upload, at),
          ...added?.useCases,
        },
      },
    });
  const ask: Door['ask'] = async (text, variables) => {
    const { data, errors } = await answer(text, variables);
    assert.deepEqual(errors, undefined);
    return JSON.parse(JSON.stringify(data));
  };
  return {
    ask,
    refused: async (text, variables) =>
      ((await answer(text, variables)).errors ?? []).map(error => error.toJSON()),
    statementsOf: async (text, variables) => {
      statements.length = 0;
      await ask(text, variables);
      return statements.map(nameOf);
    },
  };
}
