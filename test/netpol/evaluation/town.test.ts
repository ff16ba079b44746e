import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Change,
  type Compiled,
  type Connection,
  compareSets,
  compile,
  connectivityMap,
  containsPort,
  DEFAULT_MODES,
  decide,
  formatMapPeer,
  formatPortSet,
  judge,
  judgeAll,
  type MapRow,
  type Modes,
  NO_PORTS,
  type PairDifference,
  type PortSet,
  Protocol,
  subtractPorts,
  withChange,
} from '../../../src/netpol/index.js';
import {
  densePairs,
  type PairColumns,
  sparsePairs,
} from '../../../src/netpol/map/workload-pairs.js';
import { workloadsOf } from '../../../src/netpol/map/workloads.js';
import { connection } from './build.js';
import { type Town, townOf } from './town.js';

const MODES: readonly Modes[] = [
  DEFAULT_MODES,
  { hostNetwork: 'pods', ipBlockPods: 'never' },
  { hostNetwork: 'nodes', ipBlockPods: 'by-address' },
];

const compiledOf = ({ facts, policies }: Town, modes = DEFAULT_MODES): Compiled =>
  compile(facts, policies, modes);

const pairsOf = ({ sources, destinations, traffic }: PairColumns): ReadonlySet<string> =>
  new Set([...sources].map((from, row) => `${from} ${destinations[row]} ${traffic[row]}`));

const PORTS = [1, 52, 53, 54, 80, 81, 443, 444, 5431, 5432, 5433, 65_535];

/** The pods that speak for workloads, by what the map calls them. */
const speakersOf = (compiled: Compiled): ReadonlyMap<string, string> =>
  new Map(
    workloadsOf(compiled).map(({ peer, pod }) => [
      formatMapPeer(peer),
      compiled.facts.pods[pod]?.key ?? '',
    ]),
  );

const rowsOf = (compiled: Compiled): ReadonlyMap<string, MapRow> =>
  new Map(
    [...connectivityMap(compiled)].map(row => [
      `${formatMapPeer(row.source)} => ${formatMapPeer(row.destination)}`,
      row,
    ]),
  );

type Speaker = readonly [workload: string, pod: string];

/** The row of a pair holds the ports that are allowed one by one; nothing is said of those that are undecidable. */
function assertDrawn(
  compiled: Compiled,
  rows: ReadonlyMap<string, MapRow>,
  [source, from]: Speaker,
  [destination, to]: Speaker,
): void {
  const drawn = rows.get(`${source} => ${destination}`)?.ports ?? NO_PORTS;
  const asked = Object.values(Protocol).flatMap(protocol =>
    PORTS.map(port => ({ protocol, port })),
  );
  for (const { protocol, port } of asked) {
    const text = `${from} -> ${to} ${protocol} ${port}`;
    const { verdict, basis } = judge(compiled, connection(text));
    // "Treats it as no match", and "a pod's own node is not drawn".
    if (verdict === 'UNDECIDABLE' || basis === 'spec-exception') continue;
    assert.equal(containsPort(drawn, protocol, port), verdict === 'ALLOWED', text);
  }
}

for (const modes of MODES) {
  test(`a town's map holds what is allowed pair by pair, by matrices and without, in modes ${JSON.stringify(modes)}`, () => {
    const compiled = compiledOf(townOf(11), modes);
    const workloads = workloadsOf(compiled);
    assert.deepEqual(
      pairsOf(sparsePairs(compiledOf(townOf(11), modes), workloads)).size,
      pairsOf(densePairs(compiled, workloads)).size,
    );
    const rows = rowsOf(compiled);
    const other = [...sparsePairs(compiled, workloads).sources].length;
    assert.equal(
      [...rows.values()].filter(
        row => row.source.kind === 'workload' && row.destination.kind === 'workload',
      ).length,
      other,
    );
    const speakers = [...speakersOf(compiled)];
    for (const one of speakers) {
      for (const other of speakers) if (one !== other) assertDrawn(compiled, rows, one, other);
    }
  });

  test(`a town's flows are judged as decide says, each and all at once, in modes ${JSON.stringify(modes)}`, () => {
    const compiled = compiledOf(townOf(12), modes);
    const ends = [
      ...compiled.facts.pods.map(({ key }) => key),
      '192.0.2.1',
      '192.0.2.77',
      '10.2.0.200',
      '198.51.100.1',
      'fd00::99',
      'fe80::1',
    ];
    const asked: readonly Connection[] = ends.flatMap((source, place) =>
      ends.map((destination, other) => {
        const mix = place * 31 + other * 17;
        return connection(
          `${source} -> ${destination} ${['TCP', 'UDP', 'SCTP', 'ICMP'][mix % 4]} ${PORTS[mix % PORTS.length]}`,
        );
      }),
    );
    const all = judgeAll(compiled, asked);
    for (const [flow, one] of asked.entries()) {
      const expected = judge(compiled, one);
      assert.deepEqual(all.at(flow), expected);
      if (flow % 7 > 0) continue;
      const { verdict, basis, governed } = decide(compiled, one);
      assert.deepEqual(expected, { verdict, basis, governed }, JSON.stringify(one));
    }
  });
}

