import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Lab, labs } from '../support/lab.js';
import { recorded } from '../support/recorded.js';

const lab = labs();

const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted rejected problems { code } } }`;
const FLOWS = `query ($cluster: String!) { flows(first: 500, filter: { cluster: { eq: $cluster } }) { nodes {
  source { ...end } destination { ...end } port protocol trafficClass tags observedPolicies { kind name } } } }
  fragment end on Peer { __typename ... on Deployment { name } ... on ExternalEntity { name } ... on ClusterNode { name } ... on UnresolvedPeer { name } }`;
const ALERTS = `query ($cluster: String!) { alerts(filter: { cluster: { eq: $cluster } }) { nodes { rule severity message } } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  yaml problems { code severity message hint } policies { name rules { direction peer ports } } } }`;
const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { baselines { id } } }`;
const LOCK = `mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { problems { code } } }`;
const DIAGNOSE = `query ($cluster: String!) { cluster(name: $cluster) { diagnose { code message hint } } }`;
const EXPLAIN = `query ($input: ExplainInput!) { explain(input: $input) { verdict dataplane { agrees policies { kind name } } } }`;

// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
type Data = any;

type Case = {
  readonly send: (file: string, format?: string) => Promise<void>;
  readonly flows: () => Promise<readonly Data[]>;
  readonly edges: () => Promise<readonly string[]>;
  readonly alerts: () => Promise<readonly Data[]>;
  readonly generate: (input?: object) => Promise<Data>;
  readonly rules: () => Promise<readonly string[]>;
  readonly said: () => Promise<string>;
  readonly learn: () => Promise<void>;
  readonly lab: Lab;
};

const isAbout = (code: string) => (problem: { readonly code: string }) => problem.code === code;

/** A case, its inventory first. */
async function opened(name: string, folder: string): Promise<Case> {
  const own = lab(name);
  const { ask, call, cluster } = own;
  for (const file of ['inv.json', 'inv2.json'])
    if (existsSync(`${folder}/${file}`))
      await own.take([JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))], {
        observedAt: '2026-11-29T00:00:00Z',
      });
  const flows = async () => (await ask(FLOWS, { cluster })).flows.nodes;
  const generate = (input: object = {}) => call(GENERATE, { from: 'FLOWS', ...input });
  return {
    lab: own,
    send: async (file, format = 'hubble') => {
      const records = readFileSync(`${folder}/${file}`, 'utf8');
      const { rejected, problems } = await call(INGEST, { format, records });
      assert.deepEqual({ rejected, problems }, { rejected: 0, problems: [] }, file);
    },
    flows,
    edges: async () =>
      (await flows())
        .map(
          ({ source, destination, port, trafficClass }: Data) =>
            `${source.__typename} ${source.name} -> ${destination.__typename} ${destination.name} ${port} ${trafficClass}`,
        )
        .toSorted(),
    alerts: async () => (await ask(ALERTS, { cluster })).alerts.nodes,
    generate,
    rules: async () =>
      (await generate()).policies.flatMap(({ name, rules }: Data) =>
        rules.map(({ direction, peer, ports }: Data) => `${name} ${direction} ${peer} ${ports}`),
      ),
    said: async () =>
      JSON.stringify([
        (await ask(DIAGNOSE, { cluster })).cluster.diagnose,
        (await generate()).problems,
      ]),
    learn: async () => {
      await call(LEARN);
      await call(LOCK);
    },
  };
}

const IMPORT_IT = /import the inventory/i;

