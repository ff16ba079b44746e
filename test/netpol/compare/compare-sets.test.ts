import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, sameFamily, unionOf } from '../../../src/netpol/compare/union.js';
import {
  Action,
  type Change,
  type Compiled,
  compareSets,
  compile,
  DEFAULT_MODES,
  formatMapPeer,
  formatPortSet,
  judge,
  type PodFact,
  type Policy,
  withChange,
} from '../../../src/netpol/index.js';
import { NOTHING } from '../../../src/netpol/ports/traffic.js';
import {
  adminPolicy,
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  tcp,
  udp,
} from '../evaluation/build.js';

const pods = [pod('shop/web'), pod('shop/api'), pod('shop/db'), pod('shop/log')];

/** No pod of the shop sends anything out of it, so that no ranges are told. */
const inside = networkPolicy({
  name: 'inside',
  ingress: [],
  egress: [{ peers: [podsLabelled({})] }],
});

const opens = (name: string, to: string, from: string, ...ports: readonly number[]): Policy =>
  networkPolicy({
    name,
    pods: labelled({ app: to }),
    ingress: [{ peers: [podsLabelled({ app: from })], ports: ports.map(port => tcp(port)) }],
  });

const short = (text: string): string => text.replace('shop/', '').replace('[Deployment]', '');

const told = (before: Compiled, after: Compiled): readonly string[] =>
  compareSets(before, after)
    .pairs.map(
      ({ source, destination, newlyAllowed, newlyBlocked, ...sets }) =>
        `${short(formatMapPeer(source))} ${short(formatMapPeer(destination))}: ${formatPortSet(sets.before)} to ${formatPortSet(sets.after)}, plus ${formatPortSet(newlyAllowed)}, less ${formatPortSet(newlyBlocked)}`,
    )
    .toSorted();

const NONE = 'No Connections';
const base = (...policies: readonly Policy[]): Compiled =>
  compile(facts({ pods }), [inside, ...policies]);
const put = (...policies: readonly Policy[]): Change => ({ policies: { put: policies } });

const CASES: readonly (readonly [string, readonly Policy[], Change, readonly string[]])[] = [
  ['nothing', [opens('a', 'api', 'web', 80)], put(), []],
  [
    'a policy that says what it said',
    [opens('a', 'api', 'web', 80)],
    put(opens('a', 'api', 'web', 80)),
    [],
  ],
  [
    'a port more',
    [opens('a', 'api', 'web', 80)],
    put(opens('a', 'api', 'web', 80, 90)),
    [`web api: TCP 80 to TCP 80,90, plus TCP 90, less ${NONE}`],
  ],
  [
    'a port for another',
    [opens('a', 'api', 'web', 80)],
    put(opens('a', 'api', 'web', 81)),
    ['web api: TCP 80 to TCP 81, plus TCP 81, less TCP 80'],
  ],
  [
    'another source',
    [opens('a', 'api', 'web', 80)],
    put(opens('a', 'api', 'log', 80)),
    [
      `log api: ${NONE} to TCP 80, plus TCP 80, less ${NONE}`,
      `web api: TCP 80 to ${NONE}, plus ${NONE}, less TCP 80`,
    ],
  ],
  [
    'two subjects with the same two rows',
    [opens('a', 'api', 'web', 80), opens('b', 'db', 'web', 80)],
    put(opens('a', 'api', 'log', 80), opens('b', 'db', 'log', 80)),
    ['api', 'db']
      .flatMap(to => [
        `log ${to}: ${NONE} to TCP 80, plus TCP 80, less ${NONE}`,
        `web ${to}: TCP 80 to ${NONE}, plus ${NONE}, less TCP 80`,
      ])
      .toSorted(),
  ],
  [
    'one policy less',
    [opens('a', 'api', 'web', 80)],
    {
      policies: { remove: [{ kind: 'NetworkPolicy', namespace: 'shop', name: 'a' }] },
    },
    [`web api: TCP 80 to ${NONE}, plus ${NONE}, less TCP 80`],
  ],
  [
    'a pod that is not what it was',
    [opens('a', 'api', 'web', 80)],
    {
      pods: { put: [pod('shop/web', { labels: { app: 'other' } })] },
    },
    [`web api: TCP 80 to ${NONE}, plus ${NONE}, less TCP 80`],
  ],
];

for (const [title, policies, change, expected] of CASES) {
  test(`what a change makes different: ${title}`, () => {
    const before = base(...policies);
    const after = withChange(before, change);
    assert.deepEqual(told(before, after), expected);
    assert.deepEqual(told(before, compile(after.facts, after.policies)), expected);
  });
}

test('workloads of one state only are named, with the pairs that they bring and take', () => {
  const world = (...members: readonly PodFact[]) =>
    compile(facts({ pods: members }), [inside, opens('a', 'api', 'web', 80)]);
  const before = world(pod('shop/api'), pod('shop/log'));
  const after = world(pod('shop/web'), pod('shop/api'));
  const { addedWorkloads, removedWorkloads } = compareSets(before, after);
  assert.deepEqual(addedWorkloads.map(formatMapPeer), ['shop/web[Deployment]']);
  assert.deepEqual(removedWorkloads.map(formatMapPeer), ['shop/log[Deployment]']);
  assert.deepEqual(told(before, after), [`web api: ${NONE} to TCP 80, plus TCP 80, less ${NONE}`]);
});

