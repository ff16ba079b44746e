import type { EntityManager } from 'typeorm';
import type { NodeKey } from '../query/node-id.js';
import { assertAllowed, type Caller } from './caller.js';
import { type CreateTokenInput, createToken } from './create-token.js';
import { Permission } from './role.js';
import { TokenResolver } from './token.graphql.js';
import { type TokenStore, tokenStore } from './token.store.js';
import { TokenTable } from './token.table.js';

type Stores = { readonly tokens: TokenStore };
type Context = { readonly caller: Caller; readonly stores: Stores };

async function findToken({ rowId }: NodeKey, { caller, stores }: Context): Promise<object | null> {
  assertAllowed(caller, Permission.ADMINISTER, 'Token');
  const found = rowId === null ? [] : await stores.tokens.byIds([rowId]);
  return found[0] ?? null;
}

/** Who asks and what they may do. */
export const accessRoom = {
  tables: [TokenTable],
  stores: (manager: EntityManager) => ({ tokens: tokenStore(manager) }),
  resolvers: [TokenResolver],
  finders: { Token: findToken },
  useCases: ({ reads, caller }: { readonly reads: Stores; readonly caller: Caller }) => ({
    createToken: (input: CreateTokenInput) =>
      createToken({ tokens: reads.tokens, caller, now: () => new Date() }, input),
  }),
} as const;
