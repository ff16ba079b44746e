import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labs } from '../support/lab.js';
import { edges, SHOP, seen } from './support/whose.js';
import { SERVED, serviceOf } from './support/whose-service.js';

const lab = labs();

const WEB = { namespace: 'shop', pod: 'web-6d5f7c8b9d-x7k2p' };
const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted rejected } }`;

test('a name without a dot is the Service beside its client, and never outside', async () => {
  const shop = lab('bare-names');
  await shop.take(SERVED);
  await shop.see(
    seen(WEB, { dnsName: 'api' }, 80),
    seen(WEB, { dnsName: 'Ledger' }, 5432),
    seen({ ip: '203.0.113.9' }, { dnsName: 'api' }, 80),
  );
  assert.deepEqual(await edges(shop), [
    'EXTERNAL:203.0.113.9 -> EXTERNAL:api TCP 80',
    'shop/web -> UNRESOLVED:svc:shop/ledger TCP 5432',
    'shop/web -> shop/api TCP 80/8080',
  ]);
  const { flows } = await shop.ask(
    `query ($filter: FlowFilter!) { flows(filter: $filter) { nodes { trafficClass } } }`,
    { filter: { cluster: { eq: shop.cluster }, destination: { contains: 'ledger' } } },
  );
  assert.deepEqual(flows.nodes, [{ trafficClass: 'APP' }]);
});

test("an end outside of Istio's records has the host name that was asked for", async () => {
  const shop = lab('service-entries');
  await shop.take(SHOP);
  const line = [
    '2026-11-22T10:00:00.000000Z\tinfo\taccess\tconnection complete\tsrc.addr=10.1.0.40:41000',
    'src.workload="web-6d5f7c8b9d-x7k2p" src.namespace="shop" dst.addr=203.0.113.77:443',
    'dst.service="API.partner.example" direction="outbound" bytes_sent=1 bytes_recv=2 duration="1ms"',
  ].join(' ');
  await shop.call(INGEST, { format: 'ztunnel', records: line });
  assert.deepEqual(await edges(shop), ['shop/web -> EXTERNAL:api.partner.example TCP 443']);
});

/** A flow of Goldmane to what is no pod, by the Service that was asked. */
const toService = (namespace: string, name: string, port: number): string =>
  JSON.stringify({
    Key: {
      source_name: 'web-6d5f7c8b9d-*',
      source_namespace: 'shop',
      source_type: 1,
      dest_name: 'pvt',
      dest_namespace: '-',
      dest_type: 4,
      dest_port: port,
      dest_service_name: name,
      dest_service_namespace: namespace,
      dest_service_port: 443,
      proto: 'tcp',
      reporter: 1,
      action: 1,
      policies: {},
    },
    start_time: 1_795_341_600,
    end_time: 1_795_341_615,
    packets_in: 1,
    packets_out: 1,
    bytes_in: 1,
    bytes_out: 1,
    num_connections_started: 1,
    source_labels: ['app=web', 'pod-template-hash=6d5f7c8b9d'],
    dest_labels: [],
  });

test('what Calico knows by its Service alone is what the Service leads to; default/kubernetes is the API server with no inventory', async () => {
  const shop = lab('services-of-calico');
  const records = [
    toService('default', 'kubernetes', 6443),
    toService('shop', 'partner', 8443),
  ].join('\n');
  await shop.take([
    ...SHOP,
    serviceOf('partner', null, {
      clusterIP: '10.2.0.60',
      ports: [{ port: 443, targetPort: 8443 }],
    }),
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'partner', namespace: 'shop' },
      subsets: [{ addresses: [{ ip: '203.0.113.60' }], ports: [{ port: 8443 }] }],
    },
  ]);
  await shop.call(INGEST, { format: 'calico', records });
  assert.deepEqual(await edges(shop), [
    'shop/web -> EXTERNAL:203.0.113.60 TCP 443/8443',
    'shop/web -> EXTERNAL:kube-apiserver TCP 443/6443',
  ]);
});
