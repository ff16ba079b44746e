import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Observation, ObservedPeer, Reading } from '../../../src/flows/observation.js';
import { foldedCounts } from './folded-counts.js';
import { readText } from './hubble-records.js';

const DATA = '../shared/data';
const options = existsSync(DATA) ? {} : { skip: `${DATA} is missing` };

const recording = (name: string): Promise<Reading> =>
  readText(readFileSync(`${DATA}/flows/hubble/${name}`, 'utf8'));

type Edge = {
  readonly src: string;
  readonly dst: string;
  readonly proto?: string;
  readonly port: number;
};
type Truth = { readonly edges: readonly Edge[]; readonly must_not_appear: readonly Edge[] };

/** The ground truth's way to name a peer: namespace, app and version, or the reserved label. */
const nameOf = ({ kind, labels, namespace, reserved }: ObservedPeer): string => {
  if (kind !== 'pod' && kind !== 'workload') return `reserved:${reserved}`;
  const app = labels?.['app'] ?? labels?.['app.kubernetes.io/name'];
  const version = labels?.['version'];
  return `${namespace}/${app}${version === undefined ? '' : `@${version}`}`;
};

const edgeOf = ({ source, destination, port }: Observation): string =>
  `${nameOf(source)} -> ${nameOf(destination)}:${port}`;

const edgeText = ({ src, dst, port }: Edge): string => `${src} -> ${dst}:${port}`;

test('the recorded TCP flows give exactly the edges of the ground truth', options, async () => {
  const truth: Truth = JSON.parse(
    readFileSync(`${DATA}/ground-truth/hubble-otel-tcp-expected-edges.json`, 'utf8'),
  );
  const { observations, skipped, rejected } = await recording('basic-sample-400-tcp-flows.json');
  const found = [...new Set(observations.map(edgeOf))].toSorted();
  assert.deepEqual(found, truth.edges.map(edgeText).toSorted());
  for (const edge of truth.must_not_appear) assert.ok(!found.includes(edgeText(edge)));
  assert.deepEqual(rejected, []);
  assert.deepEqual(skipped, { reply: 132, 'reply-unknown-overlay': 50 });
  assert.ok(observations.every(({ isReply }) => isReply === false));
});

test('records with labels alone have the labels of their pods', options, async () => {
  const { observations } = await recording('basic-sample-400-tcp-flows.json');
  const sources = new Set(observations.map(({ source }) => source));
  const ratings = [...sources].filter(({ labels }) => labels?.['app'] === 'ratings');
  assert.deepEqual(ratings.map(({ kind }) => kind).toSorted(), ['pod', 'workload']);
  assert.deepEqual(ratings[0]?.labels, ratings[1]?.labels);
  assert.deepEqual(ratings[0]?.namespace, ratings[1]?.namespace);
});

test('55 records of an edge are nine connections', options, async () => {
  const reading = await recording('basic-sample-400-tcp-flows.json');
  const observations = reading.observations.filter(
    ({ destination }) => destination.labels?.['app'] === 'details',
  );
  assert.equal(observations.length, 55);
  assert.equal(foldedCounts({ ...reading, observations }).connections, 9);
});

type Counts = {
  readonly observations: number;
  readonly rejected: number;
  readonly skipped: Reading['skipped'];
};

const counts: Readonly<Record<string, Counts>> = {
  'basic-sample-10-flows.json': { observations: 5, rejected: 0, skipped: { reply: 5 } },
  'basic-sample-400-icmpv4-flows.json': {
    observations: 7,
    rejected: 0,
    skipped: { reply: 4, 'reply-unknown-overlay': 7 },
  },
  'basic-sample-400-udp-flows.json': {
    observations: 178,
    rejected: 0,
    skipped: { 'node-dns-proxy': 74, reply: 148 },
  },
  'basic-sample-5-dns-flows.json': { observations: 3, rejected: 0, skipped: { reply: 2 } },
  'basic-sample-5-http-flows.json': { observations: 3, rejected: 0, skipped: { reply: 2 } },
  'cilium-docs/exporter-fieldmask-2flows.jsonl': {
    observations: 1,
    rejected: 0,
    skipped: { 'link-local': 1 },
  },
  'edge-cases/empty.jsonl': { observations: 0, rejected: 0, skipped: {} },
  'edge-cases/l7_dns.jsonl': { observations: 3, rejected: 0, skipped: {} },
  'edge-cases/l7_http.jsonl': { observations: 4, rejected: 0, skipped: {} },
  'edge-cases/malformed.jsonl': { observations: 2, rejected: 1, skipped: {} },
  'edge-cases/mixed_tcp_icmp.jsonl': { observations: 4, rejected: 0, skipped: {} },
  'edge-cases/small.jsonl': { observations: 3, rejected: 0, skipped: {} },
  'edge-cases/with_non_dropped.jsonl': { observations: 5, rejected: 0, skipped: {} },
};

for (const [name, expected] of Object.entries(counts))
  test(`every record of ${name} is read, skipped or rejected`, options, async () => {
    const { observations, rejected, skipped } = await recording(name);
    assert.deepEqual(
      { observations: observations.length, rejected: rejected.length, skipped },
      expected,
    );
  });

test(
  'a masked exporter tells a policy denial, and its neighbour discovery is no flow',
  options,
  async () => {
    const { observations } = await recording('cilium-docs/exporter-fieldmask-2flows.jsonl');
    assert.deepEqual(
      observations.map(({ verdict }) => verdict),
      ['DENIED'],
    );
  },
);

test('recorded DNS questions go from the pods to the DNS pods only', options, async () => {
  const { observations } = await recording('basic-sample-400-udp-flows.json');
  assert.ok(observations.every(({ trafficClass, port }) => trafficClass === 'dns' && port === 53));
  assert.ok(
    observations.every(
      ({ source, destination }) => source.kind === 'pod' && destination.kind === 'pod',
    ),
  );
});
