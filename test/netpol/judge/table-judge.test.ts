import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Compiled, compile, DEFAULT_MODES, type Endpoint } from '../../../src/netpol/index.js';
import { judgeOf } from '../../../src/netpol/judge/judge.js';
import { seatOf } from '../../../src/netpol/judge/seat.js';
import { NO_CODE, tableJudge } from '../../../src/netpol/judge/table-judge.js';
import {
  block,
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  tcp,
} from '../evaluation/build.js';

const PODS = [
  pod('shop/a'),
  pod('shop/twin', { labels: { app: 'a' } }),
  pod('shop/b'),
  pod('shop/host', { hostNetwork: true }),
];

const POLICIES = [
  networkPolicy({
    name: 'b',
    pods: labelled({ app: 'b' }),
    ingress: [
      { peers: [podsLabelled({ app: 'a' })], ports: [tcp(80)] },
      { peers: [block('0.0.0.0/8')], ports: [tcp(81)] },
    ],
    egress: [{ peers: [block('0.0.0.0/8')], ports: [tcp(80)] }],
  }),
  networkPolicy({ name: 'a', pods: labelled({ app: 'a' }), ingress: [] }),
];

const address = (text: string): Endpoint => ({ kind: 'address', address: text });
const POD_ENDS = PODS.map(({ key }): Endpoint => ({ kind: 'pod', key }));
const HOST = 3;
const OTHERS = [6, 7];
const ENDS: readonly Endpoint[] = [
  ...POD_ENDS,
  address('0.0.0.0'),
  address('198.51.100.1'),
  address('2001:db8::1'),
  { kind: 'node', name: 'n1' },
];

const places = [...ENDS.keys()];

/** What the tables do not know, by the places of both ends. */
const isBeyond = (one: number, other: number): boolean =>
  [HOST, ...OTHERS].some(place => place === one || place === other) ||
  (one === other && one < POD_ENDS.length);

const FLOWS = places.flatMap(source =>
  places.flatMap(destination =>
    [
      [0, 80],
      [0, 81],
      [0, 0],
      [3, 0],
    ].map(([protocol = 0, port = 0]) => ({ source, destination, protocol, port })),
  ),
);

const columns = {
  sources: Int32Array.from(FLOWS, ({ source }) => source),
  destinations: Int32Array.from(FLOWS, ({ destination }) => destination),
};

function heldAgainstRows(compiled: Compiled, flows: typeof columns): void {
  const seats = ENDS.map(end => seatOf(compiled, end));
  const fromTables = tableJudge(compiled, seats, flows);
  const answer = judgeOf(compiled);
  for (const { source, destination, protocol, port } of FLOWS) {
    const [from, to] = [seats[source], seats[destination]];
    if (!from || !to) throw new Error('no seat');
    const expected = isBeyond(source, destination) ? NO_CODE : answer(from, to, protocol, port);
    const told = `${JSON.stringify([ENDS[source], ENDS[destination]])} ${protocol} ${port}`;
    assert.equal(fromTables(source, destination, protocol, port), expected, told);
  }
}

/** The same flows so often that a table of all codes is worth its room. */
const often = ({ sources, destinations }: typeof columns): typeof columns => {
  const repeated = (column: Int32Array) =>
    Int32Array.from({ length: 100_000 }, (_, flow) => column[flow % column.length] ?? 0);
  return { sources: repeated(sources), destinations: repeated(destinations) };
};

for (const [name, flows] of [
  ['a few flows', columns],
  ['many flows', often(columns)],
] as const) {
  test(`the tables answer flows of pods and outside addresses, and leave all others, made for ${name}`, () => {
    heldAgainstRows(compile(facts({ pods: PODS }), POLICIES, DEFAULT_MODES), flows);
  });
}

test('classes that few flows ask of are left', () => {
  const pods = Array.from({ length: 200 }, (_, place) => pod(`shop/p${place}`));
  const compiled = compile(facts({ pods }), POLICIES);
  const seats = pods.slice(0, 2).map(({ key }) => seatOf(compiled, { kind: 'pod', key }));
  const flows = (count: number) => ({
    sources: new Int32Array(count).fill(0),
    destinations: new Int32Array(count).fill(1),
  });
  assert.equal(tableJudge(compiled, seats, flows(1))(0, 1, 0, 80), NO_CODE);
  assert.notEqual(tableJudge(compiled, seats, flows(10))(0, 1, 0, 80), NO_CODE);
});
