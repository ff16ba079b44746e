import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassId } from '../../../src/netpol/compile/class-id.js';
import type { Unknowns } from '../../../src/netpol/decide/side.js';
import {
  Action,
  type Compiled,
  compile,
  formatPortSet,
  type Policy,
} from '../../../src/netpol/index.js';
import type { TrafficId } from '../../../src/netpol/ports/traffic.js';
import { differingClasses, type Row, rowAt, spreadRow } from '../../../src/netpol/rows/row.js';
import { outcomesOf, rowFor } from '../../../src/netpol/rows/rows.js';
import {
  adminPolicy,
  facts,
  labelled,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const http = (port: number) => [{ name: 'http', port, protocol: 'TCP' as const }];

/** Classes in this order. */
const PODS = [
  pod('shop/web', { addresses: ['10.0.0.1'], ports: http(80) }),
  pod('shop/api', { addresses: ['192.168.0.1'], ports: http(81) }),
  pod('shop/bare', { ports: http(81) }),
  pod('shop/known', { hostNetwork: true, node: 'n1' }),
  pod('shop/lost', { hostNetwork: true }),
];
const NODES = [{ name: 'n1', labels: {}, addresses: ['10.0.0.9'] }];
const READING = { byAddress: false, hostsAsPods: false };

const world = (...policies: readonly Policy[]): Compiled =>
  compile(facts({ pods: PODS, nodes: NODES }), policies);

function rowIn(compiled: Compiled, unknowns: Unknowns, subject = 0): Row {
  const podClass = compiled.engine.index.classes[subject];
  if (podClass === undefined) throw new Error('no class');
  return rowFor(compiled, 'EGRESS', podClass, [READING, unknowns]);
}

/** What is allowed, and perhaps allowed, towards each class. */
const says = (compiled: Compiled, row: Row): readonly string[] =>
  PODS.map((_, id) => {
    const { engine } = compiled;
    const outcomes = outcomesOf(compiled);
    const { allow, maybe } = outcomes.at(rowAt(engine, outcomes, row, id as ClassId));
    const text = (traffic: TrafficId) => formatPortSet(engine.table.at(traffic).ports);
    return `${text(allow)} / ${text(maybe)}`;
  });

const deniesNetwork = adminPolicy({
  egress: [
    { action: Action.DENY, peers: [networks('10.0.0.0/8')], ports: [tcp(1, 65_534)] },
    { action: Action.DENY, ports: [{ kind: 'range', protocol: 'UDP', from: 1, to: 65_535 }] },
    { action: Action.DENY, ports: [{ kind: 'range', protocol: 'SCTP', from: 1, to: 65_535 }] },
  ],
});

const ALL = 'TCP 1-65535 / No Connections';
const LAST = 'TCP 65535 / No Connections';
const PERHAPS = 'TCP 65535 / TCP 1-65534';

test('where an address is not known a rule of networks may match, or counts as not matched', () => {
  const compiled = world(deniesNetwork);
  const undecided = rowIn(compiled, 'undecided');
  assert.deepEqual(says(compiled, undecided), [LAST, ALL, PERHAPS, LAST, PERHAPS]);
  const unmatched = rowIn(compiled, 'unmatched');
  assert.deepEqual(says(compiled, unmatched), [LAST, ALL, ALL, LAST, ALL]);
});

test('a row holds hostNetwork pods apart, once they were asked for', () => {
  const compiled = world(deniesNetwork);
  const row = rowIn(compiled, 'undecided');
  assert.deepEqual([...row.touched], [0]);
  assert.deepEqual([...row.hosts.keys()], []);
  const outcome = rowAt(compiled.engine, outcomesOf(compiled), row, 4 as ClassId);
  assert.deepEqual([...row.hosts], [[4, outcome]]);
  assert.equal(rowAt(compiled.engine, outcomesOf(compiled), row, 4 as ClassId), outcome);
});

test('a row that is spread says of every class what it says one by one', () => {
  const sets = [
    world(deniesNetwork),
    world(networkPolicy({ egress: [{ ports: [portNamed('http')] }] })),
    world(
      networkPolicy({
        egress: [{ peers: [podsLabelled({ app: 'api' })], ports: [portNamed('http')] }],
      }),
    ),
  ];
  for (const compiled of sets) {
    const outcomes = outcomesOf(compiled);
    for (const unknowns of ['undecided', 'unmatched'] as const) {
      const row = rowIn(compiled, unknowns);
      const target = new Int32Array(PODS.length).fill(-1);
      spreadRow(compiled.engine, outcomes, row, [target, outcome => outcome + 100]);
      assert.deepEqual(
        [...target],
        PODS.map((_, id) => rowAt(compiled.engine, outcomes, row, id as ClassId) + 100),
      );
    }
  }
});

test('the names of ports mean those of each peer', () => {
  for (const beside of [[], [{ ports: [tcp(80)] }]]) {
    const named = { ports: [portNamed('http')] };
    const compiled = world(networkPolicy({ egress: [named, ...beside] }));
    const row = rowIn(compiled, 'unmatched');
    assert.equal(row.rest.length, 3);
    const rest = says(compiled, row).map(text => text.split(' /')[0]);
    const api = beside.length === 0 ? 'TCP 81' : 'TCP 80-81';
    assert.deepEqual(rest.slice(0, 3), ['TCP 80', api, api]);
  }
});

test('classes towards which two rows differ are told in order, however each row came by them', () => {
  const opens = (name: string, to: string, port: number) =>
    networkPolicy({
      name,
      pods: labelled({ app: name }),
      egress: [{ peers: [podsLabelled({ app: to })], ports: [tcp(port)] }],
    });
  const differing = (...policies: readonly Policy[]) => {
    const compiled = world(...policies);
    const [one, other] = [rowIn(compiled, 'unmatched', 0), rowIn(compiled, 'unmatched', 1)];
    return [one, other].map((row, place) =>
      differingClasses(compiled.engine, outcomesOf(compiled), row, place === 0 ? other : one),
    );
  };
  assert.deepEqual(differing(opens('web', 'api', 80), opens('api', 'api', 80)), [[], []]);
  assert.deepEqual(differing(opens('web', 'api', 80), opens('api', 'api', 81)), [[1], [1]]);
  assert.deepEqual(differing(opens('web', 'bare', 80), opens('api', 'web', 80)), [
    [0, 2],
    [0, 2],
  ]);
  const nobody = networkPolicy({ name: 'api', pods: labelled({ app: 'api' }), egress: [] });
  assert.deepEqual(differing(opens('web', 'bare', 80), nobody), [[2], [2]]);
});
