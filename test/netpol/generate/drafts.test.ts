import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeDrafts, type RuleDraft } from '../../../src/netpol/generate/draft.js';
import { pod } from '../evaluation/build.js';
import { dns, flow, generated, ruleLines, specOf } from './observed.js';

/** Flows of `shop/api` to addresses, under the names that people call them by. */
const outward = (...ends: readonly (readonly [address: string, name: string])[]) =>
  ends.map(([address, name]) => {
    const seen = flow(`shop/api -> ${address} TCP 443`);
    return { ...seen, names: { ...seen.names, destination: name } };
  });

const madeOf = (flows: ReturnType<typeof outward>) =>
  generated({ pods: [dns, pod('shop/api')] }, flows, { subjects: ['shop/api'] });

test('addresses of one name are one rule, in the order of numbers, whichever was seen first', () => {
  const flows = outward(['203.0.113.10', 'EXTERNAL:api'], ['203.0.113.9', 'EXTERNAL:api']);
  const made = madeOf(flows);
  assert.deepEqual(specOf(made)?.egress?.[1], {
    to: ['203.0.113.9/32', '203.0.113.10/32'].map(cidr => ({ ipBlock: { cidr } })),
    ports: [{ port: 443, protocol: 'TCP' }],
  });
  assert.deepEqual(madeOf(flows.toReversed()), made);
});

test('an address with two names is called by the same one, whichever was seen first', () => {
  const flows = outward(['203.0.113.9', 'EXTERNAL:b'], ['203.0.113.9', 'EXTERNAL:a']);
  assert.deepEqual(ruleLines(madeOf(flows)).slice(1), ['shop/api: egress EXTERNAL:a TCP 443']);
  assert.deepEqual(madeOf(flows.toReversed()), madeOf(flows));
});

test('the assumed DNS rule is called DNS', () => {
  const made = generated({ pods: [pod('shop/api')] }, outward(['203.0.113.9', 'EXTERNAL:a']));
  assert.equal(made.policies[0]?.rules[0]?.peer, 'DNS');
});

test('merging keeps what was seen, also where the later draft is one that no flow asked for', () => {
  const unseen: RuleDraft = {
    direction: 'EGRESS',
    origin: 'DNS',
    title: 'DNS',
    peers: [],
    ports: [{ protocol: 'UDP', port: 53 }],
    evidence: null,
  };
  const { evidence } = flow('shop/api -> kube-system/coredns TCP 53');
  const seen: RuleDraft = { ...unseen, ports: [{ protocol: 'TCP', port: 53 }], evidence };
  const expected = [{ ...unseen, ports: [...seen.ports, ...unseen.ports], evidence }];
  assert.deepEqual(mergeDrafts([seen, unseen]), expected);
  assert.deepEqual(mergeDrafts([unseen, seen]), expected);
});
