import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { recorded } from '../support/recorded.js';
import { type ServerFixture, withServer } from '../support/server.js';

const FLOWS = 'flows/hubble/basic-sample-400-tcp-flows.json';
const TRUTH = 'ground-truth/hubble-otel-tcp-expected-edges.json';

type Truth = {
  readonly edges: readonly { src: string; dst: string; proto: string; port: number }[];
  readonly must_not_appear: readonly { src: string; dst: string; port: number }[];
};

const INGEST = `mutation ($input: IngestFlowsInput!) {
  ingestFlows(input: $input) { accepted skipped rejected duplicates lost problems { code severity message } }
}`;

const EDGES = `{ flows(first: 500) { totalCount nodes { port protocol
  source { __typename ... on Deployment { name labels namespace { name } } ... on ClusterNode { name } }
  destination { __typename ... on Deployment { name labels namespace { name } } ... on ClusterNode { name } } } } }`;

type End = {
  readonly __typename: string;
  readonly name: string;
  readonly labels?: Record<string, string>;
  readonly namespace?: { readonly name: string };
};

/** As the ground truth writes ends: by the label `app` and `version`; where there is none, by name. */
const endText = ({ __typename, name, labels, namespace }: End): string => {
  if (__typename !== 'Deployment') return 'reserved:host';
  const app = labels?.['app'] ?? name;
  const version = labels?.['version'];
  return `${namespace?.name}/${app}${version === undefined ? '' : `@${version}`}`;
};

async function ingestRecording({ ask }: ServerFixture): Promise<Record<string, number>> {
  const records = await readFile(recorded(FLOWS), 'utf8');
  const input = { cluster: 'kind', format: 'hubble', records };
  return (await ask(INGEST, { input })).ingestFlows;
}

async function edges({ ask }: ServerFixture): Promise<readonly string[]> {
  const { flows } = await ask(EDGES);
  return flows.nodes
    .map(
      (flow: { source: End; destination: End; port: number; protocol: string }) =>
        `${endText(flow.source)} -> ${endText(flow.destination)} ${flow.protocol} ${flow.port}`,
    )
    .toSorted();
}

const skip = recorded.missing(FLOWS, TRUTH);

test('the recorded TCP flows give exactly the edges of the ground truth, once', { skip }, () =>
  withServer(async fixture => {
    const truth: Truth = JSON.parse(await readFile(recorded(TRUTH), 'utf8'));
    const first = await ingestRecording(fixture);
    assert.equal(first['rejected'], 0);
    assert.equal((first['accepted'] ?? 0) + (first['skipped'] ?? 0), 400);
    const expected = truth.edges.map(
      edge => `${edge.src} -> ${edge.dst} ${edge.proto} ${edge.port}`,
    );
    assert.deepEqual(await edges(fixture), expected.toSorted());
    const again = await ingestRecording(fixture);
    assert.equal(again['duplicates'], 400);
    assert.deepEqual(await edges(fixture), expected.toSorted());
  }),
);

const GENERATE = `mutation ($input: GeneratePoliciesInput!) {
  generatePolicies(input: $input) { yaml policySet { name version } policies { name namespace rules { direction peer ports } }
    extraPairs { source destination ports } problems { code severity message } }
}`;

const SIMULATE = `mutation ($input: SimulatePoliciesInput!) {
  simulatePolicies(input: $input) {
    simulation { status summary { stillAllowed newlyBlocked newlyAllowed stillBlocked undecidable }
      flows(first: 500) { nodes { class before after flow { port } explanation { text } } } }
    problems { code severity message }
  }
}`;

type Rule = {
  readonly ports?: readonly { readonly port?: number }[];
  readonly to?: readonly object[];
};

test('policies generated for bookinfo allow every recorded flow', { skip }, () =>
  withServer(async fixture => {
    await ingestRecording(fixture);
    const { generatePolicies } = await fixture.ask(GENERATE, {
      input: { cluster: 'kind', namespaces: ['bookinfo'], options: { directions: 'BOTH' } },
    });
    const names = generatePolicies.policies.map(({ name }: { name: string }) => name);
    assert.deepEqual(names, [
      'details-v1',
      'productpage-v1',
      'ratings-v1',
      'reviews-v1',
      'reviews-v2',
      'reviews-v3',
    ]);
    const told = generatePolicies.problems.map(({ code, message }: Record<string, string>) =>
      `${code} ${code === 'SELECTOR_FRAGILE' ? /reviews-v\d/.exec(message ?? '') : ''}`.trim(),
    );
    // Nothing but the label `version` tells the three workloads of reviews apart.
    const fragile = ['v1', 'v2', 'v3'].map(version => `SELECTOR_FRAGILE reviews-${version}`);
    assert.deepEqual(told, ['SHORT_WINDOW', 'DNS_UNKNOWN', ...fragile]);

    const documents = parseAllDocuments(generatePolicies.yaml).map(document => document.toJS());
    const rules: readonly Rule[] = documents.flatMap(({ spec }) => [
      ...spec.ingress,
      ...spec.egress,
    ]);
    const ports = rules.flatMap(rule => (rule.ports ?? []).map(({ port }) => port ?? 0));
    assert.ok(
      ports.every(port => port > 0 && port < 32_768),
      `ports: ${ports}`,
    );
    assert.ok(!generatePolicies.yaml.includes('cidr: 10.244.'));
    assert.ok(
      documents.every(({ spec }) =>
        spec.egress.some((rule: Rule) => rule.ports?.some(({ port }) => port === 53)),
      ),
    );

    const { simulatePolicies } = await fixture.ask(SIMULATE, {
      input: { cluster: 'kind', policySet: 'generated-bookinfo' },
    });
    const { simulation } = simulatePolicies;
    assert.equal(simulation.status, 'DONE');
    assert.deepEqual(simulation.summary, {
      stillAllowed: 10,
      newlyBlocked: 0,
      newlyAllowed: 0,
      stillBlocked: 0,
      undecidable: 0,
    });
  }),
);

test('the same flows generate byte for byte the same policies', { skip }, () =>
  withServer(async fixture => {
    await ingestRecording(fixture);
    const input = { cluster: 'kind', namespaces: ['bookinfo'], options: { directions: 'BOTH' } };
    const one = await fixture.ask(GENERATE, { input });
    const other = await fixture.ask(GENERATE, { input });
    assert.equal(one.generatePolicies.yaml, other.generatePolicies.yaml);
    assert.equal(other.generatePolicies.policySet.version, 1);
  }),
);
