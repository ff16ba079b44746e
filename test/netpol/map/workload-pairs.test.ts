import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compiled,
  compile,
  connectivityMap,
  formatMapPeer,
  formatPortSet,
  type Policy,
} from '../../../src/netpol/index.js';
import { densePairs, sparsePairs } from '../../../src/netpol/map/workload-pairs.js';
import { workloadsOf } from '../../../src/netpol/map/workloads.js';
import {
  anyPod,
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const pods = [
  pod('shop/web'),
  pod('shop/api', { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }),
  pod('shop/log'),
];

const world = (...policies: readonly Policy[]): Compiled => compile(facts({ pods }), policies);

/** Every pair as often as it is found: `web api TCP 80`. */
const found = (compiled: Compiled, pairsOf: typeof densePairs): readonly string[] => {
  const workloads = workloadsOf(compiled);
  const nameOf = (place: number | undefined) => workloads[place ?? -1]?.peer.name;
  const { sources, destinations, traffic } = pairsOf(compiled, workloads);
  return [...sources]
    .map((from, row) => {
      const { ports } = compiled.engine.table.at(traffic[row] ?? assert.fail());
      return `${nameOf(from)} ${nameOf(destinations[row])} ${formatPortSet(ports)}`;
    })
    .toSorted();
};

const out = networkPolicy({
  name: 'out',
  pods: labelled({ app: 'web' }),
  egress: [{ peers: [podsLabelled({ app: 'api' })], ports: [tcp(80)] }],
});
const into = networkPolicy({
  name: 'in',
  pods: labelled({ app: 'api' }),
  ingress: [{ peers: [podsLabelled({ app: 'web' }), podsLabelled({ app: 'log' })] }],
});
const byName = networkPolicy({
  name: 'by-name',
  egress: [{ peers: [anyPod], ports: [portNamed('http')] }],
});

const ALL = 'All Connections';
const CASES: readonly (readonly [string, readonly Policy[], readonly string[]])[] = [
  [
    'a pair of which both ends name the other',
    [out, into],
    [`api log ${ALL}`, `api web ${ALL}`, `log api ${ALL}`, `log web ${ALL}`, 'web api TCP 80'],
  ],
  [
    'a named port, which some pods have and others have not',
    [byName],
    ['log api TCP 8080', 'web api TCP 8080'],
  ],
];

for (const [title, policies, expected] of CASES) {
  test(`each pair is found once, by matrices and pair by pair: ${title}`, () => {
    const compiled = world(...policies);
    assert.deepEqual(found(compiled, densePairs), expected.toSorted());
    assert.deepEqual(found(compiled, sparsePairs), expected.toSorted());
  });
}

test('replicas are one workload by namespace, name and kind, however their owners alternate', () => {
  const kinds = ['Deployment', 'StatefulSet', 'StatefulSet', 'Deployment', 'Job', 'StatefulSet'];
  const replicas = kinds.map((kind, place) =>
    pod(`shop/web-${place}`, { workload: { kind, name: 'web' } }),
  );
  const compiled = compile(facts({ pods: [...replicas, pod('data/web')] }), []);
  assert.deepEqual(
    workloadsOf(compiled).map(({ peer, pod: place }) => `${formatMapPeer(peer)} ${place}`),
    [
      'shop/web[Deployment] 0',
      'shop/web[StatefulSet] 1',
      'shop/web[Job] 4',
      'data/web[Deployment] 6',
    ],
  );
});

test('a map is as long as its rows are many, those of pairs and those of ranges', () => {
  const map = connectivityMap(world(out, into));
  const rows = [...map];
  assert.equal(rows.length, 5 + 4);
  assert.equal(map.length, rows.length);
});
