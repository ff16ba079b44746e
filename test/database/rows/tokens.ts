import type { EntityManager } from 'typeorm';
import { TOKEN_ORDER, tokenStore } from '../../../src/access/token.store.js';
import { pageRequest } from '../../../src/query/page.js';
import { LATER } from './keys.js';

export async function runTokens(manager: EntityManager): Promise<void> {
  const tokens = tokenStore(manager);
  const { id } = await tokens.add({
    name: 'ci',
    kind: 'API',
    roles: ['VIEWER'],
    clusters: ['lab'],
    namespaces: 'ALL',
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
