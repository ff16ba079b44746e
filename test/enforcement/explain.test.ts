import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, flow, type Lab, labs } from '../support/lab.js';
import { namespace, node, policy, workload } from '../support/manifests.js';
import { adminDeny, allowIngress, app, denyEgress, deployment, SHOP } from '../support/shop.js';

const lab = labs();

const HALF = `{ direction verdict governed missing reasons { tier policy: policyName rule action line column file } }`;
const EXPLAIN = `query ($input: ExplainInput!) { explain(input: $input) {
  verdict basis governed missing text egress ${HALF} ingress ${HALF} } }`;

const WEB_TO_API = { source: 'shop/web', destination: 'shop/api', port: 8080 };
const CRON_TO_API = { ...WEB_TO_API, source: 'shop/cron' };

type Reason = { readonly policy: string; readonly rule: number | null; readonly action: string };

/** The reasons of a direction as `Kind/namespace/name#rule ACTION`. */
const reasonsOf = ({ reasons }: { readonly reasons: readonly Reason[] }): readonly string[] =>
  reasons.map(({ policy: name, rule, action }) => `${name}#${rule ?? '-'} ${action ?? '-'}`);

/** Verdict and basis of a connection. */
const verdictOf = async ({ call }: Lab, input: object): Promise<string> => {
  const { verdict, basis } = await call(EXPLAIN, input);
  return `${verdict} ${basis}`;
};

test('a connection that no policy governs is allowed, without reasons', async () => {
  const { take, call } = lab('ungoverned');
  await take(SHOP);
  const { egress, ingress, text, ...both } = await call(EXPLAIN, WEB_TO_API);
  const open = { verdict: 'ALLOWED', governed: false, missing: null };
  assert.deepEqual(both, { ...open, basis: 'default-allow' });
  assert.deepEqual(egress, { ...open, direction: 'EGRESS', reasons: [] });
  assert.deepEqual(ingress, { ...open, direction: 'INGRESS', reasons: [] });
  assert.match(text, /^allowed/);
});

test('each direction names the policies and rules that decided, with their lines', async () => {
  const { take, call, ask, cluster } = lab('both directions');
  await take([...SHOP, allowIngress('api', 'web'), denyEgress('cron'), denyEgress('db')]);
  const allowed = await call(EXPLAIN, WEB_TO_API);
  assert.deepEqual([allowed.verdict, allowed.governed], ['ALLOWED', true]);
  assert.deepEqual(reasonsOf(allowed.egress), []);
  assert.deepEqual(reasonsOf(allowed.ingress), ['NetworkPolicy/shop/api#0 ALLOW']);
  const [{ tier, line, column }] = allowed.ingress.reasons;
  assert.equal(tier, 'NETWORK_POLICY');
  const { policies } = await ask(
    'query ($cluster: String!) { policies(filter: { cluster: { eq: $cluster }, name: { eq: "api" } }) { nodes { yaml } } }',
    { cluster },
  );
  const text: string = policies.nodes[0].yaml.split('\n')[line - 1];
  assert.match(text.slice(column - 1), /^(- )?from:/, 'the line is the rule');

  const denied = await call(EXPLAIN, CRON_TO_API);
  assert.deepEqual([denied.verdict, denied.basis], ['DENIED', 'policy']);
  assert.deepEqual(
    [denied.egress.verdict, denied.ingress.verdict],
    ['DENIED', 'DENIED'],
    'both directions are told though one of them would do',
  );
  assert.deepEqual(reasonsOf(denied.egress), ['NetworkPolicy/shop/cron-egress#- -']);
  assert.deepEqual(reasonsOf(denied.ingress), ['NetworkPolicy/shop/api#- -']);
  assert.match(denied.text, /`NetworkPolicy\/shop\/cron-egress`/);
});

