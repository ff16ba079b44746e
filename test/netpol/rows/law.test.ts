import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column } from '../../../src/netpol/brand.js';
import type { PodClass } from '../../../src/netpol/compile/pod-classes.js';
import { outside, type Party } from '../../../src/netpol/decide/party.js';
import { outcomeOf } from '../../../src/netpol/decide/side.js';
import {
  Action,
  type Compiled,
  compile,
  Direction,
  type PodFact,
  type Policy,
} from '../../../src/netpol/index.js';
import type { OutcomeId } from '../../../src/netpol/rows/outcome-table.js';
import { rowAt, spreadRow } from '../../../src/netpol/rows/row.js';
import { outcomesOf, rowFor, segmentsFor } from '../../../src/netpol/rows/rows.js';
import { segmentAt } from '../../../src/netpol/rows/segments.js';
import {
  adminPolicy,
  anyPod,
  block,
  facts,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const http = (port: number) => [{ name: 'http', port, protocol: 'TCP' as const }];

/** Each pod is a class of its own, numbered in this order. */
const KNOWN = [
  pod('shop/web', { addresses: ['10.0.0.1'], ports: http(80) }),
  pod('shop/api', { addresses: ['192.168.0.1'], ports: http(81) }),
];
const SMALL = [...KNOWN, pod('shop/bare')];
const HOSTS = [
  pod('shop/known', { hostNetwork: true, node: 'n1' }),
  pod('shop/lost', { hostNetwork: true }),
];
/** Nine pods with nine meanings of `http`; the first has none. */
const NAMING = Array.from({ length: 9 }, (_, place) =>
  pod(`shop/p${place}`, {
    addresses: [`10.0.0.${place}`],
    ports: place === 0 ? [] : http(8000 + place),
  }),
);

const world = (pods: readonly PodFact[], policies: readonly Policy[]): Compiled =>
  compile(
    facts({ pods: [...pods], nodes: [{ name: 'n1', labels: {}, addresses: ['10.0.0.9'] }] }),
    policies,
  );

const DIRECTIONS = [Direction.INGRESS, Direction.EGRESS];
const HOWS = [false, true].flatMap(byAddress =>
  [false, true].flatMap(hostsAsPods =>
    (['undecided', 'unmatched'] as const).map(
      unknowns => [{ byAddress, hostsAsPods }, unknowns] as const,
    ),
  ),
);
type How = (typeof HOWS)[number];

type Asked = { readonly direction: Direction; readonly podClass: PodClass; readonly how: How };

/** Every question that one set of policies can be asked about its pods. */
const questions = ({ engine }: Compiled): readonly Asked[] =>
  HOWS.flatMap(how =>
    DIRECTIONS.flatMap(direction =>
      engine.index.classes.map(podClass => ({ direction, podClass, how })),
    ),
  );

const pair = (podClass: PodClass): Party => ({ kind: 'pod', pod: -1, podClass });

/** What the law says of one pair by itself. */
const law = (compiled: Compiled, { direction, podClass, how }: Asked, peer: Party) =>
  outcomeOf(compiled, { subject: pair(podClass), peer, direction, loop: false }, ...how);

/** Rows of one compiled set, one by one and spread, say of each pair what the law says of it alone. */
function rowsKeepTheLaw(pods: readonly PodFact[], policies: readonly Policy[]): void {
  const compiled = world(pods, policies);
  const { engine } = compiled;
  const outcomes = outcomesOf(compiled);
  for (const asked of questions(compiled)) {
    const { direction, podClass, how } = asked;
    const row = rowFor(compiled, direction, podClass, how);
    const all = new Int32Array(pods.length) as Column<OutcomeId>;
    spreadRow(engine, outcomes, row, [all, outcome => outcome]);
    for (const peer of engine.index.classes) {
      const right = law(compiled, asked, pair(peer));
      const text = JSON.stringify([direction, podClass.labels, peer.labels, how]);
      assert.deepEqual(outcomes.at(rowAt(engine, outcomes, row, peer.id)), right, text);
      assert.deepEqual(outcomes.at(all[peer.id] ?? assert.fail()), right, text);
    }
  }
}

const ADDRESSES = [0, 0x0a_00_00_07, 0x0b_00_00_01, 0x2001_0db8_0000_0000_0000_0000_0000_0001n];

function segmentsKeepTheLaw(pods: readonly PodFact[], policies: readonly Policy[]): void {
  const compiled = world(pods, policies);
  const outcomes = outcomesOf(compiled);
  for (const asked of questions(compiled)) {
    const segments = segmentsFor(compiled, asked.direction, asked.podClass, asked.how);
    for (const address of ADDRESSES) {
      const right = law(compiled, asked, outside(address));
      assert.deepEqual(outcomes.at(segmentAt(segments, address)), right, `${address}`);
    }
  }
}

const rules = (...parts: NonNullable<Parameters<typeof networkPolicy>[0]['egress']>[]): Policy[] =>
  parts.map((part, place) =>
    networkPolicy({ name: `policy-${place}`, ingress: part, egress: part }),
  );

const BY_BLOCK = rules([{ peers: [block('10.0.0.0/8'), block('203.0.113.0/24')] }]);
const BY_NAMED_BLOCK = rules([
  { peers: [block('10.0.0.0/8')], ports: [portNamed('http'), tcp(1)] },
]);
const BY_NETWORK = [
  adminPolicy({ egress: [{ action: Action.DENY, peers: [networks('10.0.0.0/8')] }] }),
];
const BY_DOMAIN = [
  adminPolicy({
    egress: [
      { action: Action.DENY, peers: [{ kind: 'domain-names', names: ['example.com'] }] },
      { action: Action.DENY, peers: [networks('2001:db8::/32')] },
    ],
  }),
];
/** Two rules name one pod, and the last of them one without named ports. */
const BY_LABELS = rules([
  { peers: [podsLabelled({ app: 'web' })], ports: [portNamed('http')] },
  { peers: [podsLabelled({ app: 'api' })], ports: [portNamed('http')] },
  { peers: [podsLabelled({ app: 'api' })], ports: [tcp(3)] },
  { peers: [podsLabelled({ app: 'bare' })], ports: [tcp(5)] },
]);
const LAST_FIRST = rules([
  { peers: [podsLabelled({ app: 'known' }), podsLabelled({ app: 'bare' })], ports: [tcp(1)] },
  { peers: [podsLabelled({ app: 'web' })], ports: [tcp(2)] },
]);
const BY_EVERY_NAME = rules([{ peers: [anyPod], ports: [portNamed('http')] }]);
const BY_NOTHING = rules([{ peers: [block('10.0.0.0/8', '10.0.0.0/8')] }]);

const WORLDS: readonly (readonly [string, readonly PodFact[]])[] = [
  ['all addresses known', KNOWN],
  ['one address not known', SMALL],
  ['hostNetwork pods', [...SMALL, ...HOSTS]],
];
const POLICIES: readonly (readonly [string, readonly Policy[]])[] = [
  ['blocks', BY_BLOCK],
  ['a block that covers nothing', BY_NOTHING],
  ['networks of the admin tier', BY_NETWORK],
  ['labels, and names of ports', BY_LABELS],
  ['labels, the last pods first', LAST_FIRST],
  ['names of ports on every pod', BY_EVERY_NAME],
];

for (const [facts, pods] of WORLDS) {
  for (const [means, policies] of POLICIES) {
    test(`with ${facts}, rules that name ${means}: rows of all readings say what the law says pair by pair`, () => {
      rowsKeepTheLaw(pods, policies);
    });
  }
}

test('pods that share a policy and name their ports differently have rows of their own in every reading', () => {
  rowsKeepTheLaw(NAMING, BY_NAMED_BLOCK);
});

test('outside the cluster, too, each way of naming ports has its own answers', () => {
  segmentsKeepTheLaw(NAMING, BY_NAMED_BLOCK);
});

test('a rule of domains may mean any address outside, or counts as not matched', () => {
  segmentsKeepTheLaw(KNOWN, BY_DOMAIN);
});
