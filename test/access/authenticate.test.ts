import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticator, type Shown } from '../../src/access/authenticate.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { createToken } from '../../src/access/create-token.js';
import { rateCountStore } from '../../src/access/rate-count.store.js';
import { admitting, type RateLimiter, rateLimiter } from '../../src/access/rate-limits.js';
import { TOKEN_ORDER, type TokenStore, tokenStore } from '../../src/access/token.store.js';
import { ApiError, ErrorCode } from '../../src/query/api-error.js';
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

const CALLER = { ...LOCAL_CALLER, id: 'token 1', name: 'ci' };

/** How many of so many questions to servers in turn are let through. */
async function letThrough(servers: readonly RateLimiter[], questions: number): Promise<number> {
  let count = 0;
  for (let nth = 0; nth < questions; nth += 1)
    await servers[nth % servers.length]?.charge(CALLER, 0).then(
      () => {
        count += 1;
      },
      error => assert.equal(error.code, 'RATE_LIMITED'),
    );
  return count;
}

test('servers on one database hold the limits of a caller and the refusals of an address together', () =>
  withDatabase(async ({ source }) => {
    const store = rateCountStore(source.manager);
    const serving = () => rateLimiter({ requests: 100, cost: 0 }, { store, tell: assert.fail });
    const servers = [serving(), serving(), serving()];
    const all = await letThrough(servers, 400);
    assert.ok(all > 90 && all <= 115, `${all} of 100, and five more of each server`);
    const [one, two] = servers as [RateLimiter, RateLimiter];
    for (let count = 0; count < 60; count += 1) await one.knock('192.0.2.1');
    await assert.rejects(one.admit('192.0.2.1'), { code: 'RATE_LIMITED' });
    for (let count = 0; count < 3; count += 1) await two.knock('192.0.2.1');
    await assert.rejects(two.admit('192.0.2.1'), { code: 'RATE_LIMITED' });
    await two.admit('192.0.2.2');
  }));

test('where the database is away, each server holds the limits alone, and says so', async () => {
  const told: boolean[] = [];
  const store = { query: () => Promise.reject(new Error('away')) };
  const tell = (isShared: boolean) => void told.push(isShared);
  const alone = [1, 2].map(() => rateLimiter({ requests: 100, cost: 0 }, { store, tell }));
  assert.equal(await letThrough(alone, 400), 200);
  assert.deepEqual(told, [false, false]);
});

test('who was answered before is answered still, whoever else is refused at the same address', async () => {
  const refusing = {
    callerOf: async ({ authorization }: Shown) => {
      if (authorization === 'Bearer good') return CALLER;
      throw new ApiError(ErrorCode.UNAUTHENTICATED, 'no');
    },
    forget: () => {},
    onChange: () => () => {},
  };
  const { callerOf } = admitting(refusing, rateLimiter({ requests: 0, cost: 0 }));
  await callerOf(shown('Bearer good'));
  for (let count = 0; count < 60; count += 1)
    await assert.rejects(callerOf(shown('Bearer guess')), refused);
  await assert.rejects(callerOf(shown('Bearer guess')), { code: 'RATE_LIMITED' });
  assert.equal(await callerOf(shown('Bearer good')), CALLER);
});
