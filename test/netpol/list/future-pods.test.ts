import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERYTHING, type Peer, type Policy, type Selector } from '../../../src/netpol/index.js';
import { castOf, FUTURE_KIND } from '../../../src/netpol/list/future-pods.js';
import {
  adminPolicy,
  anyPod,
  block,
  facts,
  labelled,
  named,
  namespace,
  namespaceNamed,
  networkPolicy,
  pod,
  podsLabelled,
} from '../evaluation/build.js';

const METADATA_NAME = 'kubernetes.io/metadata.name';

const web = pod('shop/web');
const there = facts({ pods: [web], namespaces: [namespace('shop', { team: 'a' })] });

const pods = (namespaces: Selector | null, of: Selector = EVERYTHING): Peer => ({
  kind: 'pods',
  namespaces,
  pods: of,
});

const allowing = (...peers: readonly Peer[]): Policy => networkPolicy({ ingress: [{ peers }] });

const namesOf = (...policies: readonly Policy[]): readonly string[] =>
  castOf(there, policies).futures.map(({ name }) => name);

test('without policies the cluster as a whole is the only future', () => {
  assert.deepEqual(namesOf(), ['entire-cluster']);
});

test('a future is named by the namespace and labels that its peer asks for', () => {
  const NAMES: readonly (readonly [string, Peer])[] = [
    ['shop/[all pods]', pods(null)],
    ['shop/[pod with {app=web}]', podsLabelled({ app: 'web' })],
    ['data/[all pods]', namespaceNamed('data')],
    ['data/[pod with {app=db}]', pods(named('data'), labelled({ app: 'db' }))],
    ['[all namespaces]/[pod with {app=web}]', pods(EVERYTHING, labelled({ app: 'web' }))],
    ['[namespace with {team=a}]/[all pods]', pods(labelled({ team: 'a' }))],
    [
      '[namespace with {team=a}]/[pod with {app=web,tier=x}]',
      pods(labelled({ team: 'a' }), labelled({ tier: 'x', app: 'web' })),
    ],
    [
      `[namespace with {${METADATA_NAME} in (a,b)}]/[all pods]`,
      pods({ requirements: [{ key: METADATA_NAME, operator: 'In', values: ['a', 'b'] }] }),
    ],
    [
      `[namespace with {${METADATA_NAME} notin (a)}]/[all pods]`,
      pods({ requirements: [{ key: METADATA_NAME, operator: 'NotIn', values: ['a'] }] }),
    ],
    [
      `[namespace with {${METADATA_NAME}=data,team=a}]/[all pods]`,
      pods(labelled({ [METADATA_NAME]: 'data', team: 'a' })),
    ],
  ];
  for (const [name, peer] of NAMES) {
    assert.deepEqual(namesOf(allowing(peer)), ['entire-cluster', name]);
  }
});

test('a peer that stands in several rules is one future, and what is no pod or contradicts itself is none', () => {
  const contradiction: Selector = {
    requirements: [
      { key: 'app', operator: 'In', values: ['web'] },
      { key: 'app', operator: 'DoesNotExist', values: [] },
    ],
  };
  assert.deepEqual(
    namesOf(
      allowing(podsLabelled({ app: 'web' }), anyPod, block('10.0.0.0/8')),
      networkPolicy({ egress: [{}, { peers: [podsLabelled({ app: 'web' }), pods(null)] }] }),
      allowing(pods(null, contradiction), pods(contradiction)),
    ),
    ['entire-cluster', 'shop/[pod with {app=web}]', 'shop/[all pods]'],
  );
});

test('pods of the future are in the facts, with the labels of their peer alone', () => {
  const { futures, facts: cast } = castOf(there, [
    allowing(podsLabelled({ app: 'web' })),
    networkPolicy({
      pods: { requirements: [{ key: 'tier', operator: 'NotIn', values: ['old'] }] },
    }),
  ]);
  const future = futures.find(({ name }) => name === 'shop/[pod with {app=web}]');
  assert.deepEqual(
    future?.pods.map(({ namespace: where, labels }) => ({ where, labels })),
    [{ where: 'shop', labels: { app: 'web' } }],
  );
  assert.deepEqual(cast.pods, [web, ...futures.flatMap(each => each.pods)]);
  const keys = cast.pods.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test('a pod of the future has a workload of its own, and nothing else that a policy could see', () => {
  const [future] = castOf(there, []).futures;
  const [first] = future?.pods ?? [];
  assert.ok(first);
  assert.deepEqual(first, {
    key: `${FUTURE_KIND}:${first.name}`,
    namespace: first.namespace,
    name: first.name,
    labels: {},
    addresses: [],
    hostNetwork: false,
    ports: [],
    node: null,
    workload: { kind: FUTURE_KIND, name: first.name },
  });
});

test('namespaces of the future have the labels that are asked for, and their own name as a label', () => {
  const { futures, facts: cast } = castOf(there, [allowing(pods(labelled({ team: 'b' })))]);
  const added = cast.namespaces.filter(({ name }) => name !== 'shop');
  for (const { name, labels } of added) assert.equal(labels[METADATA_NAME], name);
  const future = futures.find(({ name }) => name === '[namespace with {team=b}]/[all pods]');
  const wanted = new Set(future?.pods.map(({ namespace: where }) => where));
  assert.ok(wanted.size > 0);
  assert.deepEqual(
    added.filter(({ name }) => wanted.has(name)).map(({ labels: { team } }) => team),
    [...wanted].map(() => 'b'),
  );
});

test('a namespace that is asked for by name keeps the labels that it has, and is not made up', () => {
  const asked = (team: string) =>
    castOf(there, [
      adminPolicy({ ingress: [{ peers: [pods(labelled({ [METADATA_NAME]: 'shop', team }))] }] }),
    ]);
  const met = asked('a');
  const future = met.futures.find(({ name }) => name.includes('team=a'));
  assert.deepEqual([...new Set(future?.pods.map(({ namespace: where }) => where))], ['shop']);
  assert.deepEqual(
    met.facts.namespaces.filter(({ name }) => name === 'shop'),
    there.namespaces,
  );
  assert.deepEqual(
    asked('b').futures.map(({ name }) => name),
    ['entire-cluster'],
  );
});
