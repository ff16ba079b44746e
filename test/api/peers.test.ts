import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, labs } from '../support/lab.js';
import { namespace, workload } from '../support/manifests.js';

const lab = labs();

const of = (kind: string, name: string) =>
  workload(kind, name, { labels: { app: name, of: kind } });

const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1' },
  status: { addresses: [{ type: 'InternalIP', address: '192.168.0.5' }] },
};

/** Flows of an end, where it has not one. */
const COUNTS: Readonly<Record<string, number>> = { 'shop/api': 4, 'shop/web[Deployment]': 0 };

test('every end that an answer prints is taken by every question', async () => {
  const shop = lab('spelling');
  await shop.take([
    namespace('shop'),
    of('Deployment', 'web'),
    of('StatefulSet', 'web'),
    of('Deployment', 'api'),
    NODE,
  ]);
  const stateful = {
    source: { namespace: 'shop', workload: { kind: 'StatefulSet', name: 'web' } },
  };
  await shop.see(
    flow('shop/x', 'shop/api', 8080, stateful),
    flow('shop/api', '203.0.113.7', 443),
    flow('shop/api', 'x', 443, { destination: { dnsName: 'api.example.com', ip: '203.0.113.9' } }),
    flow('192.168.0.5', 'shop/api', 8080),
  );
  const { networkGraph } = await shop.ask(
    'query ($cluster: String!) { networkGraph(cluster: $cluster, filter: { silent: true }) { nodes { id label } edges { source } } }',
    { cluster: shop.cluster },
  );
  const labels: readonly string[] = networkGraph.nodes.map(({ label }: { label: string }) => label);
  assert.deepEqual(labels.toSorted(), [
    'EXTERNAL:203.0.113.7',
    'EXTERNAL:api.example.com',
    'NODE:n1',
    'shop/api',
    'shop/web[Deployment]',
    'shop/web[StatefulSet]',
  ]);
  const asked = [...labels, 'external:203.0.113.7', '203.0.113.7', 'node:n1', 'api.example.com'];
  for (const label of asked) {
    const { explain, flows } = await shop.ask(
      `query ($out: ExplainInput!, $in: ExplainInput!, $filter: FlowFilter) {
        explain(input: $out) { verdict } in: explain(input: $in) { verdict } flows(filter: $filter) { totalCount } }`,
      {
        out: { cluster: shop.cluster, source: label, destination: 'shop/api', port: 8080 },
        in: { cluster: shop.cluster, source: 'shop/api', destination: label, port: 8080 },
        filter: {
          cluster: { eq: shop.cluster },
          or: [{ source: { eq: label } }, { destination: { in: [label] } }],
        },
      },
    );
    assert.notEqual(explain, null, label);
    assert.equal(flows.totalCount, COUNTS[label] ?? 1, label);
  }
});
