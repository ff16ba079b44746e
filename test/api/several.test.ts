import assert from 'node:assert/strict';
import { test } from 'node:test';
import { singly } from '../../src/query/several.js';
import { flow, labs } from '../support/lab.js';
import { SHOP } from '../support/shop.js';

const lab = labs();

type Filter = {
  readonly since?: string | null;
  readonly port?: number | null;
  readonly and?: readonly Filter[] | null;
  readonly or?: readonly Filter[] | null;
  readonly not?: Filter | null;
};

test('several values are an `or` of one each, with the bounds that tell what they mean, at any depth', () => {
  const read = (filter: object) => singly<Filter, 'port'>(filter, ['port'], ['since']);
  assert.deepEqual(read({ port: 80, since: 'x' }), { port: 80, since: 'x' });
  assert.deepEqual(read({ port: [80] }), { port: 80 });
  const either = {
    or: [
      { since: 'x', port: 1 },
      { since: 'x', port: 2 },
    ],
  };
  assert.deepEqual(read({ since: 'x', port: [1, 2] }), { since: 'x', port: null, and: [either] });
  const none = { port: null, and: [{ or: [] }] };
  assert.deepEqual(read({ not: { port: [] } }), { not: none });
  assert.equal(read({ or: [{ port: [] }] })?.or?.length, 1);
});

test('filters take one value or several, written alike', async () => {
  const shop = lab('several');
  await shop.take(SHOP);
  await shop.see(
    flow('shop/web', 'shop/api', 8080),
    flow('shop/web', 'shop/api', 9090, { protocol: 'UDP' }),
    flow('shop/api', 'shop/db', 5432, { verdict: 'DENIED' }),
  );
  const counted = async (filter: string) => {
    const { flows } = await shop.ask(
      `{ flows(filter: { cluster: { eq: "several" }, ${filter} }) { totalCount } }`,
    );
    return flows.totalCount;
  };
  assert.equal(await counted('port: 8080'), 1);
  assert.equal(await counted('port: [8080, 5432]'), 2);
  assert.equal(await counted('port: []'), 0);
  assert.equal(await counted('port: [8080, 9090], protocol: [UDP, SCTP]'), 1);
  assert.equal(await counted('not: { port: [8080, 9090] }'), 1);
  assert.equal(await counted('observedVerdict: [DENIED, ERROR], since: "2026-01-01T00:00:00Z"'), 1);
  const { deployments, jobs } = await shop.ask(`{
    deployments(filter: { cluster: { eq: "several" }, isolation: [NONE, BOTH] }) { totalCount }
    jobs(filter: { cluster: { eq: "several" }, status: [RUNNING, FAILED] }) { totalCount } }`);
  assert.deepEqual([deployments.totalCount, jobs.totalCount], [4, 0]);
});
