import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, labs } from '../support/lab.js';
import { namespace, policy, workload } from '../support/manifests.js';
import { app, SHOP } from '../support/shop.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  policySet { name version } yaml
  policies { namespace name rendering(as: CILIUM) { yaml cannot } rules { peer origin confidence } }
  scores { namespace deployment before after } deletions { kind namespace name } problems { code severity message hint } } }`;

const DNS = workload('Deployment', 'coredns', {
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
});

const CLUSTER = [...SHOP, namespace('kube-system'), DNS];

const FLOWS = [
  flow('shop/web', 'shop/api', 8080),
  flow('shop/web', 'kube-system/coredns', 53, { protocol: 'UDP' }),
];

type Made = {
  readonly policies: readonly { readonly namespace: string; readonly name: string }[];
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

const namesOf = ({ policies }: Made) => policies.map(one => `${one.namespace}/${one.name}`);

const messageOf = ({ problems }: Made, wanted: string) =>
  problems.find(({ code }) => code === wanted)?.message;

test('namespaces of the control plane get no policy unless they are named; then who serves DNS is open to all', async () => {
  const { take, see, call } = lab('protected');
  await take(CLUSTER);
  await see(...FLOWS);
  const made = await call(GENERATE);
  assert.deepEqual(namesOf(made), ['shop/api', 'shop/web']);
  assert.match(messageOf(made, 'NAMESPACE_PROTECTED') ?? '', /`kube-system\/coredns`/);
  for (const input of [
    { namespaces: ['kube-system', 'shop'] },
    { options: { protectedNamespaces: [] } },
  ]) {
    const all = await call(GENERATE, input);
    assert.deepEqual(namesOf(all), ['kube-system/coredns', 'shop/api', 'shop/web']);
    const [dns] = all.policies;
    assert.deepEqual(
      dns.rules.map(({ origin }: { readonly origin: string }) => origin),
      ['DNS_SERVER'],
    );
    assert.match(all.yaml, /- namespaceSelector: \{\}/);
    assert.ok(!all.problems.some(({ severity }: { severity: string }) => severity === 'ERROR'));
  }
});

const WRITTEN = policy('api-by-hand', {
  podSelector: app('api'),
  ingress: [{ from: [{ podSelector: app('web') }] }],
});
const OLD = {
  ...policy('old', { podSelector: app('web'), policyTypes: ['Egress'] }),
  metadata: {
    name: 'old',
    namespace: 'shop',
    labels: { 'network-policy-generator.stackrox.io/generated': 'true' },
  },
};
const DENY = policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

test('a deployment with a policy that somebody wrote is left alone unless asked; a default deny is no such policy', async () => {
  const { take, see, call } = lab('written');
  await take([...CLUSTER, WRITTEN, OLD, DENY]);
  await see(...FLOWS);
  const input = { namespaces: ['shop'] };
  const left = await call(GENERATE, input);
  assert.deepEqual(namesOf(left), ['shop/web']);
  assert.match(messageOf(left, 'HAND_WRITTEN') ?? '', /`shop\/api`/);
  assert.deepEqual(left.deletions, []);
  const beside = await call(GENERATE, { ...input, options: { replaceHandWritten: true } });
  assert.deepEqual(namesOf(beside), ['shop/api', 'shop/web']);
  const own = await call(GENERATE, { ...input, options: { deleteExisting: 'GENERATED_ONLY' } });
  const deletion = (name: string) => ({ kind: 'NetworkPolicy', namespace: 'shop', name });
  assert.deepEqual(own.deletions, [deletion('old')]);
  assert.deepEqual(namesOf(own), ['shop/web']);
  const all = await call(GENERATE, { ...input, options: { deleteExisting: 'ALL' } });
  assert.deepEqual(namesOf(all), ['shop/api', 'shop/web']);
  const some = await call(GENERATE, {
    deployments: ['shop/api', 'shop/web'],
    options: { deleteExisting: 'ALL' },
  });
  const everything = ['api-by-hand', 'default-deny', 'old'].map(deletion);
  assert.deepEqual(all.deletions, everything);
  assert.deepEqual(
    some.deletions,
    [deletion('api-by-hand'), deletion('old')],
    'a policy that selects others too stays',
  );
});

test('a set is judged as it will be in force, beside the policies that stay', async () => {
  const { take, see, call } = lab('beside');
  const outOfWeb = policy('web-out', { podSelector: app('web'), egress: [{}] });
  await take([...CLUSTER, WRITTEN, outOfWeb]);
  await see(...FLOWS, flow('shop/cron', 'shop/api', 8080));
  const left = await call(GENERATE, { namespaces: ['shop'] });
  assert.deepEqual(namesOf(left), ['shop/cron']);
  assert.match(messageOf(left, 'CLOSED_BY_LIVE') ?? '', /^1 of 1 .*`shop\/api-by-hand`$/);
  assert.equal(messageOf(left, 'FLOWS_NOT_COVERED'), undefined);
  const input = { namespaces: ['shop'], options: { replaceHandWritten: true } };
  const beside = await call(GENERATE, input);
  assert.match(messageOf(beside, 'OPENED_BY_LIVE') ?? '', /`shop\/api-by-hand`, `shop\/web-out`$/);
  assert.equal(messageOf(beside, 'CLOSED_BY_LIVE'), undefined, 'rules of several policies add up');
  const instead = await call(GENERATE, {
    namespaces: ['shop'],
    options: { deleteExisting: 'ALL' },
  });
  assert.equal(messageOf(instead, 'OPENED_BY_LIVE'), undefined);
});

test('each scope has a set of its own, and the same bytes are the same version', async () => {
  const { take, see, call } = lab('scopes');
  await take(CLUSTER);
  await see(...FLOWS);
  const setOf = async (input: object) => {
    const { policySet } = await call(GENERATE, input);
    return `${policySet.name} ${policySet.version}`;
  };
  assert.equal(await setOf({}), 'generated 1');
  assert.equal(await setOf({ namespaces: ['shop'] }), 'generated-shop 1');
  assert.equal(await setOf({ namespaces: ['shop'], deployments: ['web'] }), 'generated-shop:web 1');
  assert.equal(await setOf({ namespaces: ['shop'] }), 'generated-shop 1');
  await see(flow('shop/web', 'shop/api', 9090));
  assert.equal(await setOf({ namespaces: ['shop'] }), 'generated-shop 2');
});

test('what the window did not show is told, stands in the head of the text, and lowers the confidence', async () => {
  const { take, see, call } = lab('doubts');
  await take(CLUSTER);
  const days = ['15', '16', '17', '18', '19', '20', '21', '22'];
  await see(
    ...days.map(day => flow('shop/web', 'shop/api', 8080, { time: `2026-11-${day}T10:00:00Z` })),
  );
  const made = await call(GENERATE, { deployments: ['shop/api'] });
  assert.match(messageOf(made, 'GAPS') ?? '', /161 hours/);
  assert.match(made.yaml, /^# Made from an incomplete view:\n# - nothing at all was seen in 161/);
  assert.match(
    made.yaml,
    /^ {4}# shop\/web: seen 2026-11-15 to 2026-11-22 on 8 days, 8 times in 1 flow; confidence 0\.08$/m,
  );
  assert.deepEqual(made.policies[0].rules, [
    { peer: 'shop/web', origin: 'OBSERVED', confidence: 0.08 },
  ]);
  const plain = await call(GENERATE, {
    deployments: ['shop/api'],
    options: { comments: false },
  });
  assert.doesNotMatch(plain.yaml, /#/);
});

test('an option without effect, or a list that is too long, is refused', async () => {
  const shop = lab('refused');
  await shop.take(CLUSTER);
  for (const options of [
    { ingressSources: 'BLOCKS' },
    { ingressBlocks: ['10.0.0.0/8'] },
    { protectedNamespaces: Array.from({ length: 501 }, (_, at) => `n${at}`) },
  ])
    assert.equal((await shop.refused(GENERATE, { options })).code, 'BAD_USER_INPUT');
});

test('a policy is rendered for Cilium too, with what that cannot say', async () => {
  const { take, see, call } = lab('dialect');
  await take(CLUSTER);
  await see(...FLOWS);
  const made = await call(GENERATE, { deployments: ['shop/web'] });
  assert.match(made.policies[0].rendering.yaml, /^kind: CiliumNetworkPolicy$/m);
  assert.deepEqual(made.policies[0].rendering.cannot, []);
});

const ZONED = [
  ...CLUSTER.slice(0, -1),
  DNS,
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { zone: 'inner' } } },
];

test('a profile gives the namespace of a zone policies for all of its pods, and scores say what the set closes', async () => {
  const shop = lab('zones');
  await shop.take(ZONED);
  await shop.see(...FLOWS);
  const profile = {
    name: 'own',
    zones: [{ name: 'inner', labels: { zone: 'inner' }, deny: ['INGRESS'] }],
  };
  const made = await shop.call(GENERATE, { namespaces: ['shop'], options: { profile } });
  assert.deepEqual(namesOf(made), ['shop/default-deny', 'shop/api', 'shop/web']);
  const [all, ...each] = made.scores;
  assert.deepEqual([all.namespace, all.deployment, all.before], ['shop', null, 0]);
  assert.ok(all.after > 0.4, JSON.stringify(made.scores));
  assert.ok(each.length >= 2);
  for (const wrong of ['nobody', { name: 'own', zones: [{ name: 'x' }] }])
    assert.equal(
      (await shop.refused(GENERATE, { options: { profile: wrong } })).code,
      'BAD_USER_INPUT',
    );
});

const PROFILES = `query ($cluster: String!) { policyProfiles(cluster: $cluster) { name origin version definition updatedBy } }`;
const PUT = `mutation ($input: PutPolicyProfileInput!) { putPolicyProfile(input: $input) {
  profile { name version } problems { code path message } } }`;
const DELETE = `mutation ($input: DeletePolicyProfileInput!) { deletePolicyProfile(input: $input) {
  deleted problems { code hint } } }`;

test('a profile is stored, changed by its version, taken by its name, and deleted', async () => {
  const shop = lab('profiles');
  await shop.take(ZONED);
  await shop.see(...FLOWS);
  const own = (deny: readonly string[]) => ({
    name: 'own',
    zones: [{ name: 'inner', labels: { zone: 'inner' }, deny }],
  });
  const first = await shop.call(PUT, { profile: own(['INGRESS']), expectedVersion: 0 });
  assert.deepEqual(first, { profile: { name: 'own', version: 1 }, problems: [] });
  const again = await shop.call(PUT, { profile: own(['INGRESS']) });
  assert.equal(again.profile.version, 1, 'the same definition is no new version');
  const stale = await shop.call(PUT, { profile: own(['EGRESS']), expectedVersion: 0 });
  assert.deepEqual([stale.profile, stale.problems[0].code], [null, 'CONFLICT']);
  const changed = await shop.call(PUT, { profile: own(['EGRESS']), expectedVersion: 1 });
  assert.equal(changed.profile.version, 2);
  for (const [profile, code] of [
    [{ name: 'gpu', zones: [] }, 'NAME_TAKEN'],
    [{ name: 'two words', zones: [] }, 'PROFILE_INVALID'],
    [{ name: 'own', zones: [{ name: 'x' }] }, 'PROFILE_INVALID'],
  ] as const)
    assert.equal((await shop.call(PUT, { profile })).problems[0].code, code);
  const { policyProfiles } = await shop.ask(PROFILES, { cluster: shop.cluster });
  assert.deepEqual(
    policyProfiles.map((one: { name: string; origin: string; version: number }) => [
      one.name,
      one.origin,
      one.version,
    ]),
    [
      ['gpu', 'BUILT_IN', 0],
      ['own', 'STORED', 2],
    ],
  );
  assert.deepEqual(policyProfiles[1].definition, own(['EGRESS']));
  const made = await shop.call(GENERATE, { namespaces: ['shop'], options: { profile: 'own' } });
  assert.ok(namesOf(made).includes('shop/default-deny'));
  const near = await shop.refused(GENERATE, { options: { profile: 'onw' } });
  assert.match(near.message, /perhaps `own`/);
  const missing = await shop.call(DELETE, { name: 'onw' });
  assert.deepEqual([missing.deleted, missing.problems[0].hint], [false, 'the nearest: `own`']);
  assert.deepEqual(await shop.call(DELETE, { name: 'own' }), { deleted: true, problems: [] });
});
