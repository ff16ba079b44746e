import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Compiled,
  type Connection,
  compile,
  connectivityMap,
  containsPort,
  decide,
  type Endpoint,
  formatMapPeer,
  formatPortSet,
  isNoPorts,
  judge,
  judgeAll,
  type MapPeer,
  type MapRow,
  type PodFact,
  type PortSet,
} from '../../../src/netpol/index.js';
import {
  densePairs,
  type PairColumns,
  sparsePairs,
} from '../../../src/netpol/map/workload-pairs.js';
import { workloadsOf } from '../../../src/netpol/map/workloads.js';
import { ASKED_PORTS, modes, OUTSIDE_ENDS, policies, worlds } from './arbitrary.js';
import { end } from './build.js';

const endsOf = (compiled: Compiled): readonly Endpoint[] => [
  ...compiled.facts.pods.map(({ key }): Endpoint => ({ kind: 'pod', key })),
  ...OUTSIDE_ENDS.map(end),
];

const connections = (compiled: Compiled): fc.Arbitrary<readonly Connection[]> => {
  const anyEnd = fc.constantFrom(...endsOf(compiled));
  return fc.array(
    fc.record({
      source: anyEnd,
      destination: anyEnd,
      port: fc.constantFrom(...ASKED_PORTS),
      protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMP'),
    }),
    { minLength: 20, maxLength: 20 },
  );
};

const compiledWorlds = fc
  .tuple(worlds, policies, modes)
  .map(([facts, set, chosen]) => compile(facts, set, chosen));

const brief = ({ verdict, basis, governed }: ReturnType<typeof judge>) => ({
  verdict,
  basis,
  governed,
});

test('the fast verdict is the reasoned one, for every kind of end, protocol and mode', () => {
  fc.assert(
    fc.property(
      compiledWorlds.chain(compiled => fc.tuple(fc.constant(compiled), connections(compiled))),
      ([compiled, asked]) => {
        for (const connection of asked) {
          const decision = decide(compiled, connection);
          assert.deepEqual(
            judge(compiled, connection),
            brief(decision),
            JSON.stringify(connection),
          );
          assert.equal(decision.missing === null, decision.verdict !== 'UNDECIDABLE');
        }
        const all = judgeAll(compiled, asked);
        assert.deepEqual(
          asked.map((_, flow) => all.at(flow)),
          asked.map(connection => judge(compiled, connection)),
        );
      },
    ),
    { numRuns: 300 },
  );
});

const titleOf = ({ namespace, name }: PodFact): string => `${namespace}/${name}[Deployment]`;

/** Rows of the map by their ends. */
const drawnBy = (compiled: Compiled) =>
  new Map(
    [...connectivityMap(compiled)].map(({ source, destination, ports }) => [
      `${formatMapPeer(source)} ${formatMapPeer(destination)}`,
      ports,
    ]),
  );

test('the map draws between pods what single verdicts allow, where nothing is undecidable', () => {
  const sameAnswer = (compiled: Compiled, row: PortSet | undefined, pair: Pair) => {
    assert.ok(row === undefined || !isNoPorts(row));
    for (const port of [1, 53, 80, 443]) {
      const { verdict } = judge(compiled, { ...pair, port, protocol: 'TCP' });
      const drawn = row !== undefined && containsPort(row, 'TCP', port);
      if (verdict !== 'UNDECIDABLE') assert.equal(drawn, verdict === 'ALLOWED');
    }
  };
  fc.assert(
    fc.property(compiledWorlds, compiled => {
      const drawn = drawnBy(compiled);
      const { pods } = compiled.facts;
      for (const [from, to] of pods.flatMap(one => pods.map(other => [one, other] as const))) {
        // The node's exception is not drawn.
        if (from === to || (from.node !== null && from.node === to.node)) continue;
        const row = drawn.get(`${titleOf(from)} ${titleOf(to)}`);
        const source: Endpoint = { kind: 'pod', key: from.key };
        sameAnswer(compiled, row, { source, destination: { kind: 'pod', key: to.key } });
      }
    }),
    { numRuns: 200 },
  );
});

type Pair = Pick<Connection, 'source' | 'destination'>;

const EDGES = ['0.0.0.0', '9.255.255.255', '10.0.0.3', '10.0.0.6', '127.255.255.255', '128.0.0.0'];

test('the map draws address ranges as single addresses are allowed, each address once', () => {
  const inRange = (peer: MapPeer, address: string): boolean => {
    if (peer.kind !== 'range') return false;
    const [from, to, at] = [peer.from, peer.to, address].map(text =>
      text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0),
    );
    return !peer.from.includes(':') && (from ?? 0) <= (at ?? 0) && (at ?? 0) <= (to ?? 0);
  };
  const sameAnswer = (compiled: Compiled, rows: readonly MapRow[], pod: PodFact) => {
    const title = titleOf(pod);
    for (const address of EDGES) {
      const found = rows.filter(
        ({ source, destination }) =>
          formatMapPeer(source) === title && inRange(destination, address),
      );
      assert.ok(found.length <= 1);
      const source: Endpoint = { kind: 'pod', key: pod.key };
      for (const port of [1, 53, 80, 443]) {
        const asked: Connection = { source, destination: end(address), port, protocol: 'TCP' };
        const { verdict } = judge(compiled, asked);
        const drawn = found[0] !== undefined && containsPort(found[0].ports, 'TCP', port);
        if (verdict !== 'UNDECIDABLE') assert.equal(drawn, verdict === 'ALLOWED');
      }
    }
  };
  fc.assert(
    fc.property(compiledWorlds, compiled => {
      const rows = [...connectivityMap(compiled)];
      for (const pod of compiled.facts.pods) sameAnswer(compiled, rows, pod);
    }),
    { numRuns: 200 },
  );
});

const mapTexts = (compiled: Compiled): readonly string[] =>
  [...drawnBy(compiled)].map(([ends, ports]) => `${ends} : ${formatPortSet(ports)}`).sort();

test('pairs found by matrices are those found one by one', () => {
  fc.assert(
    fc.property(compiledWorlds, compiled => {
      const workloads = workloadsOf(compiled);
      const textsOf = ({ sources, destinations, traffic }: PairColumns) =>
        [...sources].map((from, row) => `${from} ${destinations[row]} ${traffic[row]}`).sort();
      assert.deepEqual(
        textsOf(densePairs(compiled, workloads)),
        textsOf(sparsePairs(compiled, workloads)),
      );
    }),
    { numRuns: 200 },
  );
});

test('the order of pods does not matter, nor that of NetworkPolicies', () => {
  fc.assert(
    fc.property(worlds, policies, modes, (facts, set, chosen) => {
      const ordinary = set.filter(({ tier }) => tier === 'NETWORK_POLICY');
      const one = compile(facts, ordinary, chosen);
      const turned = { ...facts, pods: facts.pods.toReversed() };
      const other = compile(turned, ordinary.toReversed(), chosen);
      assert.deepEqual(mapTexts(one), mapTexts(other));
    }),
    { numRuns: 100 },
  );
});
