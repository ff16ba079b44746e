import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Compiled } from '../../../src/netpol/compile/compiled.js';
import type { ListId } from '../../../src/netpol/compile/policy-lists.js';
import { selects } from '../../../src/netpol/compile/select.js';
import {
  compile,
  type Facts,
  type Modes,
  type PodFact,
  type Policy,
  SelectorOperator,
} from '../../../src/netpol/index.js';
import { rowFor, segmentsFor } from '../../../src/netpol/rows/rows.js';
import {
  adminPolicy,
  anyPod,
  block,
  facts,
  labelled,
  namespace,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const classesOf = (pods: readonly PodFact[], ...policies: readonly Policy[]): number =>
  compile(facts({ pods }), policies).engine.index.classes.length;

const twin = (parts: Partial<PodFact>) => [pod('shop/a', parts), pod('shop/b', parts)];
const named = (name: string | null, port: number, protocol: 'TCP' | 'UDP' = 'TCP') => ({
  name,
  port,
  protocol,
});

test('pods that no policy can tell apart are one class', () => {
  assert.equal(classesOf(twin({ labels: { app: 'x', tier: 'y' } })), 1);
  const turned = [
    pod('shop/a', { labels: { app: 'x', tier: 'y' } }),
    pod('shop/b', { labels: { tier: 'y', app: 'x' } }),
  ];
  assert.equal(classesOf(turned), 1);
  const ports = (
    one: readonly ReturnType<typeof named>[],
    other: readonly ReturnType<typeof named>[],
  ) =>
    classesOf([
      pod('shop/a', { labels: {}, ports: one }),
      pod('shop/b', { labels: {}, ports: other }),
    ]);
  assert.equal(ports([named(null, 80)], [named(null, 81)]), 1);
  assert.equal(
    ports([named('a', 80), named('b', 81)], [named('b', 81), named('a', 80), named('a', 80)]),
    1,
  );
  assert.equal(ports([named('a', 80)], [named('a', 81)]), 2);
  assert.equal(ports([named('a', 80)], [named('a', 80, 'UDP')]), 2);
  assert.equal(ports([named('a', 80)], [named('b', 80)]), 2);
});

test('namespaces, labels, host network and its node tell pods apart', () => {
  const other = (one: PodFact, two: PodFact) => classesOf([one, two]);
  assert.equal(other(pod('shop/a', { labels: {} }), pod('data/a', { labels: {} })), 2);
  assert.equal(
    other(pod('shop/a', { labels: { a: 'b' } }), pod('shop/b', { labels: { a: 'c' } })),
    2,
  );
  const host = (node: string | null) =>
    pod(`shop/${node}`, { labels: {}, hostNetwork: true, node });
  assert.equal(other(host('n1'), host('n2')), 2);
  assert.equal(other(host('n1'), { ...host('n1'), key: 'shop/more' }), 1);
  assert.equal(other(host(null), pod('shop/b', { labels: {} })), 2);
  assert.equal(
    other(pod('shop/a', { labels: {}, node: 'n1' }), pod('shop/b', { labels: {}, node: 'n2' })),
    1,
  );
});

test('addresses tell pods apart only where a block ends between them', () => {
  const at = (...lasts: readonly number[]) =>
    lasts.map(last => pod(`shop/p${last}`, { labels: {}, addresses: [`10.0.0.${last}`] }));
  const cut = (cidr: string) => networkPolicy({ ingress: [{ peers: [block(cidr)] }] });
  assert.equal(classesOf(at(1, 2, 9)), 1);
  assert.equal(classesOf(at(1, 2, 9), cut('10.0.0.0/29')), 2);
  assert.equal(classesOf(at(1, 2, 9), cut('10.0.0.2/32')), 3);
  assert.equal(classesOf(at(1, 2, 9), cut('10.0.0.0/8')), 1);
  const six = (...lasts: readonly number[]) =>
    lasts.map(last => pod(`shop/p${last}`, { labels: {}, addresses: [`fd00::${last}`] }));
  assert.equal(classesOf(six(1, 2, 9), cut('fd00::/125')), 2);
  assert.equal(classesOf([...at(1), ...six(1)]), 2);
  assert.equal(classesOf([pod('shop/a', { labels: {} }), ...at(1)]), 2);
});

const rows = (
  compiled: Compiled,
  direction: 'INGRESS' | 'EGRESS',
  modes: Partial<Modes> = {},
  unknowns: 'undecided' | 'unmatched' = 'undecided',
) => {
  const reading = {
    byAddress: modes.ipBlockPods === 'by-address',
    hostsAsPods: modes.hostNetwork === 'pods',
  };
  return new Set(
    compiled.engine.index.classes.map(podClass =>
      rowFor(compiled, direction, podClass, [reading, unknowns]),
    ),
  );
};

const world: Partial<Facts> = {
  pods: [
    pod('shop/a', { ports: [named('http', 80)], addresses: ['10.0.0.1'] }),
    pod('shop/b', { ports: [named('http', 81)], addresses: ['10.0.0.1'] }),
    pod('shop/c', { addresses: ['10.0.0.1'] }),
    pod('data/d', { addresses: ['10.0.0.1'] }),
  ],
};

test('subjects with the same policies share a row, but for the names of their ports', () => {
  const of = (...policies: readonly Policy[]) => compile(facts(world), policies);
  assert.equal(rows(of(), 'INGRESS').size, 1);
  const plain = of(
    networkPolicy({ ingress: [{ ports: [tcp(1)] }], egress: [{ ports: [portNamed('http')] }] }),
  );
  assert.equal(rows(plain, 'INGRESS').size, 2);
  assert.equal(rows(plain, 'EGRESS').size, 2);
  const byName = of(
    networkPolicy({ ingress: [{ ports: [tcp(1)] }, { ports: [tcp(2), portNamed('http')] }] }),
  );
  assert.equal(rows(byName, 'INGRESS').size, 4);
  assert.equal(rows(byName, 'EGRESS').size, 1);
  const [first] = byName.engine.index.classes;
  if (first === undefined) throw new Error('no class');
  const reading = { byAddress: false, hostsAsPods: false };
  const once = rowFor(byName, 'INGRESS', first, [reading, 'undecided']);
  assert.equal(rowFor(byName, 'INGRESS', first, [reading, 'undecided']), once);
  const segments = segmentsFor(byName, 'INGRESS', first, [reading, 'undecided']);
  assert.equal(segmentsFor(byName, 'INGRESS', first, [reading, 'undecided']), segments);
  assert.notEqual(segmentsFor(byName, 'INGRESS', first, [reading, 'unmatched']), segments);
});

test('a reading has a row of its own only where it can matter', () => {
  const shared = (parts: Partial<Facts>, policy: Policy) => {
    const compiled = compile(facts(parts), [policy]);
    const [first] = compiled.engine.index.classes;
    if (first === undefined) throw new Error('no class');
    const row = (byAddress: boolean, hostsAsPods: boolean, unknowns: 'undecided' | 'unmatched') =>
      rowFor(compiled, 'INGRESS', first, [{ byAddress, hostsAsPods }, unknowns]);
    const plain = row(false, false, 'undecided');
    return [
      row(true, false, 'undecided') === plain ? '' : 'by-address',
      row(false, true, 'undecided') === plain ? '' : 'hosts',
      row(false, false, 'unmatched') === plain ? '' : 'unknowns',
    ].filter(name => name !== '');
  };
  const known = { pods: [pod('shop/a', { addresses: ['10.0.0.1'] })] };
  const bare = { pods: [pod('shop/a')] };
  const host = {
    pods: [
      pod('shop/a', { addresses: ['10.0.0.1'] }),
      pod('shop/h', { hostNetwork: true, addresses: ['192.0.2.1'] }),
    ],
  };
  const ports = networkPolicy({ ingress: [{ ports: [tcp(1)] }] });
  const inside = networkPolicy({
    ingress: [{ ports: [tcp(1)] }, { peers: [block('10.0.0.0/8')] }],
  });
  const outside = networkPolicy({ ingress: [{ peers: [block('192.168.0.0/16')] }] });
  const admin = adminPolicy({
    ingress: [{ peers: [anyPod] }, { peers: [networks('10.0.0.0/8')] }],
  });
  assert.deepEqual(shared(known, ports), []);
  assert.deepEqual(shared(known, inside), ['by-address']);
  assert.deepEqual(shared(known, outside), []);
  assert.deepEqual(shared(bare, outside), ['by-address']);
  assert.deepEqual(shared(known, admin), ['unknowns']);
  assert.deepEqual(shared(host, ports), ['hosts', 'unknowns']);
});

const selector = (key: string, operator: SelectorOperator, ...values: readonly string[]) => ({
  requirements: [{ key, operator, values }],
});

const CHOICES = [
  { requirements: [] },
  labelled({ app: 'x' }),
  labelled({ app: 'x', tier: 't0' }),
  labelled({ tier: 't0', app: 'x' }),
  labelled({ app: 'nobody' }),
  labelled({ gone: 'x' }),
  selector('app', SelectorOperator.IN, 'y', 'x', 'y'),
  selector('app', SelectorOperator.EXISTS),
  selector('tier', SelectorOperator.EXISTS),
  selector('tier', SelectorOperator.DOES_NOT_EXIST),
  selector('app', SelectorOperator.NOT_IN, 'x', ''),
  {
    requirements: [
      ...selector('tier', SelectorOperator.EXISTS).requirements,
      ...labelled({ app: 'y' }).requirements,
    ],
  },
  {
    requirements: [
      ...selector('one', SelectorOperator.NOT_IN, 'only').requirements,
      ...selector('app', SelectorOperator.IN, 'x', '').requirements,
    ],
  },
];

test('the index finds what each pod’s labels say, by every operator and in every part of the cluster', () => {
  const pods = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].flatMap((where, place) =>
    ['x', 'y', ''].map((app, other) =>
      pod(`${where}/p${place}-${other}`, {
        labels: {
          app,
          ...(place % 3 === 0 && { tier: `t${other}` }),
          ...(place === 1 && { one: 'only' }),
        },
      }),
    ),
  );
  const namespaces = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, place) =>
    namespace(name, { team: place < 2 ? 'few' : 'many' }),
  );
  const { index } = compile(facts({ pods, namespaces }), []).engine;
  const wheres = [
    null,
    { requirements: [] },
    labelled({ team: 'few' }),
    labelled({ team: 'many' }),
    labelled({ team: 'none' }),
    labelled({ 'kubernetes.io/metadata.name': 'c' }),
  ];
  for (const chosen of CHOICES) {
    for (const where of wheres) {
      const expected = index.classes
        .filter(
          ({ namespace: name, labels }) =>
            (where === null
              ? name === 'b'
              : selects(where, index.namespaces.labels.get(name) ?? {})) && selects(chosen, labels),
        )
        .map(({ id }) => id);
      const found = index.select(where, 'b', chosen);
      assert.deepEqual([...found], expected, JSON.stringify([where, chosen]));
      assert.equal(index.select(where, 'b', chosen), found);
    }
  }
});

test('a peer without own namespace in a cluster policy, and a policy list that is not there', () => {
  const policy = { ...adminPolicy({ ingress: [{ peers: [podsLabelled({ app: 'a' })] }] }) };
  const compiled = compile(facts({ pods: [pod('default/a'), pod('shop/a')] }), [policy]);
  const [rule] = compiled.engine.policies[0]?.rules.INGRESS ?? [];
  assert.deepEqual([...(rule?.pods[0]?.classes ?? [])], [0]);
  assert.throws(() => compiled.engine.lists.INGRESS.program(9 as ListId), {
    name: 'RangeError',
    message: 'no policy list has the number 9',
  });
});
