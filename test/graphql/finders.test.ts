import 'reflect-metadata';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import type { Context } from '../../src/context.js';
import type { NodeFinder } from '../../src/graphql/node.graphql.js';
import { loadersOn, rooms, type Stores, storesOn } from '../../src/rooms.js';
import { withDatabase } from '../support/database.js';

/** A manager that writes down the names of its statements. */
const naming = (manager: EntityManager, names: string[]): EntityManager =>
  ({
    connection: manager.connection,
    query: (sql: string, values?: unknown[]) => {
      names.push(/^\/\* (\S+) \*\//.exec(sql)?.[1] ?? sql);
      return manager.query(sql, values);
    },
  }) as unknown as EntityManager;

const contextOn = (stores: Stores): Context =>
  ({
    caller: LOCAL_CALLER,
    stores,
    loaders: loadersOn(stores, () => new Date(0), {} as Parameters<typeof loadersOn>[2]),
  }) as Partial<Context> as Context;

test('many ids of one type are looked up by one statement, whatever the type', () =>
  withDatabase(async ({ source }) => {
    const finders = rooms.flatMap(room =>
      Object.entries(room.finders as Readonly<Record<string, NodeFinder<Context>>>),
    );
    assert.ok(finders.length > 10);
    for (const [type, find] of finders) {
      const names: string[] = [];
      const context = contextOn(storesOn(naming(source.manager, names), LOCAL_CALLER));
      const keys = Array.from({ length: 5 }, (_, place) =>
        type === 'Cluster'
          ? { type, clusterId: place, rowId: null }
          : { type, clusterId: 0, rowId: randomUUID() },
      );
      const found = await Promise.all(keys.map(key => find(key, context)));
      assert.deepEqual(found, [null, null, null, null, null], type);
      assert.equal(names.length, 1, `${type}: ${names}`);
    }
  }));