test('a rule of the admin tier is the reason where it decides', async () => {
  const { take, call } = lab('admin tier');
  await take([...SHOP, allowIngress('api', 'cron'), adminDeny('api', 'cron')]);
  const { verdict, ingress } = await call(EXPLAIN, CRON_TO_API);
  assert.equal(verdict, 'DENIED');
  assert.equal(ingress.reasons[0].tier, 'ADMIN');
  assert.deepEqual(reasonsOf(ingress), ['AdminNetworkPolicy/cron-to-api#0 DENY']);
});

test('ports and protocols other than those of the rule are denied, and the default is TCP', async () => {
  const shop = lab('ports');
  await shop.take([...SHOP, allowIngress('api', 'web')]);
  const asked = [{}, { protocol: 'tcp' }, { protocol: 'UDP' }, { port: 8081 }];
  const verdicts = await Promise.all(
    asked.map(other => verdictOf(shop, { ...WEB_TO_API, ...other })),
  );
  assert.deepEqual(verdicts, [
    'ALLOWED policy',
    'ALLOWED policy',
    'DENIED policy',
    'DENIED policy',
  ]);
});

const OUTSIDE: readonly { input: object; verdict: string }[] = [
  { input: { source: '198.51.100.7', destination: 'shop/api' }, verdict: 'ALLOWED policy' },
  { input: { source: '198.51.101.7', destination: 'shop/api' }, verdict: 'DENIED policy' },
  { input: { source: '198.51.100.64/26', destination: 'shop/api' }, verdict: 'ALLOWED policy' },
  { input: { source: '203.0.113.0/24', destination: 'shop/api' }, verdict: 'DENIED policy' },
  { input: { source: '2001:db8::1', destination: 'shop/api' }, verdict: 'DENIED policy' },
  { input: { source: 'shop/web', destination: '198.51.101.7' }, verdict: 'ALLOWED default-allow' },
  {
    input: { source: 'shop/Deployment/web', destination: 'shop/api' },
    verdict: 'DENIED cni-dependent',
  },
  { input: { source: 'worker', destination: 'shop/web' }, verdict: 'ALLOWED default-allow' },
  { input: { source: 'NODE:worker', destination: 'shop/web' }, verdict: 'ALLOWED default-allow' },
  {
    input: { source: 'shop/web[Deployment]', destination: 'shop/api[Deployment]' },
    verdict: 'DENIED cni-dependent',
  },
  {
    input: { source: 'shop/web', destination: 'svc:shop/front', port: 80 },
    verdict: 'DENIED cni-dependent',
  },
  {
    input: { source: 'EXTERNAL:198.51.100.7', destination: 'shop/api' },
    verdict: 'ALLOWED policy',
  },
  {
    input: { source: 'external:198.51.100.64/26', destination: 'shop/api' },
    verdict: 'ALLOWED policy',
  },
  { input: { source: 'shop/web', destination: 'example.com' }, verdict: 'ALLOWED default-allow' },
  {
    input: { source: '{ingress-controller}', destination: 'shop/api' },
    verdict: 'DENIED cni-dependent',
  },
];

const FRONT = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'front', namespace: 'shop' },
  spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080 }] },
};

test('ends are named by deployment, kind, Service, address, block, domain, mark or node', async () => {
  const shop = lab('names');
  const from = [{ ipBlock: { cidr: '198.51.100.0/24' } }];
  await shop.take([
    ...SHOP,
    node('worker', '192.0.2.1'),
    FRONT,
    policy('api', { podSelector: app('api'), ingress: [{ from }] }),
  ]);
  for (const { input, verdict } of OUTSIDE) {
    assert.equal(await verdictOf(shop, { port: 8080, ...input }), verdict, JSON.stringify(input));
  }
});

