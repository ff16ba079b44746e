import type { DataSource } from 'typeorm';
import type { Caller } from './access/caller.js';
import { partitionStore } from './flows/ingest/partition.store.js';
import { type Stores, storesOn, type UseCases, useCasesOn } from './rooms.js';

/** What one caller sees of a database and may do with it. */
export type Database = { readonly stores: Stores; readonly useCases: UseCases };

export type Databases = {
  /** The same object each time for the same caller. */
  readonly seenBy: (caller: Caller) => Database;
  /** @throws when the database does not answer */
  readonly ping: () => Promise<void>;
};

/** The stores and use cases over a connected database. */
export function databasesOn(source: DataSource): Databases {
  const partitions = partitionStore(source.manager);
  const known = new WeakMap<Caller, Database>();
  const made = (caller: Caller): Database => {
    const stores = storesOn(source.manager, caller);
    const useCases = useCasesOn({
      reads: stores,
      transaction: work => source.transaction(manager => work(storesOn(manager, caller))),
      partitions,
    });
    return { stores, useCases };
  };
  return {
    seenBy: caller => {
      const database = known.get(caller) ?? made(caller);
      known.set(caller, database);
      return database;
    },
    ping: async () => {
      await source.query('/* databases.ping */ select 1');
    },
  };
}
