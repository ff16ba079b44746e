import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../support/server.js';

const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted } }`;
const SIMULATE = `mutation ($input: SimulatePoliciesInput!) {
  simulatePolicies(input: $input) { simulation { id } problems { code severity message path line column hint } } }`;

const FLOW = JSON.stringify({
  time: '2026-11-20T10:00:00Z',
  source: {
    namespace: 'shop',
    workload: { kind: 'Deployment', name: 'web' },
    labels: { app: 'web' },
  },
  destination: {
    namespace: 'shop',
    workload: { kind: 'Deployment', name: 'api' },
    labels: { app: 'api' },
  },
  port: 8080,
  protocol: 'TCP',
});

const policy = (spec: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
${spec}`;

const BAD = [
  {
    title: 'malformed YAML',
    yaml: policy('  podSelector: {matchLabels: {app: api}\n  ingress: []\n'),
    line: 8,
  },
  {
    title: 'a bad CIDR',
    yaml: policy(
      '  podSelector: {}\n  ingress:\n    - from:\n        - ipBlock:\n            cidr: 10.0.0.0/33\n',
    ),
    line: 11,
  },
  {
    title: 'an unknown operator',
    yaml: policy(
      '  podSelector:\n    matchExpressions:\n      - key: app\n        operator: Like\n        values: [api]\n',
    ),
    line: 10,
  },
];

for (const { title, yaml, line } of BAD) {
  test(`${title} is a problem with its line and column, and nothing is stored`, () =>
    withServer(async ({ ask, execute }) => {
      await ask(INGEST, { input: { cluster: 'kind', format: 'neutral', records: FLOW } });
      const { simulatePolicies } = await ask(SIMULATE, {
        input: { cluster: 'kind', policies: yaml },
      });
      assert.equal(simulatePolicies.simulation, null);
      const [problem] = simulatePolicies.problems;
      assert.equal(problem.severity, 'ERROR');
      assert.equal(problem.line, line, problem.message);
      assert.ok(problem.column >= 1);
      assert.ok(problem.hint.length > 0);
      assert.deepEqual(await execute('select count(*)::int as stored from simulation'), [
        { stored: 0 },
      ]);
      assert.deepEqual(await execute('select count(*)::int as stored from policy'), [
        { stored: 0 },
      ]);
    }));
}

test('a candidate without a namespace goes to `default`, and the answer says so', () =>
  withServer(async ({ ask }) => {
    await ask(INGEST, { input: { cluster: 'kind', format: 'neutral', records: FLOW } });
    const yaml = policy('  podSelector: {}\n').replace('  namespace: shop\n', '');
    const { simulatePolicies } = await ask(SIMULATE, {
      input: { cluster: 'kind', policies: yaml },
    });
    assert.ok(simulatePolicies.simulation.id.length > 0);
    const [problem] = simulatePolicies.problems;
    assert.equal(problem.severity, 'WARNING');
    assert.match(problem.message, /default/);
  }));
