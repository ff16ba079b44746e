import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { bearerCallers } from '../../src/access/oidc/bearer.js';
import type { Issuer } from '../../src/access/oidc/issuer.js';
import { readIssuers } from '../../src/access/oidc/read-issuers.js';

type Keys = { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };

const state = {
  issuer: '',
  asked: 0,
  down: false,
  /** `kid` to the key that the provider shows. */
  shown: new Map<string, Keys>(),
};

const provider = createServer(async (request, response) => {
  state.asked += 1;
  if (state.down) return void response.writeHead(503).end();
  response.setHeader('content-type', 'application/json');
  if (request.url?.endsWith('openid-configuration'))
    return void response.end(
      JSON.stringify({ issuer: state.issuer, jwks_uri: `${state.issuer}/keys` }),
    );
  const keys = [...state.shown].map(async ([kid, { publicKey }]) => ({
    ...(await exportJWK(publicKey)),
    kid,
    alg: 'ES256',
  }));
  response.end(JSON.stringify({ keys: await Promise.all(keys) }));
});

before(async () => {
  await new Promise<void>(done => provider.listen(0, '127.0.0.1', done));
  state.issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  state.shown.set('one', await generateKeyPair('ES256'));
});
after(() => void provider.close());

const issuerWith = (other: object = {}): readonly Issuer[] =>
  readIssuers(
    JSON.stringify({
      issuers: [
        {
          name: 'corp',
          issuer: state.issuer,
          audiences: ['weirgate'],
          clients: ['cli'],
          mappings: [
            { claim: 'groups', value: 'security', roles: ['OPERATOR'] },
            { subject: 'bob', roles: ['VIEWER'], clusters: ['lab'], namespaces: ['shop'] },
          ],
          ...other,
        },
      ],
    }),
  );

const NOW = Math.floor(Date.now() / 1_000);

type Signing = { readonly kid?: string; readonly claims?: JWTPayload; readonly without?: string };

const keyOf = (kid: string): Keys => state.shown.get(kid) ?? assert.fail(kid);

const token = ({ kid = 'one', claims = {}, without }: Signing = {}, keys = keyOf(kid)) => {
  const all: JWTPayload = {
    iss: state.issuer,
    aud: 'weirgate',
    sub: 'alice',
    azp: 'cli',
    groups: ['security', 'x'],
    iat: NOW - 10,
    exp: NOW + 600,
    ...claims,
  };
  const payload = Object.fromEntries(Object.entries(all).filter(([name]) => name !== without));
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(keys.privateKey);
};

const clock = () => Date.now();

test('a token of a configured issuer says who asks, by its subject, and a mapping what they may', async () => {
  const callerOf = bearerCallers(issuerWith(), clock);
  const alice = await callerOf(await token());
  assert.deepEqual(alice, {
    id: 'issuer corp:alice',
    name: 'corp:alice',
    roles: ['OPERATOR'],
    clusters: 'ALL',
    namespaces: 'ALL',
    selector: null,
  });
  assert.equal(await callerOf(await token()), alice, 'the same object');
  const bob = await callerOf(await token({ claims: { sub: 'bob', groups: [] } }));
  assert.deepEqual([bob.roles, bob.clusters, bob.namespaces], [['VIEWER'], ['lab'], ['shop']]);
});

const TRAPS: readonly (readonly [string, Signing, RegExp])[] = [
  ['has no end', { without: 'exp' }, /`exp`/],
  ['has no beginning', { without: 'iat' }, /`iat`/],
  ['has no subject', { without: 'sub' }, /`sub`/],
  ['has expired', { claims: { exp: NOW - 60 } }, /expired/],
  ['begins in an hour', { claims: { nbf: NOW + 3_600 } }, /`nbf`/],
  ['is too old', { claims: { iat: NOW - 2 * 86_400 } }, /`iat`|expired/],
  ['is for another audience', { claims: { aud: 'other' } }, /`aud`/],
  ['is of another client', { claims: { azp: 'other' } }, /client/],
  ['is of no client', { without: 'azp' }, /client/],
  ['is an ID token', { claims: { aud: ['weirgate', 'cli'] } }, /ID token/],
  ['has a nonce, as ID tokens do', { claims: { nonce: 'n' } }, /ID token/],
  ['is given nothing', { claims: { groups: ['other'] } }, /given nothing/],
  [
    'has an e-mail that looks like a subject',
    { claims: { email: 'bob', groups: [] } },
    /given nothing/,
  ],
  ['is of an issuer with a slash more', { claims: { iss: 'http://127.0.0.1/' } }, /issuer/],
];