const CASES: Readonly<Record<string, (one: Case) => Promise<void>>> = {
  'cloud-dns': async ({ send, edges, alerts, rules, generate, lab: { see } }) => {
    await send('f.jsonl');
    assert.deepEqual(await edges(), ['Deployment web -> ExternalEntity 169.254.169.254 53 DNS']);
    assert.deepEqual(await alerts(), []);
    assert.deepEqual(await rules(), ['web EGRESS DNS TCP 53,UDP 53']);
    const { yaml } = await generate();
    assert.deepEqual(yaml.match(/cidr: .*/g), ['cidr: 169.254.169.254/32']);
    // Port 80 there stays the metadata service.
    await see({
      time: '2026-11-28T10:00:00Z',
      source: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
      destination: { ip: '169.254.169.254' },
      port: 80,
      protocol: 'TCP',
    });
    assert.ok((await edges()).some(edge => edge.endsWith('169.254.169.254 80 METADATA')));
    assert.deepEqual(
      (await alerts()).map(({ rule }: Data) => rule),
      ['METADATA'],
    );
    assert.deepEqual(await rules(), ['web EGRESS DNS TCP 53,UDP 53']);
  },
  'kubelet-by-bridge': async ({ send, edges, rules, said }) => {
    await send('f.jsonl');
    assert.deepEqual(await edges(), [
      'ClusterNode node-a -> Deployment web 8080 HEALTH_PROBE',
      'Deployment api -> Deployment web 8080 APP',
    ]);
    assert.deepEqual(
      (await rules()).filter(rule => rule.includes('INGRESS')),
      ['web INGRESS shop/api TCP 8080'],
    );
    assert.doesNotMatch(await said(), IMPORT_IT);
  },
  'labels-of-releases': async ({ send, generate }) => {
    await send('f.jsonl');
    const { yaml, problems } = await generate();
    assert.doesNotMatch(
      yaml,
      /spark-0a1b2c3d|spark-exec-id|rollouts-pod-template-hash|helm\.sh\/chart/,
    );
    assert.match(yaml, /spark-role: executor/);
    const isVersioned = /app\.kubernetes\.io\/version/.test(yaml);
    const fragile = problems.filter(isAbout('SELECTOR_FRAGILE'));
    assert.equal(fragile.length > 0, isVersioned);
    for (const { severity } of fragile) assert.equal(severity, 'WARNING');
  },
  'mesh-cluster-names': async ({ send, edges }) => {
    const two = [
      'Deployment web -> Deployment db 5432 APP',
      'ExternalEntity west/shop/web -> Deployment db 5432 APP',
    ];
    await send('f.jsonl');
    assert.deepEqual(await edges(), two);
    // The point of observation tells which end is at home.
    await send('noid.jsonl');
    assert.deepEqual(await edges(), two);
  },
  'node-address-as-world': async ({ send, edges, generate }) => {
    await send('f.jsonl');
    assert.deepEqual(await edges(), [
      'ClusterNode node-a -> Deployment gatekeeper-audit 9090 HEALTH_PROBE',
    ]);
    assert.equal((await generate()).yaml, null);
  },
  'operator-and-api-server': async ({ send, edges, rules, generate, said }) => {
    await send('f.jsonl');
    assert.deepEqual(await edges(), [
      'ClusterNode cp -> Deployment operator 9443 APP',
      'Deployment operator -> ExternalEntity kube-apiserver 443 CONTROL_PLANE',
      'Deployment operator -> ExternalEntity kube-apiserver 6443 CONTROL_PLANE',
    ]);
    const all = await rules();
    assert.ok(
      all.includes('operator EGRESS EXTERNAL:kube-apiserver on cluster nodes TCP 6443'),
      String(all),
    );
    assert.ok(all.includes('operator INGRESS NODE:cp on cluster nodes TCP 9443'), String(all));
    const { yaml } = await generate();
    assert.match(yaml, /cidr: 172\.18\.0\.2\/32\n\s+ports:\n\s+- protocol: TCP\n\s+port: 6443/);
    assert.match(yaml, /cidr: 172\.18\.0\.2\/32\n\s+ports:\n\s+- protocol: TCP\n\s+port: 9443/);
    assert.doesNotMatch(await said(), IMPORT_IT);
  },
  'policy-named-by-dataplane': async ({ send, flows, alerts, lab: { call } }) => {
    await send('f.jsonl');
    const named = { kind: 'CiliumNetworkPolicy', name: 'deny-gen-to-echo' };
    const dropped = (await flows()).find(({ port }: Data) => port === 8080);
    assert.deepEqual(dropped.observedPolicies, [named]);
    const messages = (await alerts()).map(({ message }: Data) => message);
    assert.match(String(messages), /CiliumNetworkPolicy net-lab\/deny-gen-to-echo/);
    const ends = { source: 'net-lab/gen', destination: 'net-lab/echo', port: 8080 };
    assert.deepEqual(await call(EXPLAIN, ends), {
      verdict: 'ALLOWED',
      dataplane: { agrees: false, policies: [named] },
    });
  },
  'public-clients': async ({ send, alerts, learn, generate }) => {
    await send('day1.jsonl');
    await learn();
    await send('day2.jsonl');
    assert.ok((await alerts()).length <= 1);
    const { problems } = await generate();
    const [warning, ...others] = problems.filter(isAbout('CLIENT_ADDRESSES'));
    assert.deepEqual(others, []);
    assert.match(warning.message, /120 addresses outside/);
    assert.match(warning.hint, /0\.0\.0\.0\/0.*blocks/);
    const open = await generate({ options: { ingressSources: 'ANYWHERE' } });
    assert.deepEqual(open.yaml.match(/cidr: .*/g), ['cidr: 0.0.0.0/0']);
  },
  'renamed-cluster': async ({ send, edges, said }) => {
    await send('f.jsonl');
    assert.deepEqual(await edges(), ['Deployment web -> Deployment db 5432 APP']);
    assert.match(await said(), /CLUSTER_RENAMED.*`cluster1`, `default`/);
  },
  'rotating-addresses': async ({ send, alerts, flows, learn, generate }) => {
    await send('learn.jsonl');
    await learn();
    await send('later.jsonl');
    const told = await alerts();
    assert.ok(told.length <= 1 && told.every(({ severity }: Data) => severity === 'LOW'));
    assert.equal((await flows()).length, 43);
    const { policies, problems } = await generate();
    const [{ message } = { message: '' }] = problems.filter(isAbout('ADDRESSES_ROTATE'));
    assert.match(message, /43 addresses/);
    const outside = policies[0].rules.filter(({ peer }: Data) => peer !== 'DNS');
    assert.deepEqual(
      outside.map(({ peer, ports }: Data) => [peer, ports]),
      [['EXTERNAL:api.crowdsec.example', ['TCP 443']]],
    );
  },
};

for (const [name, check] of Object.entries(CASES))
  test(
    `all that the recorded case ${name} states`,
    { skip: recorded.missing(`cases/flows/${name}`) },
    async () => check(await opened(name, recorded(`cases/flows/${name}`))),
  );