test('a union holds each workload once, and finds it in either state', () => {
  const before = compile(facts({ pods: [pod('shop/web'), pod('shop/api')] }), []);
  const after = compile(facts({ pods: [pod('shop/db'), pod('shop/web')] }), []);
  const union = unionOf(before, after);
  assert.deepEqual(union.peers.map(formatMapPeer).map(short), ['web', 'api', 'db']);
  assert.deepEqual([...union.before.outward], [0, 1]);
  assert.deepEqual([...union.before.inward], [0, 1, -1]);
  assert.deepEqual([...union.after.outward], [2, 0]);
  assert.deepEqual([...union.after.inward], [1, -1, 0]);
});

test('numbers of two tables are compared by what they stand for, and each two of them once', () => {
  const before = compile(facts({ pods }), []);
  const after = compile(facts({ pods }), []);
  const compare = differences(unionOf(before, after));
  const number = ({ engine }: Compiled, from: number, to: number) =>
    engine.table.numberOf({ TCP: [{ from, to }], UDP: [], SCTP: [] }, false);
  const [one, two] = [number(before, 80, 89), number(before, 90, 99)];
  const [second, first] = [number(after, 90, 99), number(after, 80, 89)];
  assert.equal(compare(one, first), null);
  assert.equal(compare(two, second), null);
  assert.equal(compare(NOTHING, NOTHING), null);
  const found = compare(one, second);
  assert.equal(found && formatPortSet(found.newlyAllowed), 'TCP 90-99');
  assert.equal(found && formatPortSet(found.newlyBlocked), 'TCP 80-89');
  assert.equal(compare(one, second), found);
  const come = compare(NOTHING, first);
  assert.equal(come && formatPortSet(come.before), NONE);
  assert.equal(come && formatPortSet(come.after), 'TCP 80-89');
});

test('only pairs of pods that a changed policy selects or names differ, in both directions', () => {
  const before = base(opens('a', 'api', 'web', 80));
  const out = networkPolicy({
    name: 'inside',
    ingress: [],
    egress: [{ peers: [podsLabelled({ app: 'api' })], ports: [udp(53)] }],
  });
  assert.deepEqual(told(before, withChange(before, put(out))), [
    `web api: TCP 80 to ${NONE}, plus ${NONE}, less TCP 80`,
  ]);
});

test('a pod that goes over to the class of others is carried along, with all its pairs', () => {
  const replicas = ['web', 'log'].flatMap(app =>
    ['1', '2'].map(place => pod(`shop/${app}-${place}`, { labels: { app } })),
  );
  const before = compile(facts({ pods: [pod('shop/api'), ...replicas] }), [
    inside,
    opens('a', 'api', 'web', 80),
  ]);
  const after = withChange(before, {
    pods: { put: [pod('shop/log-2', { labels: { app: 'web' } })] },
  });
  assert.equal(sameFamily(before, after), true);
  assert.deepEqual(told(before, after), [
    `log-2 api: ${NONE} to TCP 80, plus TCP 80, less ${NONE}`,
  ]);
  assert.deepEqual(told(after, before), [
    `log-2 api: TCP 80 to ${NONE}, plus ${NONE}, less TCP 80`,
  ]);
});

test('a policy that selects a pod on the host network changes what it may do in mode pods alone', () => {
  const members = [
    ...pods,
    pod('shop/host', { hostNetwork: true, node: 'n', labels: { app: 'api' } }),
  ];
  for (const [hostNetwork, expected] of [
    ['nodes', []],
    ['pods', [`web host: ${NONE} to TCP 80, plus TCP 80, less ${NONE}`]],
  ] as const) {
    const before = compile(facts({ pods: members }), [inside], { ...DEFAULT_MODES, hostNetwork });
    const after = withChange(before, put(opens('a', 'api', 'web', 80)));
    const toHost = told(before, after).filter(text => text.includes(' host:'));
    assert.deepEqual(toHost, expected);
  }
});

test('a pod that comes without an address is undecided in rows that were there before it', () => {
  const out = adminPolicy({
    name: 'out',
    egress: [{ action: Action.DENY, peers: [{ kind: 'networks', cidrs: ['10.0.0.0/8'] }] }],
  });
  const known = (name: string) => pod(`shop/${name}`, { addresses: ['192.0.2.1'] });
  const before = compile(facts({ pods: [known('web'), known('api'), pod('shop/old')] }), [out]);
  const towards = (state: Compiled, key: string) =>
    judge(state, {
      source: { kind: 'pod', key: 'shop/web' },
      destination: { kind: 'pod', key },
      protocol: 'TCP',
      port: 80,
    }).verdict;
  assert.deepEqual(
    ['shop/api', 'shop/old'].map(key => towards(before, key)),
    ['ALLOWED', 'UNDECIDABLE'],
  );
  const after = withChange(before, { pods: { put: [pod('shop/new')] } });
  assert.deepEqual(
    ['shop/api', 'shop/old', 'shop/new'].map(key => towards(after, key)),
    ['ALLOWED', 'UNDECIDABLE', 'UNDECIDABLE'],
  );
  const exchanged = withChange(after, {
    pods: { remove: ['shop/old'], put: [pod('shop/other')] },
  });
  assert.equal(towards(exchanged, 'shop/other'), 'UNDECIDABLE');
});
