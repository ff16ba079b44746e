import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Connection,
  compile,
  DEFAULT_MODES,
  decide,
  type Endpoint,
  type FlowColumns,
  judge,
  judgeAll,
} from '../../../src/netpol/index.js';
import {
  block,
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  service,
  tcp,
  udp,
} from '../evaluation/build.js';

const PODS = [
  pod('shop/a'),
  pod('shop/b', { addresses: ['10.0.0.2'] }),
  pod('shop/free'),
  pod('shop/host', { hostNetwork: true, node: 'n1' }),
  pod('shop/c', { addresses: ['10.0.0.9'] }),
  pod('shop/b-2', { labels: { app: 'b' }, addresses: ['10.0.0.9'] }),
];

const world = () =>
  compile(
    facts({
      pods: PODS,
      nodes: [{ name: 'n1', labels: {}, addresses: ['10.1.0.1'] }],
      services: [service({ name: 'b', selector: { app: 'b' } })],
    }),
    [
      networkPolicy({
        name: 'b',
        pods: labelled({ app: 'b' }),
        ingress: [
          { peers: [podsLabelled({ app: 'a' })], ports: [tcp(80)] },
          { peers: [block('0.0.0.0/8')], ports: [udp(53)] },
          { peers: [block('2001:db8::/32')], ports: [tcp(80)] },
        ],
        egress: [{ peers: [block('0.0.0.0/8')], ports: [tcp(80)] }],
      }),
      networkPolicy({ name: 'a', pods: labelled({ app: 'a' }), egress: [{ ports: [tcp(80)] }] }),
      networkPolicy({ name: 'host', pods: labelled({ app: 'host' }), ingress: [] }),
    ],
    DEFAULT_MODES,
  );

const address = (text: string): Endpoint => ({ kind: 'address', address: text });

const ENDS: readonly Endpoint[] = [
  ...PODS.map(({ key }): Endpoint => ({ kind: 'pod', key })),
  address('0.0.0.0'),
  address('198.51.100.1'),
  address('2001:db8::1'),
  address('10.0.0.2'),
  address('10.0.0.9'),
  { kind: 'node', name: 'n1' },
  { kind: 'service', namespace: 'shop', name: 'b' },
  { kind: 'pod', key: 'shop/unknown' },
];

const FLOWS: readonly Connection[] = ENDS.flatMap(source =>
  ENDS.flatMap(destination =>
    ['TCP', 'UDP', 'GRE'].flatMap(protocol =>
      [null, 80, 53].map(port => ({ source, destination, protocol, port })),
    ),
  ),
);

const columns = (): FlowColumns => ({
  endpoints: ENDS,
  sources: Int32Array.from(FLOWS, ({ source }) => ENDS.indexOf(source)),
  destinations: Int32Array.from(FLOWS, ({ destination }) => ENDS.indexOf(destination)),
  ports: Int32Array.from(FLOWS, ({ port }) => port ?? 0),
  protocols: Uint8Array.from(FLOWS, ({ protocol }) => ['TCP', 'UDP', '', 'GRE'].indexOf(protocol)),
});

const expected = () => {
  const law = world();
  return FLOWS.map(flow => {
    const { verdict, basis, governed } = decide(law, flow);
    return { verdict, basis, governed };
  });
};

test('the same verdict for ends of every kind, one by one, as a list, and in columns', () => {
  const one = world();
  const told = expected();
  assert.deepEqual(
    FLOWS.map(flow => judge(one, flow)),
    told,
  );
  for (const flows of [FLOWS, columns()]) {
    const all = judgeAll(world(), flows);
    assert.deepEqual(
      FLOWS.map((_, flow) => all.at(flow)),
      told,
    );
    assert.throws(() => all.at(FLOWS.length), RangeError);
    const strange = { ...columns(), sources: new Int32Array(FLOWS.length).fill(ENDS.length) };
    assert.throws(() => judgeAll(world(), strange), /no endpoint has the place/);
  }
});

test('a pod reaches itself, whatever isolates it, and no other pod of its class', () => {
  const pods = ['a-1', 'a-2'].map(name => pod(`shop/${name}`, { labels: { app: 'a' } }));
  const closed = compile(facts({ pods }), [networkPolicy({ ingress: [], egress: [] })]);
  const keys = pods.map(({ key }) => key);
  const flows = keys.flatMap(source =>
    keys.map(
      (destination): Connection => ({
        source: { kind: 'pod', key: source },
        destination: { kind: 'pod', key: destination },
        protocol: 'TCP',
        port: 80,
      }),
    ),
  );
  const expected = ['ALLOWED', 'DENIED', 'DENIED', 'ALLOWED'];
  const all = judgeAll(closed, flows);
  assert.deepEqual(
    flows.map(flow => judge(closed, flow).verdict),
    expected,
  );
  assert.deepEqual(
    flows.map((_, flow) => all.at(flow).verdict),
    expected,
  );
});

test('more classes of pods than the table has room for are judged too', () => {
  const pods = Array.from({ length: 4_097 }, (_, place) => pod(`shop/p${place}`));
  const many = compile(facts({ pods }), [
    networkPolicy({
      pods: labelled({ app: 'p1' }),
      ingress: [{ peers: [podsLabelled({ app: 'p4096' })] }],
    }),
  ]);
  const towards = (source: string): Connection => ({
    source: { kind: 'pod', key: source },
    destination: { kind: 'pod', key: 'shop/p1' },
    protocol: 'TCP',
    port: 80,
  });
  const all = judgeAll(many, [towards('shop/p4096'), towards('shop/p4095')]);
  assert.deepEqual([all.at(0).verdict, all.at(1).verdict], ['ALLOWED', 'DENIED']);
});