test('kinds that share a name are told apart', async () => {
  const shop = lab('kinds');
  const set = workload('StatefulSet', 'web', { labels: { app: 'set' } });
  await shop.take([...SHOP, set, allowIngress('api', 'web')]);
  const { code, message } = await shop.refused(EXPLAIN, WEB_TO_API);
  assert.equal(code, 'BAD_USER_INPUT');
  assert.match(message, /`shop\/web` is ambiguous/);
  const ask = (source: string) => verdictOf(shop, { ...WEB_TO_API, source });
  assert.equal(await ask('shop/Deployment/web'), 'ALLOWED policy');
  assert.equal(await ask('shop/StatefulSet/web'), 'DENIED policy');
  assert.equal(await ask('shop/web[Deployment]'), 'ALLOWED policy');
  assert.equal(await ask('shop/web[StatefulSet]'), 'DENIED policy');
});

/** `203.0.113.9` under two names, one of which is two addresses'. */
const NAMED_OUTSIDE = [
  { ip: '203.0.113.9', dnsName: 'pay.example.com' },
  { ip: '203.0.113.10', dnsName: 'cdn.example.com' },
  { ip: '203.0.113.11', dnsName: 'cdn.example.com' },
].map(destination => ({ ...flow('shop/web', 'shop/api', 443), destination }));

test('what flows show outside is found by the name that lists have for it', async () => {
  const shop = lab('names outside');
  const to = [{ ipBlock: { cidr: '203.0.113.9/32' } }];
  await shop.take([...SHOP, policy('web', { podSelector: app('web'), egress: [{ to }] })]);
  await shop.see(...NAMED_OUTSIDE);
  const ask = (destination: string) => ({ source: 'shop/web', destination, port: 443 });
  assert.equal(await verdictOf(shop, ask('EXTERNAL:pay.example.com')), 'ALLOWED policy');
  assert.equal(await verdictOf(shop, ask('external:PAY.example.com')), 'ALLOWED policy');
  assert.equal(await verdictOf(shop, ask('EXTERNAL:cdn.example.com')), 'DENIED policy');
  const nobody = await shop.refused(EXPLAIN, ask('EXTERNAL:nobody'));
  assert.match(nobody.message, /`EXTERNAL:nobody` names nothing outside of the cluster/);
});

const GRAPH = `query ($cluster: String!) { networkGraph(cluster: $cluster) { nodes { label } } }`;
const FROM = `query ($filter: FlowFilter!) { flows(filter: $filter) { totalCount } }`;

test('every label of the graph is a name that `explain` and filters of flows take', async () => {
  const shop = lab('labels');
  await shop.take([...SHOP, node('worker', '192.0.2.1')]);
  await shop.see(
    ...NAMED_OUTSIDE.slice(0, 1),
    flow('198.51.100.7', 'shop/api', 8080),
    flow('192.0.2.1', 'shop/api', 8080),
    flow('10.9.9.9', 'shop/api', 8080),
    flow('shop/web', 'shop/api', 8080),
  );
  const { cluster, ask, call } = shop;
  const { networkGraph } = await ask(GRAPH, { cluster });
  const labels: readonly string[] = networkGraph.nodes.map((one: { label: string }) => one.label);
  assert.deepEqual(labels.toSorted(), [
    'EXTERNAL:198.51.100.7',
    'EXTERNAL:pay.example.com',
    'NODE:worker',
    'UNRESOLVED:10.9.9.9',
    'shop/api',
    'shop/web',
  ]);
  for (const label of labels) {
    const explained = await call(EXPLAIN, { ...WEB_TO_API, source: label });
    assert.notEqual(explained.verdict, null, label);
    const of = { source: { eq: label } };
    const to = { destination: { eq: label } };
    const filter = { cluster: { eq: cluster }, or: [of, to] };
    assert.notEqual((await ask(FROM, { filter })).flows.totalCount, 0, label);
  }
});

