import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reserved, wrapped } from '../flows/formats/hubble-records.js';
import { flow, INGEST, labs } from '../support/lab.js';
import { namespace, node, pod, policy } from '../support/manifests.js';
import { adminDeny, allowIngress, app, denyEgress, SHOP } from '../support/shop.js';

const lab = labs();

const WEB = flow('shop/web', 'shop/api', 8080);
const CRON = flow('shop/cron', 'shop/api', 8080);
const DB = flow('shop/api', 'shop/db', 5432);

const ALLOWED = 'ALLOWED by policy [ACTIVE ALLOWED]';
const DENIED = 'DENIED by policy [ACTIVE ANOMALOUS]';
const UNGOVERNED = 'ALLOWED by default-allow, ungoverned [ACTIVE]';

test('flows that no policy governs are allowed by default', async () => {
  const { take, see, verdicts } = lab('ungoverned');
  await take(SHOP);
  await see(WEB, CRON);
  assert.deepEqual(await verdicts(), {
    'shop/web -> shop/api TCP 8080': UNGOVERNED,
    'shop/cron -> shop/api TCP 8080': UNGOVERNED,
  });
});

test('flows are judged by the policies in force as they come in, and edges of an earlier batch keep their verdicts', async () => {
  const { take, see, verdicts } = lab('on ingest');
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(WEB, CRON, DB);
  const first = {
    'shop/web -> shop/api TCP 8080': ALLOWED,
    'shop/cron -> shop/api TCP 8080': DENIED,
    'shop/api -> shop/db TCP 5432': UNGOVERNED,
  };
  assert.deepEqual(await verdicts(), first);
  await see(
    flow('shop/web', 'shop/api', 8080, { time: '2026-11-22T11:00:00Z' }),
    flow('shop/web', 'shop/api', 9090),
  );
  assert.deepEqual(await verdicts(), { ...first, 'shop/web -> shop/api TCP 9090': DENIED });
});

test('a flow is allowed only where the policies of both of its ends allow it', async () => {
  const { take, see, verdicts } = lab('both ends');
  await take([...SHOP, allowIngress('api', 'web'), denyEgress('web'), denyEgress('cron')]);
  await see(WEB, CRON, DB, flow('shop/web', '203.0.113.9', 443));
  assert.deepEqual(await verdicts(), {
    'shop/web -> shop/api TCP 8080': DENIED,
    'shop/cron -> shop/api TCP 8080': DENIED,
    'shop/api -> shop/db TCP 5432': UNGOVERNED,
    'shop/web -> EXTERNAL:203.0.113.9 TCP 443': DENIED,
  });
});

test('ends outside of the cluster are judged by their addresses', async () => {
  const { take, see, verdicts } = lab('outside');
  const spec = {
    podSelector: app('api'),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.64/26'] } }] }],
    egress: [{ to: [{ ipBlock: { cidr: '203.0.113.9/32' } }], ports: [{ port: 443 }] }],
  };
  await take([...SHOP, policy('api', spec)]);
  await see(
    flow('198.51.100.7', 'shop/api', 8080),
    flow('198.51.100.70', 'shop/api', 8080),
    flow('shop/api', '203.0.113.9', 443),
    flow('shop/api', '203.0.113.10', 443),
  );
  assert.deepEqual(await verdicts(), {
    'EXTERNAL:198.51.100.7 -> shop/api TCP 8080': ALLOWED,
    'EXTERNAL:198.51.100.70 -> shop/api TCP 8080': DENIED,
    'shop/api -> EXTERNAL:203.0.113.9 TCP 443': ALLOWED,
    'shop/api -> EXTERNAL:203.0.113.10 TCP 443': DENIED,
  });
});

test('a policy of the admin tier goes before a NetworkPolicy', async () => {
  const { take, see, verdicts } = lab('admin tier');
  const admin = adminDeny('api', 'cron');
  await take([...SHOP, allowIngress('api', 'cron'), admin]);
  await see(WEB, CRON);
  assert.deepEqual(await verdicts(), {
    'shop/web -> shop/api TCP 8080': DENIED,
    'shop/cron -> shop/api TCP 8080': DENIED,
  });
  await take([{ ...admin, spec: { ...admin.spec, ingress: [] } }]);
  assert.equal((await verdicts())['shop/cron -> shop/api TCP 8080'], ALLOWED);
});

