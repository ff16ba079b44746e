import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies } from '../../../src/netpol/index.js';

const policy = (cidr: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: "${cidr}"}}]}]}}`;

/** Null where the block is taken. */
const faultOf = (cidr: string): string | null =>
  parsePolicies([{ file: null, text: policy(cidr) }]).problems[0]?.message ?? null;

test('`::` stands for one group of zeros or more', () => {
  for (const cidr of ['1:2:3:4:5:6:7::/112', '::2:3:4:5:6:7:8/128', '1:2:3::5:6:7:8/64', '::/0'])
    assert.equal(faultOf(cidr), null, cidr);
  for (const cidr of ['1:2:3:4:5:6:7:8::/64', '1:2:3:4::5:6:7:8/64'])
    assert.equal(faultOf(cidr), `\`${cidr}\` is not an IPv4 or IPv6 block`);
});

test('`::` may stand once, even where the groups beside it would be eight', () => {
  for (const cidr of ['1:2:3:4::5:6:7:8::/64', '1:2:3:4::5:6:7:8::9/64', '1::2::3/64'])
    assert.equal(faultOf(cidr), `\`${cidr}\` is not an IPv4 or IPv6 block`);
});
