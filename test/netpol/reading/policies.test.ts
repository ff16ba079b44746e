import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies } from '../../../src/netpol/index.js';

const head = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n';

test('an unknown field is a warning at its key, and the policy is read without it', () => {
  const text = `${head}spec:\n  podSelector:\n    matchLabels: {a: b}\n    app: web\n  ingres: []\n`;
  const { policies, problems } = parsePolicies([{ file: 'f', text }]);
  assert.equal(policies.length, 1);
  assert.deepEqual(
    problems.map(({ code, severity, path, place }) => [severity, code, path, place?.line]),
    [
      ['WARNING', 'UNKNOWN_FIELD', 'spec.ingres', 9],
      ['WARNING', 'UNKNOWN_FIELD', 'spec.podSelector.app', 8],
    ],
  );
});

test('of two policies with one name the later one stays, with a warning that names the earlier', () => {
  const first = `${head}spec: {podSelector: {matchLabels: {a: first}}}\n`;
  const second = `${head}spec: {podSelector: {matchLabels: {a: second}}}\n`;
  const { policies, problems } = parsePolicies([
    { file: 'one', text: first },
    { file: 'two', text: second },
  ]);
  assert.equal(policies.length, 1);
  assert.deepEqual(policies[0]?.subject.pods.requirements[0]?.values, ['second']);
  assert.deepEqual(
    problems.map(({ code, severity, place, message }) => [severity, code, place?.file, message]),
    [
      [
        'WARNING',
        'POLICY_DUPLICATE',
        'two',
        'NetworkPolicy `p` replaces the one of the same name in `one` line 4',
      ],
    ],
  );
});

test('row 2: a policy without namespace belongs to default, and says so only when asked', () => {
  const sources = [{ file: 'f', text: `${head}spec: {}\n` }];
  const quiet = parsePolicies(sources);
  assert.equal(quiet.policies[0]?.namespace, 'default');
  assert.deepEqual(quiet.problems, []);
  const { problems } = parsePolicies(sources, { warnOfDefaultNamespace: true });
  assert.deepEqual(
    problems.map(({ code, severity, place }) => [severity, code, place?.line]),
    [['WARNING', 'NAMESPACE_MISSING', 3]],
  );
});

test('a policy of another API is not passed over in silence', () => {
  const apis = ['projectcalico.org/v3', 'cilium.io/v2', 'extensions/v1beta1'];
  const kinds = ['GlobalNetworkPolicy', 'CiliumNetworkPolicy', 'NetworkPolicy'];
  const text = apis
    .map((api, index) => `{apiVersion: ${api}, kind: ${kinds[index]}, metadata: {name: p}}`)
    .join('\n---\n');
  const { policies, problems } = parsePolicies([{ file: 'f', text }]);
  assert.deepEqual(policies, []);
  assert.deepEqual(
    problems.map(({ code, severity, place }) => [severity, code, place?.line]),
    [1, 3, 5].map(line => ['WARNING', 'POLICY_NOT_READ', line]),
  );
});

test('a policy stands at its name, a rule at its item, in YAML and in JSON', () => {
  const yaml = `${head}spec:\n  ingress:\n  - {}\n  - from:\n    - podSelector: {}\n`;
  const [policy] = parsePolicies([{ file: 'f', text: yaml }]).policies;
  assert.deepEqual(policy?.place, { file: 'f', line: 4, column: 9 });
  assert.deepEqual(
    policy?.ingress?.map(rule => [rule.place.line, rule.place.column]),
    [
      [7, 5],
      [8, 5],
    ],
  );
  const json = JSON.stringify(policy?.document, null, 1);
  const [same] = parsePolicies([{ file: 'f', text: json }]).policies;
  const lineOf = (line: number) => json.split('\n')[line - 1]?.trim();
  assert.equal(lineOf(same?.place.line ?? 0), '"name": "p"');
  assert.equal(lineOf(same?.ingress?.[1]?.place.line ?? 0), '{');
});
