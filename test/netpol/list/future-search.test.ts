import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Compiled,
  compile,
  DEFAULT_MODES,
  decide,
  EVERYTHING,
  exposureOf,
  type Labels,
  type Peer,
  type Policy,
  type Selector,
} from '../../../src/netpol/index.js';
import { openToAll, type Wanted } from '../../../src/netpol/list/future-search.js';
import { containsPort } from '../../../src/netpol/ports/port-set.js';
import {
  adminPolicy,
  facts,
  labelled,
  namespace,
  networkPolicy,
  pod,
  tcp,
} from '../evaluation/build.js';
import {
  admin,
  LABELS,
  METADATA_NAME,
  meets,
  namespaceSelector,
  notSingledOut,
  podSelector,
  policy,
} from './selectors.js';

const PORTS = [80, 81];
const WEB = pod('shop/web');

/** `z` stands for every value that no selector names, and `new` for every such namespace. */
const NAMESPACES = [
  namespace('shop', { team: 't' }),
  namespace('kube-system', {}),
  namespace('new'),
  ...['t', 'u', 'z'].map(team => namespace(`new-${team}`, { team })),
];
const POSSIBLE = NAMESPACES.flatMap(({ name }) =>
  LABELS.map((labels, place) => pod(`${name}/p${place}`, { labels })),
);

const labelsOfNamespace = (name: string): Labels => ({
  ...NAMESPACES.find(one => one.name === name)?.labels,
  [METADATA_NAME]: name,
});

const meant = ({ own, namespaces, pods }: Wanted) =>
  POSSIBLE.filter(
    one =>
      (own === null || one.namespace === own) &&
      meets(namespaces, labelsOfNamespace(one.namespace)) &&
      meets(pods, one.labels),
  );

/** Every possible pod that is wanted and that no rule singles out, asked one by one. */
const bruteForce = (
  compiled: Compiled,
  policies: readonly Policy[],
  wanted: Wanted,
  port: number,
): boolean => {
  const pods = meant(wanted);
  const others = notSingledOut(policies, pods, labelsOfNamespace);
  return (
    others.length > 0 &&
    others.every(
      ({ key }) =>
        decide(compiled, {
          source: { kind: 'pod', key },
          destination: { kind: 'pod', key: WEB.key },
          protocol: 'TCP',
          port,
        }).verdict === 'ALLOWED',
    )
  );
};

const WANTED: fc.Arbitrary<Wanted> = fc.oneof(
  fc.constant({ own: null, namespaces: EVERYTHING, pods: EVERYTHING }),
  fc.record({ own: fc.constant(null), namespaces: namespaceSelector, pods: podSelector }),
  fc.record({ own: fc.constant('shop'), namespaces: fc.constant(EVERYTHING), pods: podSelector }),
);

test('what is open to all pods that a peer could mean is what is open to each of them', () => {
  const world = fc.record({
    policies: fc.array(fc.oneof(policy, admin), { minLength: 1, maxLength: 2 }),
    wanted: fc.array(WANTED, { minLength: 2, maxLength: 4 }),
  });
  let open = 0;
  fc.assert(
    fc.property(world, ({ policies, wanted }) => {
      const compiled = compile(
        facts({ namespaces: NAMESPACES, pods: [WEB, ...POSSIBLE] }),
        policies,
      );
      const podClass = compiled.engine.index.classes[compiled.engine.index.classOf[0] ?? -1];
      if (podClass === undefined) throw new Error('the pod has no class');
      for (const one of wanted) {
        const found = openToAll(compiled, 'INGRESS', podClass, {
          wanted: one,
          there: compiled.engine.index.namespaces.labels,
        });
        for (const port of PORTS) {
          const expected = bruteForce(compiled, policies, one, port);
          assert.equal(
            containsPort(found.ports, 'TCP', port),
            expected,
            `${port} ${JSON.stringify(one)}`,
          );
          if (expected) open += 1;
        }
      }
    }),
    { numRuns: 60, seed: 20_261_128 },
  );
  assert.ok(open > 0, 'no answer was open');
});

const rowsInto = (...policies: readonly Policy[]): readonly string[] =>
  exposureOf(
    facts({
      namespaces: [namespace('shop'), namespace('other', { team: 'a' })],
      pods: [WEB, pod('other/shut', { labels: { tier: 'x' } })],
    }),
    policies,
    DEFAULT_MODES,
  )
    .ingress.filter(({ dst }) => dst.startsWith('shop/web'))
    .map(({ src, conn }) => `${src} : ${conn}`);

const without = (key: string, values: readonly string[] = []): Selector => ({
  requirements: [{ key, operator: values.length > 0 ? 'NotIn' : 'DoesNotExist', values }],
});

const from = (namespaces: Selector, pods: Selector): Peer => ({ kind: 'pods', namespaces, pods });

test('two rules that each leave some pods out are not open to the entire cluster together', () => {
  const byBoth = networkPolicy({
    ingress: [
      { peers: [from(without('team'), EVERYTHING)] },
      { peers: [from(EVERYTHING, without('tier'))] },
    ],
  });
  assert.deepEqual(rowsInto(byBoth), [
    '[namespace with {!team}]/[all pods] : All Connections',
    '[all namespaces]/[pod with {!tier}] : All Connections',
  ]);
  const byLabels = networkPolicy({
    ingress: [
      { peers: [from(EVERYTHING, without('a', ['x']))] },
      { peers: [from(EVERYTHING, without('b', ['y']))] },
    ],
  });
  assert.deepEqual(rowsInto(byLabels), [
    '[all namespaces]/[pod with {a notin (x)}] : All Connections',
    '[all namespaces]/[pod with {b notin (y)}] : All Connections',
  ]);
});

test('a value that an admin policy denies is an exception from what is open to the entire cluster', () => {
  const denied = from(EVERYTHING, labelled({ tier: 'evil' }));
  const policies = [
    adminPolicy({ ingress: [{ action: 'DENY', peers: [denied], ports: [tcp(80)] }] }),
    networkPolicy({ ingress: [{ ports: [tcp(80, 81)] }] }),
  ];
  assert.deepEqual(rowsInto(...policies).slice(0, 2), [
    'entire-cluster : TCP 80-81',
    '[all namespaces]/[pod with {tier=evil}] : TCP 81',
  ]);
});

test('an address that a pod of the future may have counts as not matched, as on the map', () => {
  const networks: Peer = { kind: 'networks', cidrs: ['10.0.0.0/8'] };
  const policies = [
    adminPolicy({ ingress: [{ action: 'DENY', peers: [networks] }] }),
    networkPolicy({ ingress: [{ ports: [tcp(80)] }] }),
  ];
  assert.deepEqual(rowsInto(...policies).slice(0, 1), ['entire-cluster : TCP 80']);
});
