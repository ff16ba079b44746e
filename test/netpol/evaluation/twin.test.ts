import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, DEFAULT_MODES, decide, type Endpoint } from '../../../src/netpol/index.js';
import { betweenPods, isTwin, twinOf, withTwins } from '../../../src/netpol/twin.js';
import { facts, networkPolicy, pod } from './build.js';

const end = (key: string): Endpoint => ({ kind: 'pod', key });
const address: Endpoint = { kind: 'address', address: '10.0.0.1' };

test('a twin is a second pod of the same workload, whose address is not known', () => {
  const api = pod('shop/api', { addresses: ['10.0.0.1'] });
  const twin = twinOf(api);
  assert.deepEqual(twin, { ...api, key: twin.key, addresses: [] });
  assert.notEqual(twin.key, api.key);
  assert.deepEqual(withTwins(facts({ pods: [api] })), facts({ pods: [api, twin] }));
  assert.equal(isTwin(end(twin.key)), true);
  for (const other of [end(api.key), address]) assert.equal(isTwin(other), false);
});

test('a pod asked about itself is asked about its twin; all other questions stay as they are', () => {
  const [api, twin] = [pod('shop/api'), twinOf(pod('shop/api'))];
  const itself = { source: end(api.key), destination: end(api.key) };
  assert.deepEqual(betweenPods(itself), { ...itself, destination: end(twin.key) });
  for (const [source, destination] of [
    [end('shop/api'), end('shop/web')],
    [end('shop/api'), address],
    [address, end('shop/api')],
    [address, address],
  ] as const) {
    const asked = { source, destination };
    assert.equal(betweenPods(asked), asked);
  }
});

test('two pods of one workload are kept apart by its policies', () => {
  const there = withTwins(facts({ pods: [pod('shop/api')] }));
  const closed = compile(there, [networkPolicy({ ingress: [] })], DEFAULT_MODES);
  const itself = {
    source: end('shop/api'),
    destination: end('shop/api'),
    protocol: 'TCP',
    port: 80,
  };
  assert.equal(decide(closed, itself).verdict, 'ALLOWED');
  assert.equal(decide(closed, betweenPods(itself)).verdict, 'DENIED');
});
