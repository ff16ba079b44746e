import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticator, type Shown } from '../../src/access/authenticate.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { createToken } from '../../src/access/create-token.js';
import { TOKEN_ORDER, type TokenStore, tokenStore } from '../../src/access/token.store.js';
import { pageRequest } from '../../src/query/page.js';
import { withDatabase } from '../support/database.js';

const WHO = { name: 'ci', roles: ['VIEWER'], clusters: ['lab'], namespaces: 'ALL' } as const;

const shown = (authorization: string | null, other: Partial<Shown> = {}): Shown => ({
  authorization,
  remoteAddress: '127.0.0.1',
  headers: {},
  requestId: 'test',
  ...other,
});

const withTokens = (
  use: (tokens: TokenStore, make: () => Promise<string>) => Promise<void>,
): Promise<void> =>
  withDatabase(async ({ source }) => {
    const tokens = tokenStore(source.manager, LOCAL_CALLER);
    const make = async (): Promise<string> => {
      const asked = { ...WHO, selector: null, expiresInDays: 1 };
      const deps = { tokens, caller: LOCAL_CALLER, now: () => new Date() };
      return (await createToken(deps, asked)).secret ?? assert.fail();
    };
    await use(tokens, make);
  });

const refused = { code: 'UNAUTHENTICATED' };

test('local callers are answered without a token until the first one is created', () =>
  withTokens(async (tokens, make) => {
    let now = 0;
    const callers = authenticator({ tokens, anonymous: true, own: null, now: () => now });
    assert.equal(await callers.callerOf(shown(null)), LOCAL_CALLER);
    const proxied = { headers: { 'x-forwarded-for': '192.0.2.1' } };
    await assert.rejects(callers.callerOf(shown(null, proxied)), refused);
    await assert.rejects(callers.callerOf(shown(null, { remoteAddress: '192.0.2.1' })), refused);
    await make();
    now += 1_001;
    await assert.rejects(callers.callerOf(shown(null)), refused);
  }));

test('where local callers are not answered, nobody is without a token', () =>
  withTokens(async tokens => {
    const callers = authenticator({ tokens, anonymous: false, own: null, now: () => 0 });
    await assert.rejects(callers.callerOf(shown(null)), refused);
  }));

test('a token says who asks, until it is revoked or has expired', () =>
  withTokens(async (tokens, make) => {
    const callers = authenticator({ tokens, anonymous: true, own: null, now: () => Date.now() });
    const text = await make();
    const first = await callers.callerOf(shown(`Bearer ${text}`));
    const { id, ...who } = first;
    assert.deepEqual(who, { ...WHO, selector: null });
    assert.match(String(id), /^token [0-9a-f-]{36}$/);
    assert.equal(await callers.callerOf(shown(`bearer  ${text}`)), first, 'the same object');
    for (const other of [text.slice(0, -1), `${text}x`, 'Basic abc', 'Bearer', `Bearer ${text} x`])
      await assert.rejects(callers.callerOf(shown(other)), refused, other);
    const [token] = await tokens.byIds((await all(tokens)).map(({ id }) => id));
    assert.ok(token?.lastUsedAt);
    await tokens.revoke(token.id);
    callers.forget();
    await assert.rejects(callers.callerOf(shown(`Bearer ${text}`)), refused);
  }));

test('the token of the process itself needs no database', () =>
  withTokens(async tokens => {
    const own = 'wgt_own';
    const callers = authenticator({ tokens, anonymous: false, own, now: () => 0 });
    assert.equal(await callers.callerOf(shown(`Bearer ${own}`)), LOCAL_CALLER);
  }));

const all = (tokens: TokenStore) => tokens.page(pageRequest({}, TOKEN_ORDER));
