/**
 * Measures: Hubble lines through HTTP into a durable Postgres, with 3,000 policies in force and alerts on; one upload of
 * five is sent twice.
 * Data: 400,000 lines over 20,000 edges of the 10,000 pods of 2,000 deployments (`--quick`: 50,000 lines, 2,000 edges, a
 * tenth of the cluster).
 * References in the same run: the same lines into the same inventory without policies (goal: 0.75 of its rate), and bare
 * `JSON.parse` of the lines in one thread (goal: 0.3).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject, Pod } from '../test/netpol/model/objects.js';
import { clusterOf, LARGE, partOf } from './data/cluster.js';
import type { HubblePod } from './data/hubble.js';
import { filesOf, parseOnly, type Taken, takeAll, type Upload } from './ingest/uploads.js';
import { sized } from './measure/options.js';
import { count, type Figure, report, times } from './measure/report.js';
import { withServer } from './servers/weirgate.js';

const SHAPE = sized({ lines: 400_000, edges: 20_000 }, { lines: 50_000, edges: 2_000 });
const CLUSTER = clusterOf(sized(LARGE, partOf(LARGE, 10)));

const isPod = (object: KubeObject): object is Pod => object.kind === 'Pod';

const podOf = ({ metadata, status }: Pod, number: number): HubblePod => {
  const { name, namespace, labels } = metadata;
  const kubernetes = Object.entries(labels ?? {}).map(([key, value]) => `k8s:${key}=${value}`);
  const endpoint = {
    ID: 100 + (number % 4_000),
    identity: 1_000 + Math.floor(number / LARGE.replicas),
    cluster_name: 'bench',
    namespace,
    labels: [...kubernetes, `k8s:io.kubernetes.pod.namespace=${namespace}`],
    pod_name: name,
  };
  return { ip: status?.podIP ?? '', endpoint: JSON.stringify(endpoint) };
};

async function post(url: string, objects: readonly KubeObject[]): Promise<void> {
  const answer = await fetch(`${url}/ingest/inventory?cluster=bench`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  });
  if (!answer.ok)
    throw new Error(`the inventory was answered ${answer.status}: ${await answer.text()}`);
}

const take = (objects: readonly KubeObject[], uploads: readonly Upload[]): Promise<Taken> =>
  withServer(async place => {
    await post(place.url, objects);
    return takeAll(place, uploads);
  });

const rateOf = ({ lines, wall }: Taken): number => lines / wall;

const figureOf = (what: string, taken: Taken): Figure => ({
  what,
  value: `${count(rateOf(taken))} lines/s`,
  cpu: `server ${count((taken.server * 1e6) / taken.lines)} µs, Postgres ${count((taken.postgres * 1e6) / taken.lines)} µs`,
  memory: { peak: taken.peak, heap: 0 },
});

const folder = await mkdtemp(join(tmpdir(), 'weirgate-lines-'));
try {
  const { objects, policies } = CLUSTER;
  const pods = objects.filter(isPod).map(podOf);
  const uploads = await filesOf(folder, { ...SHAPE, seed: 1, pods }, 5);
  const parsed = await parseOnly(uploads);
  const bare = SHAPE.lines / parsed.wall;
  const open = await take(
    objects.filter(({ kind }) => kind !== 'NetworkPolicy'),
    uploads,
  );
  const governed = await take(objects, uploads);
  const ratio = rateOf(governed) / rateOf(open);
  const toParse = rateOf(governed) / bare;
  report('ingest-governed', [
    { what: 'JSON.parse of each line, one thread', value: `${count(bare)} lines/s` },
    {
      ...figureOf('no policy in force', open),
      ratio: `${times(rateOf(open) / bare)} of JSON.parse`,
    },
    {
      ...figureOf(`${count(policies.length)} policies in force`, governed),
      ratio: `${times(ratio)} of no policy, ${times(toParse)} of JSON.parse`,
      goal: '≥ 0.75 ×, ≥ 0.3 ×',
      reached: ratio >= 0.75 && toParse >= 0.3,
    },
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
