import type { EntityManager } from 'typeorm';
import { finderOf } from '../graphql/node.graphql.js';
import { ofNoCluster } from '../graphql/node.loader.js';
import { and, EVERYTHING } from '../query/condition.js';
import { dateTimeOf } from '../query/date-time.js';
import type { NodeKey } from '../query/node-id.js';
import { type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { AuditResolver } from './audit.graphql.js';
import { AUDIT_ORDER, type AuditStore, auditStore, linesOf } from './audit.store.js';
import { AuditCheckpointTable, AuditEntryTable, AuditPendingTable } from './audit.table.js';
import { type AuditFilter, auditCondition } from './audit-filter.js';
import {
  assertAllowed,
  assertEverything,
  type Caller,
  isAllowed,
  principalOf,
  seesEverything,
} from './caller.js';
import { type AuditKeeping, checkpointIn } from './checkpoint.js';
import { type CreateTokenInput, createToken } from './create-token.js';
import { exportAudit } from './export-audit.js';
import { checkpointAudit, pruneAudit } from './keep-audit.js';
import { type MutationKeyStore, mutationKeyStore } from './mutation-key.store.js';
import { MutationKeyTable } from './mutation-key.table.js';
import { RateCountTable } from './rate-count.table.js';
import { tellAbandoned } from './record-audit.js';
import { Permission } from './role.js';
import { SealKeyTable } from './seal.table.js';
import { TokenResolver } from './token.graphql.js';
import { type TokenStore, tokenStore } from './token.store.js';
import { TokenTable } from './token.table.js';
import { verifyAudit } from './verify-audit.js';

type Stores = {
  readonly tokens: TokenStore;
  readonly audit: AuditStore;
  readonly mutationKeys: MutationKeyStore;
};
type Context = { readonly caller: Caller; readonly stores: Stores };
type Deps = {
  readonly reads: Stores;
  readonly caller: Caller;
  readonly auditKeeping: AuditKeeping;
};

const tokenOf = finderOf(({ stores }: Context) => ofNoCluster(stores.tokens.byIds));

function findToken(key: NodeKey, context: Context): Promise<object | null> {
  assertAllowed(context.caller, Permission.ADMINISTER, 'Token');
  return tokenOf(key, context);
}

/** One page of the lines that the caller sees. */
async function auditPage(
  { reads: { audit }, caller }: Deps,
  asked: AuditFilter | null,
  page: PageArguments,
) {
  const all = isAllowed(caller, Permission.ADMINISTER) && seesEverything(caller);
  const own = all ? EVERYTHING : linesOf(principalOf(caller));
  const filter = and([own, auditCondition(asked, new Date())]);
  const request = pageRequest(page, AUDIT_ORDER);
  const rows = await audit.page(filter, request);
  return pageOf(request, rows, async () => totalCountOf(await audit.count(filter)));
}

/** Who asks and what they may do. */
export const accessRoom = {
  tables: [
    TokenTable,
    AuditEntryTable,
    AuditPendingTable,
    AuditCheckpointTable,
    SealKeyTable,
    MutationKeyTable,
    RateCountTable,
  ],
  stores: (manager: EntityManager, caller: Caller) => ({
    tokens: tokenStore(manager, caller),
    audit: auditStore(manager),
    mutationKeys: mutationKeyStore(manager),
  }),
  resolvers: [TokenResolver, AuditResolver],
  finders: { Token: findToken },
  useCases: (deps: Deps) => ({
    createToken: (input: CreateTokenInput) =>
      createToken({ tokens: deps.reads.tokens, caller: deps.caller, now: () => new Date() }, input),
    auditPage: (filter: AuditFilter | null, page: PageArguments) => auditPage(deps, filter, page),
    verifyAuditLog: async (kept: string | null) => {
      assertEverything(deps.caller);
      return verifyAudit({
        audit: deps.reads.audit,
        key: deps.auditKeeping.key,
        now: dateTimeOf(new Date()),
        witness: kept === null ? null : checkpointIn(kept),
      });
    },
    exportAuditLog: async (after: string) => {
      assertEverything(deps.caller);
      return exportAudit(deps.reads.audit, after);
    },
  }),
  nightly:
    ({
      reads: { audit, mutationKeys },
      auditKeeping: keeping,
    }: Pick<Deps, 'reads' | 'auditKeeping'>) =>
    async (): Promise<void> => {
      await mutationKeys.forgetOld();
      await tellAbandoned({ audit });
      await pruneAudit({ audit, keeping, now: () => new Date() });
    },
  minutely:
    ({ reads: { audit }, auditKeeping: keeping }: Pick<Deps, 'reads' | 'auditKeeping'>) =>
    (): Promise<void> =>
      checkpointAudit({ audit, keeping, now: () => new Date() }),
} as const;
