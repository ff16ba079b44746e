import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Data, ready } from './support/hidden-lab.js';

const REFUSED = [
  `{ explain(input: { cluster: "lab", source: "shop/web", destination: "hidden-pay/hidden-db" }) { verdict text } }`,
  `{ explain(input: { cluster: "lab", source: "hidden-pay/hidden-dbx", destination: "shop/web" }) { verdict text } }`,
  `{ explain(input: { cluster: "lab", source: "NODE:hidden-node", destination: "shop/web" }) { verdict text } }`,
  `{ explain(input: { cluster: "lab", source: "shop/webb", destination: "EXTERNAL:hidden" }) { verdict text } }`,
  `mutation { importInventory(input: { cluster: "lab", manifests: "" }) { problems { message } } }`,
  `mutation { setRetention(input: { cluster: "lab", days: 7 }) { problems { message } } }`,
  `mutation { setClusterRanges(input: { cluster: "lab", cidrs: [] }) { problems { message } } }`,
  `mutation { importExternalBlocks(input: { blocks: [] }) { problems { message } } }`,
  `mutation { importExternalBlocks(input: { cluster: "lab", blocks: [] }) { problems { message } } }`,
  `mutation { ingestFlows(input: { cluster: "lab", flows: [] }) { accepted } }`,
  `{ auditVerification { entries } }`,
];

/** Asked of a cluster that is not there, these answer without an error. */
const NOT_THERE = [
  `{ explain(input: { cluster: "hidden-other", source: "shop/web", destination: "shop/api" }) { verdict text } }`,
  `mutation { generatePolicies(input: { cluster: "hidden-other" }) { yaml problems { code message } } }`,
];

test('a cluster beyond the scope is answered as one that is not there', async () => {
  const { scoped, assertHidden } = await ready();
  for (const query of NOT_THERE) {
    const answer = await scoped(query);
    assertHidden(query, answer, ['hidden-other']);
    const twin = await scoped(query.replaceAll('hidden-other', 'nowhere'));
    const told = ({ data, errors = [] }: typeof answer): string =>
      JSON.stringify([data, errors.map(({ message }) => message)]);
    assert.equal(told(answer).replaceAll('hidden-other', 'nowhere'), told(twin), query);
  }
});

test('what would reach beyond the scope is refused, the same whether it exists or not', async () => {
  const { scoped, assertHidden } = await ready();
  for (const query of REFUSED) {
    const answer = await scoped(query);
    assert.ok(answer.errors !== undefined, `${query}\n${JSON.stringify(answer)}`);
    const said = [
      'hidden-pay/hidden-dbx',
      'hidden-pay/hidden-db',
      'hidden-node',
      'EXTERNAL:hidden',
      'hidden-other',
    ];
    assertHidden(query, answer, said);
    const other = (text: string) =>
      JSON.stringify(text)
        .replaceAll(/hidden-other|nowhere/g, 'X')
        .replaceAll(/hidden-pay|nobody/g, 'Y');
    const twin = await scoped(
      query.replaceAll('hidden-other', 'nowhere').replaceAll('hidden-pay', 'nobody'),
    );
    assert.equal(
      other(answer.errors[0]?.message ?? ''),
      other(twin.errors?.[0]?.message ?? ''),
      query,
    );
  }
});

const WHOLE = { problems: 'problems { code severity message hint }' };

test('what a caller with a scope generates and simulates neither shows nor uses the rest, and says so', async () => {
  const { scoped, assertHidden } = await ready();
  const done = async (query: string): Promise<Data> => {
    const answer = await scoped(query);
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
    assertHidden(query, answer);
    return Object.values(answer.data)[0];
  };
  const codes = (problems: readonly { readonly code: string; readonly message: string }[]) =>
    problems.filter(({ code }) => code === 'SCOPE_HIDES').map(({ message }) => message);
  const one = ['1 peer is outside of your scope: flows with them are left out'];
  const generated = await done(
    `mutation { generatePolicies(input: { cluster: "lab", name: "hidden-set" }) {
    policySet { id version yaml policies { name yaml rules { peer ports } } } yaml extraPairs { source destination ports }
    completeness { flows silentDeployments lostEvents sources { name } } job { id kind } ${WHOLE.problems} } }`.replaceAll(
      'hidden-set',
      'own-set',
    ),
  );
  assert.deepEqual(codes(generated.problems), one);
  assert.deepEqual(generated.policySet.version, 1, 'versions of others are not counted');
  assert.equal(generated.completeness.flows, 6);
  const simulated =
    await done(`mutation { simulatePolicies(input: { cluster: "lab", policySet: "own-set" }) {
    simulation { id summary { stillAllowed newlyBlocked newlyAllowed stillBlocked undecidable } findings { message }
      days { class flows } completeness { flows }
      flows { totalCount nodes { class flow { id } explanation { text } } }
      connectivity(first: 100) { totalCount nodes { source destination newlyAllowed newlyBlocked } } }
    job { id } ${WHOLE.problems} } }`);
  assert.deepEqual(codes(simulated.problems), one);
  assert.equal(simulated.simulation.flows.totalCount, 3);
  const beyond = await scoped(`mutation { simulatePolicies(input: { cluster: "lab", policies: """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: x, namespace: elsewhere }
spec: { podSelector: {} }
""" }) { simulation { id } problems { code } } }`);
  assert.deepEqual(beyond.data.simulatePolicies, {
    simulation: null,
    problems: [{ code: 'OUTSIDE_SCOPE' }],
  });
  const baselines = await done(`mutation { unlockBaselines(input: { cluster: "lab" }) {
    baselines { deployment { name } entries { nodes { peer { ... on UnresolvedPeer { id name } } } } } problems { code message } } }`);
  assert.ok(baselines.baselines.length > 0);
  await done(`mutation { generateBaselines(input: { cluster: "lab" }) {
    baselines { deployment { name } } problems { code message } } }`);
  const unknown =
    await scoped(`mutation { lockBaselines(input: { cluster: "lab", namespaces: ["hidden-pay"], deployments: ["hidden-db"] }) {
    baselines { id } problems { code message } } }`);
  const said =
    await scoped(`mutation { lockBaselines(input: { cluster: "lab", namespaces: ["nowhere"], deployments: ["nobody"] }) {
    baselines { id } problems { code message } } }`);
  const plain = (text: object) =>
    JSON.stringify(text)
      .replaceAll(/hidden-pay|nowhere/g, 'X')
      .replaceAll(/hidden-db|nobody/g, 'Y');
  assert.equal(plain(unknown.data), plain(said.data));
  const jobs = await done('{ jobs { totalCount nodes { id kind result { id } details } } }');
  assert.equal(jobs.totalCount, 3);
});