for (const [what, signing, why] of TRAPS)
  test(`a token that ${what} is refused`, async () => {
    const callerOf = bearerCallers(issuerWith(), clock);
    await assert.rejects(callerOf(await token(signing)), why);
  });

test('a clock that is off by a few seconds does no harm', async () => {
  const callerOf = bearerCallers(issuerWith(), clock);
  assert.equal((await callerOf(await token({ claims: { exp: NOW - 5 } }))).name, 'corp:alice');
});

test('no signature but by a public key of the issuer is taken', async () => {
  const callerOf = bearerCallers(issuerWith(), clock);
  const foreign = await generateKeyPair('ES256');
  await assert.rejects(callerOf(await token({}, foreign)), /not valid/);
  const [head, body] = (await token()).split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  await assert.rejects(callerOf(`${none}.${body}.x`), /not signed|not valid/);
  const hmac = await new SignJWT({ iss: state.issuer, aud: 'weirgate', sub: 'alice', azp: 'cli' })
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode('any secret that somebody may know well'));
  await assert.rejects(callerOf(hmac), /not signed|not valid/);
  await assert.rejects(callerOf(`${head}.${body}.`), /no token|not valid/);
});

test('a new key of the issuer is found, and a provider that is down is asked once in 30 s', async () => {
  let now = Date.now();
  const callerOf = bearerCallers(issuerWith(), () => now);
  await callerOf(await token());
  state.shown.set('two', await generateKeyPair('ES256'));
  const fresh = bearerCallers(issuerWith(), () => now);
  assert.equal((await fresh(await token({ kid: 'two' }))).name, 'corp:alice');
  state.down = true;
  const cold = bearerCallers(issuerWith(), () => now);
  const before = state.asked;
  for (let count = 0; count < 20; count += 1)
    await assert.rejects(cold(await token({ claims: { jti: String(count) } })), {
      code: 'UNAVAILABLE',
      message: /cannot be had/,
      extensions: { code: 'UNAVAILABLE', reason: 'ISSUER', retryAfter: 30 },
    });
  assert.equal(state.asked - before, 1);
  state.down = false;
  now += 31_000;
  assert.equal((await cold(await token({ claims: { exp: NOW + 900 } }))).name, 'corp:alice');
});

test('service accounts of clusters with one issuer are told apart by the keys that were pinned', async () => {
  const iss = 'https://kubernetes.default.svc';
  const clusters = { east: await generateKeyPair('ES256'), west: await generateKeyPair('ES256') };
  const entries = Object.entries(clusters).map(async ([name, { publicKey }]) => ({
    name,
    issuer: iss,
    audiences: ['weirgate'],
    keys: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] },
    mappings: [
      { subject: 'system:serviceaccount:weirgate:sensor', roles: ['SENSOR'], clusters: [name] },
    ],
  }));
  const issuers = readIssuers(JSON.stringify({ issuers: await Promise.all(entries) }));
  const callerOf = bearerCallers(issuers, clock);
  const sign = (keys: Keys, sub: string) =>
    new SignJWT({ iss, aud: ['weirgate'], sub, iat: NOW, exp: NOW + 600 })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(keys.privateKey);
  const sensor = 'system:serviceaccount:weirgate:sensor';
  for (const [name, keys] of Object.entries(clusters)) {
    const caller = await callerOf(await sign(keys, sensor));
    assert.deepEqual([caller.name, caller.clusters], [`${name}:${sensor}`, [name]]);
  }
  await assert.rejects(
    callerOf(await sign(clusters.west, `${sensor}-2`)),
    /given nothing|not valid/,
  );
});

test('what a file of issuers gets wrong is said with its place', () => {
  const reading = (other: object) => () => issuerWith(other);
  assert.throws(
    reading({ clients: ['weirgate'] }),
    /`issuers\[0\].audiences`: `weirgate` is a client/,
  );
  assert.throws(reading({ issuer: 'http://login.example.org' }), /is not an https address/);
  assert.throws(reading({ mappings: [{ roles: ['VIEWER'] }] }), /mappings\[0\]` names neither/);
  assert.throws(
    reading({ mappings: [{ subject: 'x', roles: ['ROOT'] }] }),
    /mappings\[0\].roles` is not a list of VIEWER/,
  );
  assert.throws(reading({ algorithm: 'HS256' }), /`issuers\[0\].algorithm` is not known/);
  assert.throws(() => readIssuers('{'), /not JSON/);
});