const CHANGES: Readonly<Record<string, (town: Town) => Change>> = {
  'a policy with the rules of another': ({ policies: [one, other] }) => ({
    policies: {
      put: one && other ? [{ ...one, ingress: other.ingress, egress: other.egress }] : [],
    },
  }),
  'five policies less': ({ policies }) => ({ policies: { remove: policies.slice(3, 8) } }),
  'new policies': () => ({
    policies: { put: townOf(99, 1, 6).policies.map(one => ({ ...one, name: `new-${one.name}` })) },
  }),
  'pods with other labels': ({ facts }) => ({
    pods: {
      put: facts.pods
        .filter(({ hostNetwork }) => !hostNetwork)
        .slice(0, 9)
        .map(pod => ({ ...pod, labels: { app: 'api', tier: 'front' } })),
    },
  }),
  'pods less': ({ facts }) => ({
    pods: {
      remove: facts.pods
        .filter(({ hostNetwork }) => !hostNetwork)
        .slice(5, 25)
        .map(({ key }) => key),
    },
  }),
  'pods more': () => ({
    pods: {
      put: townOf(98, 12, 0)
        .facts.pods.filter(({ hostNetwork }) => !hostNetwork)
        .map(pod => ({ ...pod, key: `${pod.key}-new`, workload: { kind: 'Job', name: pod.name } })),
    },
  }),
  'a namespace of another team': () => ({
    namespaces: { put: [{ name: 'b', labels: { team: 'x' } }] },
  }),
  'a namespace less, and a policy more': () => ({
    namespaces: { remove: ['a'] },
    policies: { put: townOf(97, 1, 1).policies },
  }),
};

const differenceText = ({
  before,
  after,
  newlyAllowed,
  newlyBlocked,
}: Omit<PairDifference, 'source' | 'destination'>): string =>
  [before, after, newlyAllowed, newlyBlocked].map(formatPortSet).join(' | ');

/** What differs between workloads, the plain way: map against map. */
function differencesOf(before: Compiled, after: Compiled): ReadonlyMap<string, string> {
  const [was, is] = [rowsOf(before), rowsOf(after)];
  const portsIn = (rows: ReadonlyMap<string, MapRow>, pair: string): PortSet =>
    rows.get(pair)?.ports ?? NO_PORTS;
  const pairs = [...was, ...is].flatMap(([pair, { source, destination }]) =>
    source.kind === 'range' || destination.kind === 'range' ? [] : [pair],
  );
  return new Map(
    pairs.flatMap(pair => {
      const [one, other] = [portsIn(was, pair), portsIn(is, pair)];
      const text = differenceText({
        before: one,
        after: other,
        newlyAllowed: subtractPorts(other, one),
        newlyBlocked: subtractPorts(one, other),
      });
      return formatPortSet(one) === formatPortSet(other) ? [] : [[pair, text] as const];
    }),
  );
}

for (const [title, changeOf] of Object.entries(CHANGES)) {
  test(`a town with ${title}: the difference is that of the maps, carried along or compiled anew`, () => {
    const town = townOf(13);
    const before = compiledOf(town);
    // Rows that were asked for before the change go on serving.
    connectivityMap(before);
    const carried = withChange(before, changeOf(town));
    const anew = compile(carried.facts, carried.policies);
    const expected = differencesOf(before, anew);
    assert.ok(expected.size > 0);
    for (const after of [carried, anew]) {
      const found = compareSets(before, after).pairs.filter(
        ({ source, destination }) => source.kind !== 'range' && destination.kind !== 'range',
      );
      const texts = found.map(
        pair =>
          [
            `${formatMapPeer(pair.source)} => ${formatMapPeer(pair.destination)}`,
            differenceText(pair),
          ] as const,
      );
      assert.equal(new Set(texts.map(([pair]) => pair)).size, texts.length);
      assert.deepEqual(new Map(texts.toSorted()), new Map([...expected].toSorted()));
    }
    const textOf = (compiled: Compiled) =>
      [...rowsOf(compiled)]
        .map(([pair, { ports }]) => `${pair} ${formatPortSet(ports)}`)
        .toSorted();
    assert.deepEqual(textOf(carried), textOf(anew));
  });
}
