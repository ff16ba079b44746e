import 'reflect-metadata';
import assert from 'node:assert/strict';
import { type GraphQLSchema, graphql } from 'graphql';
import { buildSchema } from 'type-graphql';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { findNodeBy, NodeResolver } from '../../../src/graphql/node.graphql.js';
import { clusterStore } from '../../../src/inventory/cluster.store.js';
import { clusterRangeStore } from '../../../src/inventory/cluster-range.store.js';
import { externalBlockStore } from '../../../src/inventory/external-blocks/external-block.store.js';
import { importExternalBlocks } from '../../../src/inventory/external-blocks/import-external-blocks.js';
import { importInventory } from '../../../src/inventory/import-inventory.js';
import { inventoryFinders, inventoryResolvers } from '../../../src/inventory/inventory.graphql.js';
import { inventoryLoaders } from '../../../src/inventory/inventory.loader.js';
import type { InventoryContext } from '../../../src/inventory/inventory-context.js';
import { namespaceStore } from '../../../src/inventory/namespace.store.js';
import { namespaceDeploymentStore } from '../../../src/inventory/namespace-deployments.store.js';
import { setClusterRanges } from '../../../src/inventory/set-cluster-ranges.js';
import { versionStore } from '../../../src/inventory/versions.store.js';
import type { Bench } from './import.js';

let schema: Promise<GraphQLSchema> | null = null;

const schemaOf = (): Promise<GraphQLSchema> => {
  const nodes = new NodeResolver(findNodeBy(inventoryFinders));
  schema ??= buildSchema({
    resolvers: [...inventoryResolvers, NodeResolver],
    container: { get: type => (type === NodeResolver ? nodes : new type()) },
    validate: false,
  });
  return schema;
};

/** A request's context over a test's database. */
export const contextOf = (bench: Bench): InventoryContext => {
  const { manager } = bench.source;
  const stores = {
    clusters: clusterStore(manager, LOCAL_CALLER),
    clusterRanges: clusterRangeStore(manager, LOCAL_CALLER),
    externalBlocks: externalBlockStore(manager, LOCAL_CALLER),
    namespaces: namespaceStore(manager, LOCAL_CALLER),
    namespaceDeployments: namespaceDeploymentStore(manager, LOCAL_CALLER),
    peers: bench.peers,
  };
  return {
    stores,
    loaders: inventoryLoaders(stores),
    useCases: {
      importInventory: input => importInventory(bench.deps, input),
      importExternalBlocks: input =>
        importExternalBlocks(
          {
            transaction: work =>
              bench.source.transaction(inside =>
                work({
                  clusters: clusterStore(inside, LOCAL_CALLER),
                  externalBlocks: externalBlockStore(inside, LOCAL_CALLER),
                }),
              ),
          },
          input,
        ),
      deleteCluster: () => Promise.reject(new Error('this bench does no jobs')),
      setClusterRanges: input =>
        setClusterRanges(
          {
            transaction: work =>
              bench.source.transaction(inside =>
                work({
                  clusters: clusterStore(inside, LOCAL_CALLER),
                  clusterRanges: clusterRangeStore(inside, LOCAL_CALLER),
                  versions: versionStore(inside),
                }),
              ),
          },
          input,
        ),
    },
  };
};

/** Asks the API of this room; `errors` are messages. */
export async function answer(bench: Bench, source: string) {
  const { data, errors } = await graphql({
    schema: await schemaOf(),
    source,
    contextValue: contextOf(bench),
  });
  return { data: JSON.parse(JSON.stringify(data ?? null)), errors: errors ?? [] };
}

export async function ask(bench: Bench, source: string) {
  const { data, errors } = await answer(bench, source);
  assert.deepEqual(errors, []);
  return data;
}
