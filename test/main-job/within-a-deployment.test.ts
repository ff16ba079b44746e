import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../support/server.js';

const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted } }`;
const SIMULATE = `mutation ($input: SimulatePoliciesInput!) {
  simulatePolicies(input: $input) { simulation { summary { stillAllowed newlyBlocked } } } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) {
  generatePolicies(input: $input) { yaml problems { code } } }`;

const worker = {
  namespace: 'training',
  workload: { kind: 'StatefulSet', name: 'trainer' },
  labels: { app: 'trainer' },
};

const RECORDS = JSON.stringify({
  time: '2026-11-20T10:00:00Z',
  source: worker,
  destination: worker,
  port: 29500,
  protocol: 'TCP',
});

const DENY_ALL = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all, namespace: training}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`;

test('a flow between two pods of one deployment is blocked by a deny-all, and allowed by what it generates', () =>
  withServer(async ({ ask }) => {
    await ask(INGEST, { input: { cluster: 'gpu', format: 'neutral', records: RECORDS } });
    const summaryOf = async (policies: string) =>
      (await ask(SIMULATE, { input: { cluster: 'gpu', policies } })).simulatePolicies.simulation
        .summary;
    assert.deepEqual(await summaryOf(DENY_ALL), { stillAllowed: 0, newlyBlocked: 1 });
    const { generatePolicies } = await ask(GENERATE, { input: { cluster: 'gpu' } });
    const codes = generatePolicies.problems.map(({ code }: { code: string }) => code);
    assert.deepEqual(codes, ['SHORT_WINDOW', 'DNS_UNKNOWN']);
    assert.deepEqual(await summaryOf(generatePolicies.yaml), { stillAllowed: 1, newlyBlocked: 0 });
  }));
