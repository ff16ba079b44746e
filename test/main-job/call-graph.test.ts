import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import {
  compile,
  connectivityMap,
  type Facts,
  formatMapPeer,
  formatPortSet,
  parsePolicies,
  readManifests,
} from '../../src/netpol/index.js';
import { recorded } from '../support/recorded.js';
import { withServer } from '../support/server.js';

const SNAPSHOT = 'snapshots/np-guard-onlineboutique';
const CALLS = 'ground-truth/call-graph.csv';
const EXTERNAL = '203.0.113.10';

type Call = { readonly source: string; readonly destination: string; readonly port: number };

/** The `required` rows of one app: `app,src_namespace,src,dst_namespace,dst,dst_pod_port,service_port,protocol,status,evidence`. */
const requiredCalls = (csv: string, app: string): readonly Call[] =>
  csv
    .split('\n')
    .map(line => line.split(','))
    .filter(cells => cells[0] === app && cells[8] === 'required')
    .map(cells => ({
      source: cells[2] ?? '',
      destination: cells[4] ?? '',
      port: Number(cells[5]),
    }));

const IMPORT = `mutation ($input: ImportInventoryInput!) {
  importInventory(input: $input) { counts { deployments pods } problems { severity message } } }`;
const INGEST = `mutation ($input: IngestFlowsInput!) {
  ingestFlows(input: $input) { accepted rejected problems { message } } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) {
  generatePolicies(input: $input) { yaml extraPairs { source destination ports } problems { code severity } } }`;

/** The name that the call graph uses: a pod of `web-7d9c5-x2x8p` and a ReplicaSet `web-7d9c5` are both `web`. */
const callee = (workload: string, names: ReadonlySet<string>): string =>
  [...names].find(name => workload === name || workload.startsWith(`${name}-`)) ?? workload;

type Setting = {
  readonly facts: Facts;
  readonly manifests: string;
  readonly names: ReadonlySet<string>;
  /** Calls whose ends are both in the snapshot; EXTERNAL has its own address. */
  readonly calls: readonly Call[];
  readonly addressOf: ReadonlyMap<string, string | undefined>;
};

async function readSetting(): Promise<Setting> {
  const files = ['ns.yaml', 'pods.yaml'];
  const texts = await Promise.all(
    files.map(file => readFile(recorded(`${SNAPSHOT}/${file}`), 'utf8')),
  );
  const { facts } = readManifests(texts.map(text => ({ file: null, text })));
  const all = requiredCalls(await readFile(recorded(CALLS), 'utf8'), 'online-boutique');
  const names = new Set(all.flatMap(({ source, destination }) => [source, destination]));
  const addressOf = new Map(
    facts.pods
      .filter(({ namespace }) => namespace === 'default')
      .map(pod => [callee(pod.workload.name, names), pod.addresses[0]]),
  );
  addressOf.set('EXTERNAL', EXTERNAL);
  const calls = all.filter(
    ({ source, destination }) => addressOf.has(source) && addressOf.has(destination),
  );
  return { facts, manifests: texts.join('\n---\n'), names, calls, addressOf };
}

const recordsOf = ({ calls, addressOf }: Setting): string =>
  calls
    .map(({ source, destination, port }) => ({
      time: '2026-11-20T10:00:00Z',
      source: { ip: addressOf.get(source) },
      destination: { ip: addressOf.get(destination) },
      port,
      protocol: 'TCP',
    }))
    .map(record => JSON.stringify(record))
    .join('\n');

/** What a policy set allows between the pods of the namespace, as `a => b : TCP 80`, sorted. */
function drawn({ facts, names }: Setting, yaml: string): readonly string[] {
  const { policies, problems } = parsePolicies([{ file: null, text: yaml }]);
  assert.deepEqual(problems, []);
  const nameOf = (peer: string): string =>
    callee(peer.replace(/^default\//, '').replace(/\[.*$/, ''), names);
  return [...connectivityMap(compile(facts, policies))]
    .map(row => ({
      peers: [formatMapPeer(row.source), formatMapPeer(row.destination)],
      ports: formatPortSet(row.ports),
    }))
    .filter(({ peers }) => peers.every(peer => peer.startsWith('default/')))
    .map(({ peers, ports }) => `${peers.map(nameOf).join(' => ')} : ${ports}`)
    .toSorted();
}

test(
  'T28: judged by the calls that are required, not by policies written by hand: generated policies allow exactly these between the pods',
  { skip: recorded.missing(`${SNAPSHOT}/pods.yaml`, CALLS) },
  () =>
    withServer(async ({ ask }) => {
      const setting = await readSetting();
      const { calls, manifests } = setting;
      assert.ok(calls.length > 12, `${calls.length} calls have both ends in the snapshot`);
      await ask(IMPORT, { input: { cluster: 'boutique', manifests } });
      const input = { cluster: 'boutique', format: 'neutral', records: recordsOf(setting) };
      const { ingestFlows } = await ask(INGEST, { input });
      assert.deepEqual(ingestFlows, { accepted: calls.length, rejected: 0, problems: [] });

      const { generatePolicies } = await ask(GENERATE, {
        input: {
          cluster: 'boutique',
          namespaces: ['default'],
          options: { directions: 'BOTH' },
        },
      });
      const { yaml, extraPairs, problems } = generatePolicies;
      const expected = calls
        .filter(({ source }) => source !== 'EXTERNAL')
        .map(({ source, destination, port }) => `${source} => ${destination} : TCP ${port}`);
      assert.deepEqual(drawn(setting, yaml), expected.toSorted());
      assert.ok(yaml.includes(`cidr: ${EXTERNAL}/32`));
      assert.deepEqual(extraPairs, []);
      assert.ok(problems.some(({ code }: { code: string }) => code === 'DNS_UNKNOWN'));
    }),
);
