import type { EntityManager } from 'typeorm';
import { AUDIT_ORDER, auditStore, linesOf } from '../../../src/access/audit.store.js';
import { auditCondition } from '../../../src/access/audit-filter.js';
import type { Caller } from '../../../src/access/caller.js';
import { mutationKeyStore } from '../../../src/access/mutation-key.store.js';
import { rateCountStore } from '../../../src/access/rate-count.store.js';
import { sealKey } from '../../../src/access/seal.store.js';
import { TOKEN_ORDER, tokenStore } from '../../../src/access/token.store.js';
import { pageRequest } from '../../../src/query/page.js';
import { DEPLOYMENT, LATER, NOW } from './keys.js';

export async function runTokens(manager: EntityManager, caller: Caller): Promise<void> {
  const tokens = tokenStore(manager, caller);
  const { id } = await tokens.add({
    name: 'ci',
    kind: 'API',
    roles: ['VIEWER'],
    clusters: ['lab'],
    namespaces: 'ALL',
    selector: null,
    hash: 'hash',
    prefix: 'wgt_abcd',
    createdBy: 'local',
    expiresAt: LATER,
  });
  await tokens.use('hash');
  await tokens.exists();
  await tokens.page(pageRequest({}, TOKEN_ORDER));
  await tokens.count();
  await tokens.byIds([id]);
  await tokens.revoke(id);
}

export async function runMutationKeys(manager: EntityManager): Promise<void> {
  const keys = mutationKeyStore(manager);
  await keys.claim({ id: 'id', action: 'createToken', inputHash: 'hash' });
  await keys.answer('id', {});
  await keys.find('id');
  await keys.forgetOld();
}

export async function runSeal(manager: EntityManager): Promise<void> {
  await sealKey(manager);
  const values = ['a key', 1];
  const text = 'insert into rate_count values ($1, $2, 0) returning points';
  await rateCountStore(manager).query({ text, values });
}

export async function runAudit(manager: EntityManager): Promise<void> {
  const audit = auditStore(manager);
  const act = {
    at: NOW,
    actor: 'ci',
    principal: 'name ci',
    roles: [],
    address: null,
    requestId: 'r',
    action: 'a',
    target: null,
  };
  await audit.begin(DEPLOYMENT, act);
  await audit.abandoned(60);
  await audit.append([{ ...act, result: 'DONE', detail: null }], [DEPLOYMENT]);
  await audit.page(linesOf('ci'), pageRequest({}, AUDIT_ORDER));
  await audit.count(auditCondition({ result: 'DONE' }, new Date(NOW)));
  await audit.following(0, 1);
  const { seq, hash } = await audit.head();
  await audit.addCheckpoint({ seq, hash, kind: 'HEAD', at: NOW, signature: null });
  await audit.checkpoints();
  await audit.append([{ ...act, result: 'DONE', detail: null }], []);
  await audit.prune(LATER, last => ({
    checkpoint: { ...last, kind: 'PRUNED', at: NOW, signature: null },
    line: { ...act, result: 'DONE', detail: null },
  }));
}