test('policies of the input stand in for the live ones of their names, or beside them', async () => {
  const shop = lab('candidate');
  const { take, call, see, verdicts } = shop;
  await take([...SHOP, allowIngress('api', 'web')]);
  await see(flow('shop/web', 'shop/api', 8080));
  const with_ = (...policies: readonly object[]) => ({
    ...WEB_TO_API,
    policies: documents(...policies),
  });
  const replaced = await call(EXPLAIN, with_(allowIngress('api', 'cron')));
  assert.equal(replaced.verdict, 'DENIED');
  assert.deepEqual(reasonsOf(replaced.ingress), ['NetworkPolicy/shop/api#- -']);
  const added = await call(EXPLAIN, with_(denyEgress('web')));
  assert.deepEqual([added.egress.verdict, added.ingress.verdict], ['DENIED', 'ALLOWED']);
  const namesake = with_(policy('api', { podSelector: {} }, 'other'));
  assert.equal((await call(EXPLAIN, namesake)).verdict, 'ALLOWED');
  assert.equal((await call(EXPLAIN, { ...namesake, ...CRON_TO_API })).verdict, 'DENIED');
  assert.deepEqual(Object.values(await verdicts()), ['ALLOWED by policy [ACTIVE ALLOWED]']);
});

test('a reason of the input has the line and column that it stands in there', async () => {
  const { take, call } = lab('places');
  await take(SHOP);
  const policies = `# ours
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: cron}}}]
    - from: [{podSelector: {matchLabels: {app: web}}}]
`;
  const { ingress } = await call(EXPLAIN, { ...WEB_TO_API, policies });
  const [{ rule, line, column, file }] = ingress.reasons;
  assert.deepEqual({ rule, line, column, file }, { rule: 1, line: 9, column: 7, file: null });
});

test('`at` asks for the policies and labels of then', async () => {
  const shop = lab('then');
  const at = (hour: string) => `2026-11-22T${hour}:00:00Z`;
  await shop.take([...SHOP, allowIngress('api', 'web')], { observedAt: at('08') });
  await shop.take([allowIngress('api', 'cron')], { observedAt: at('10') });
  await shop.take([deployment('cron', { app: 'other' })], { observedAt: at('12') });
  const ask = (moment: object) => verdictOf(shop, { ...CRON_TO_API, ...moment });
  assert.equal(await ask({ at: at('09') }), 'DENIED policy');
  assert.equal(await ask({ at: at('11') }), 'ALLOWED policy');
  assert.equal(await ask({ at: at('13') }), 'DENIED policy');
  assert.equal(await ask({}), 'DENIED policy');
});

test('a deployment whose labels nobody knows leaves the answer open, and the missing fact is named', async () => {
  const { take, see, call } = lab('unknown labels');
  await take([namespace('shop'), deployment('api'), allowIngress('api', 'web')]);
  await see(flow('shop/web', 'shop/api', 8080));
  const { verdict, missing } = await call(EXPLAIN, WEB_TO_API);
  assert.equal(verdict, 'UNDECIDABLE');
  assert.notEqual(missing, null);
});

test('so it does under policies of the input, where none is in force', async () => {
  const { take, see, call } = lab('unknown labels, no policies');
  await take([namespace('shop'), deployment('api')]);
  await see(flow('shop/web', 'shop/api', 8080));
  const policies = documents(allowIngress('api', 'web'));
  assert.equal((await call(EXPLAIN, WEB_TO_API)).verdict, 'ALLOWED');
  assert.equal((await call(EXPLAIN, { ...WEB_TO_API, policies })).verdict, 'UNDECIDABLE');
});

const REFUSED: readonly { title: string; input: object; message: RegExp }[] = [
  { title: 'an unknown source', input: { source: 'shop/nobody' }, message: /`shop\/nobody`/ },
  { title: 'an unknown destination', input: { destination: 'x/api' }, message: /`x\/api`/ },
  {
    title: 'a policy that cannot be used',
    input: {
      policies: documents(policy('api', { podSelector: {}, policyTypes: ['Sideways'] })),
    },
    message: /line 1, column \d+: .*`Sideways`/,
  },
];

for (const { title, input, message } of REFUSED) {
  test(`${title} is refused by name`, async () => {
    const { take, refused } = lab(title);
    await take(SHOP);
    const told = await refused(EXPLAIN, { ...WEB_TO_API, ...input });
    assert.equal(told.code, 'BAD_USER_INPUT');
    assert.match(told.message, message);
  });
}
