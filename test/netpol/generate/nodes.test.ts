import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts, GenerateOptions } from '../../../src/netpol/index.js';
import { pod } from '../evaluation/build.js';
import { dns, generated, peersOf, problemLines, ruleLines, specOf } from './observed.js';

const api = pod('shop/api');
const agent = pod('shop/agent', { hostNetwork: true });
const nodes = [
  { name: 'b', labels: {}, addresses: ['10.9.0.10'] },
  { name: 'a', labels: {}, addresses: ['10.9.0.9'] },
];

const made = (
  flows: readonly string[],
  parts: Partial<Facts> = {},
  options: Partial<GenerateOptions> = {},
) =>
  generated({ pods: [api, agent, dns], nodes, ...parts }, flows, {
    subjects: ['shop/api'],
    directions: 'OBSERVED',
    ...options,
  });

const ALL = ['10.9.0.9/32', '10.9.0.10/32'].map(cidr => ({ ipBlock: { cidr } }));

for (const [what, text, named] of [
  ['a pod in the host network', 'shop/agent -> shop/api TCP 9090', 'shop/agent'],
  ['a node', 'node:a -> shop/api TCP 9090', 'cluster nodes'],
] as const)
  test(`${what} is let in by the addresses of all nodes, in the order of numbers, and that is told`, () => {
    const one = made([text]);
    assert.deepEqual(peersOf(one).from, ALL);
    assert.deepEqual(ruleLines(one), ['shop/api: ingress cluster nodes TCP 9090']);
    assert.equal(
      problemLines(one)[0],
      `NODES_OPENED the rule of \`shop/api\` for \`${named}\` opens TCP 9090 for all 2 known addresses of nodes, and so all that runs in the host network there`,
    );
  });

test('calls of the kubelet go to the addresses of all nodes', () => {
  const one = made(['shop/api -> node:a TCP 10250', 'shop/api -> shop/agent TCP 9100']);
  assert.deepEqual(ruleLines(one).slice(1), ['shop/api: egress cluster nodes TCP 9100, TCP 10250']);
});

test('blocks of nodes that are asked for stand instead of the addresses', () => {
  const one = made(['node:a -> shop/api TCP 1'], {}, { nodeBlocks: ['10.9.0.0/16'] });
  assert.deepEqual(peersOf(one).from, [{ ipBlock: { cidr: '10.9.0.0/16' } }]);
});

const hook = pod('shop/api', { ports: [{ name: 'webhook-server', protocol: 'TCP', port: 9443 }] });

test('a webhook stays open to the API server, though no call of it was seen', () => {
  const one = made(['shop/agent -> shop/api TCP 8080'], {
    pods: [hook, agent, dns],
    apiServer: ['10.9.0.2', '10.9.0.1'],
  });
  assert.deepEqual(specOf(one)?.ingress[0], {
    from: ['10.9.0.1/32', '10.9.0.2/32'].map(cidr => ({ ipBlock: { cidr } })),
    ports: [{ port: 9443, protocol: 'TCP' }],
  });
  const unknown = made(['shop/agent -> shop/api TCP 8080'], { pods: [hook, agent, dns] });
  assert.ok(problemLines(unknown).some(line => line.startsWith('WEBHOOK_NOT_COVERED')));
});
