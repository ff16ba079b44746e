import type { Authenticator } from './access/authenticate.js';
import type { Caller } from './access/caller.js';
import type { Sealing } from './access/seal.js';
import type { Events } from './database/events.js';
import type { Database, Databases } from './databases.js';
import type { Incoming } from './graphql/incoming.js';
import type { FindNode } from './graphql/node.graphql.js';
import type { Audited, Refused } from './permissions.js';
import { type Loaders, loadersOn } from './rooms.js';

/** What a resolver may use: made for each request, for the eyes of its caller. */
export type Context = Database & {
  readonly caller: Caller;
  /** Null: ids and cursors are shown as they are. */
  readonly sealing: Sealing | null;
  readonly now: () => Date;
  /** What changes on the database: the source of subscriptions. */
  readonly events: Events;
  readonly audited: Audited;
  readonly refused: Refused;
  /** Makes this process ask anew which tokens are good; the others hear of it by themselves. */
  readonly tokensChanged: () => void;
  readonly loaders: Loaders;
  /** What an id of the API stands for, for the eyes of the caller. */
  readonly findNode: (id: string) => Promise<object | null>;
  /** Works in one transaction, which is all done or not at all. */
  readonly inTransaction: <T>(work: (context: Context) => Promise<T>) => Promise<T>;
};

const now = (): Date => new Date();

export const contextFor =
  (databases: Databases, callers: Authenticator, findNode: FindNode<Context>) =>
  async (incoming: Incoming): Promise<Context> => {
    const caller = await callers.callerOf(incoming);
    const { stores, useCases } = databases.seenBy(caller);
    const { remoteAddress: address, requestId } = incoming;
    const context: Context = {
      caller,
      sealing: await databases.sealingOf(caller),
      now,
      events: databases.events,
      audited: databases.auditedFrom({ caller, address, requestId }),
      refused: databases.refusedFrom({ caller, address, requestId }),
      tokensChanged: callers.forget,
      stores,
      useCases,
      loaders: loadersOn(stores, now, useCases),
      findNode: id => findNode(id, context),
      inTransaction: work =>
        databases.inTransaction(caller, database => {
          const within: Context = {
            ...context,
            ...database,
            loaders: loadersOn(database.stores, now, database.useCases),
            findNode: id => findNode(id, within),
          };
          return work(within);
        }),
    };
    return context;
  };
