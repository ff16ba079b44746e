import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, labs } from '../support/lab.js';
import { workload } from '../support/manifests.js';

const lab = labs();

const FLOWS = `query ($filter: FlowFilter!) { flows(first: 50, filter: $filter) { nodes { port
  source { ... on Deployment { name kind } } } } }`;

const named = (kind: string, name: string) => ({ namespace: 'shop', workload: { kind, name } });

type Listed = { readonly port: number; readonly source: { readonly kind: string } };

test('a record that names a kind is about that kind, whatever else has the name', async () => {
  const shop = lab('same name');
  const seen = [
    flow('203.0.113.1', 'shop/api', 81, { source: named('Deployment', 'web') }),
    flow('203.0.113.1', 'shop/api', 82, { source: named('StatefulSet', 'web') }),
  ];
  await shop.take([
    workload('StatefulSet', 'web'),
    workload('Deployment', 'web'),
    workload('Deployment', 'api'),
  ]);
  await shop.see(...seen);
  const { flows } = await shop.ask(FLOWS, { filter: { cluster: { eq: shop.cluster } } });
  assert.deepEqual(
    Object.fromEntries(flows.nodes.map(({ port, source }: Listed) => [port, source.kind])),
    { 81: 'Deployment', 82: 'StatefulSet' },
  );
});
