import { type Caller, LOCAL_CALLER } from './access/caller.js';
import type { Database, Databases } from './databases.js';
import type { Incoming } from './graphql/incoming.js';
import { type Loaders, loadersOn } from './rooms.js';

/** What a resolver may use: made for each request, for the eyes of its caller. */
export type Context = Database & {
  readonly caller: Caller;
  readonly now: () => Date;
  readonly loaders: Loaders;
};

const now = (): Date => new Date();

export const contextFor =
  (databases: Databases) =>
  (_incoming: Incoming): Context => {
    const caller = LOCAL_CALLER;
    const { stores, useCases } = databases.seenBy(caller);
    return { caller, now, stores, useCases, loaders: loadersOn(stores, now, useCases) };
  };