test('the policies of one cluster say nothing of another one', async () => {
  const one = lab('with a policy');
  const other = lab('without a policy');
  await one.take([...SHOP, allowIngress('api', 'web')]);
  await other.take(SHOP);
  await one.see(CRON);
  await other.see(CRON);
  assert.deepEqual(await one.verdicts(), { 'shop/cron -> shop/api TCP 8080': DENIED });
  assert.deepEqual(await other.verdicts(), { 'shop/cron -> shop/api TCP 8080': UNGOVERNED });
});

test('what the dataplane dropped is anomalous, whatever the policies say', async () => {
  const { take, see, verdicts } = lab('dropped');
  await take([...SHOP, allowIngress('api', 'web')]);
  const drop = { verdict: 'DENIED' };
  await see(
    flow('shop/web', 'shop/api', 8080, drop),
    flow('shop/api', 'shop/db', 5432, drop),
    flow('shop/cron', 'shop/db', 5432),
  );
  assert.deepEqual(await verdicts(), {
    'shop/web -> shop/api TCP 8080': 'ALLOWED by policy [ACTIVE ALLOWED ANOMALOUS]',
    'shop/api -> shop/db TCP 5432': 'ALLOWED by default-allow, ungoverned [ACTIVE ANOMALOUS]',
    'shop/cron -> shop/db TCP 5432': UNGOVERNED,
  });
});

test('a probe from the node of the pod is allowed under a policy that denies all', async () => {
  const { take, call, verdicts } = lab('probe');
  const api = { owner: 'StatefulSet/api', labels: { app: 'api' }, ip: '10.0.0.2' };
  await take([
    namespace('shop'),
    node('node-a', '192.0.2.1'),
    pod('api-1', api),
    policy('deny-all'),
  ]);
  const from = (label: string, address: string) =>
    wrapped({ source: reserved(label), IP: { source: address, destination: '10.0.0.2' } });
  const records = [from('host', '192.0.2.1'), from('world', '198.51.100.7')].map(record =>
    JSON.stringify(record),
  );
  const { accepted } = await call(INGEST, { format: 'hubble', records: records.join('\n') });
  assert.equal(accepted, 2);
  assert.deepEqual(await verdicts(), {
    'NODE:node-a -> shop/api TCP 8080': 'ALLOWED by spec-exception, ungoverned [ACTIVE]',
    'EXTERNAL:198.51.100.7 -> shop/api TCP 8080': DENIED,
  });
});

const FILTERS: readonly { filter: object; sources: readonly string[] }[] = [
  { filter: { policyVerdict: 'ALLOWED' }, sources: ['api', 'web'] },
  { filter: { policyVerdict: 'DENIED' }, sources: ['cron'] },
  { filter: { policyVerdict: 'UNDECIDABLE' }, sources: ['stranger'] },
  { filter: { tags: ['ALLOWED'] }, sources: ['web'] },
  { filter: { tags: ['ANOMALOUS'] }, sources: ['cron'] },
  { filter: { tags: ['ALLOWED', 'ANOMALOUS'] }, sources: ['cron', 'web'] },
  { filter: { not: { tags: ['ALLOWED'] } }, sources: ['api', 'cron', 'stranger'] },
  { filter: { policyVerdict: 'ALLOWED', not: { tags: ['ALLOWED'] } }, sources: ['api'] },
];

test('flows are filtered by what policies say of them', async () => {
  const { take, see, verdicts } = lab('filters');
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(WEB, CRON, DB, flow('shop/stranger', 'shop/api', 8080));
  for (const { filter, sources } of FILTERS) {
    const found = Object.keys(await verdicts(filter)).map(edge => edge.split(/[ /]/)[1]);
    assert.deepEqual(found.toSorted(), sources, JSON.stringify(filter));
  }
});
