import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_MODES,
  Direction,
  type Modes,
  type Peer,
  type PortMatch,
  type Requirement,
  type Selector,
} from '../../../src/netpol/index.js';
import { addressesOf } from '../../../src/netpol/lint/address-axis.js';
import {
  ABSENT,
  type AxisSet,
  noneOf,
  oneOf,
  PRESENT,
  rangesOf,
} from '../../../src/netpol/lint/axis.js';
import {
  ruleRegion,
  subjectRegion,
  universe,
  wholeRegion,
} from '../../../src/netpol/lint/region.js';
import {
  adminPolicy,
  block,
  labelled,
  networkPolicy,
  networks,
  podsLabelled,
  portNamed,
  rule,
  tcp,
} from '../evaluation/build.js';

const METADATA_NAME = 'kubernetes.io/metadata.name';

type Axes = Readonly<Record<string, AxisSet>>;

const axesOf = (boxes: readonly ReadonlyMap<string, AxisSet>[]): readonly Axes[] =>
  boxes.map(box => Object.fromEntries(box));

const selector = (...requirements: readonly Requirement[]): Selector => ({ requirements });
const CONTRADICTION = selector(
  { key: 'app', operator: 'In', values: ['web'] },
  { key: 'app', operator: 'DoesNotExist', values: [] },
);

test('an axis that nothing constrains holds everything that the property can be', () => {
  const anything = noneOf([]);
  const TABLE: readonly (readonly [string, AxisSet])[] = [
    ['port', rangesOf([{ from: 1n, to: 65_535n }])],
    ['peer.address', rangesOf([{ from: 0n, to: 2n ** 128n + 2n ** 32n - 1n }])],
    [`subject.namespace:${METADATA_NAME}`, PRESENT],
    [`peer.namespace:${METADATA_NAME}`, PRESENT],
    [`peer.pod:${METADATA_NAME}`, anything],
    [`peer.namespace:${METADATA_NAME}.example`, anything],
    ['peer.namespace:team', anything],
    ['protocol', anything],
    ['port.name:TCP/http', anything],
  ];
  for (const [axis, set] of TABLE) assert.deepEqual(universe(axis), set, axis);
});

test('the subjects of a policy are pods of its namespace, or of namespaces by their labels', () => {
  const own = { [`subject.namespace:${METADATA_NAME}`]: oneOf(['shop']) };
  assert.deepEqual(axesOf(subjectRegion(networkPolicy({}))), [own]);
  const web = networkPolicy({ pods: labelled({ app: 'web' }) });
  assert.deepEqual(axesOf(subjectRegion(web)), [{ ...own, 'subject.pod:app': oneOf(['web']) }]);
  assert.deepEqual(axesOf(subjectRegion(adminPolicy({}))), [{}]);
  const team = adminPolicy({ namespaces: labelled({ team: 'a' }) });
  assert.deepEqual(axesOf(subjectRegion(team)), [{ 'subject.namespace:team': oneOf(['a']) }]);
});

test('selectors that contradict themselves select no subject, and no peer', () => {
  assert.deepEqual(subjectRegion(networkPolicy({ pods: CONTRADICTION })), []);
  assert.deepEqual(subjectRegion(adminPolicy({ namespaces: CONTRADICTION })), []);
  assert.deepEqual(wholeRegion(adminPolicy({ namespaces: CONTRADICTION })), []);
  for (const peer of [
    { kind: 'pods', namespaces: CONTRADICTION, pods: selector() },
    { kind: 'pods', namespaces: null, pods: CONTRADICTION },
    { kind: 'nodes', nodes: CONTRADICTION },
  ] satisfies readonly Peer[]) {
    const region = ruleRegion(
      adminPolicy({}),
      Direction.INGRESS,
      rule({ peers: [peer] }),
      DEFAULT_MODES,
    );
    assert.deepEqual(region, []);
  }
});

test('each operator of a selector is the set of values that Kubernetes means by it', () => {
  const TABLE: readonly (readonly [Requirement, AxisSet])[] = [
    [{ key: 'app', operator: 'In', values: ['a', 'b'] }, oneOf(['a', 'b'])],
    [{ key: 'app', operator: 'NotIn', values: ['a', 'b'] }, noneOf(['a', 'b'])],
    [{ key: 'app', operator: 'Exists', values: [] }, PRESENT],
    [{ key: 'app', operator: 'DoesNotExist', values: [] }, ABSENT],
  ];
  for (const [requirement, set] of TABLE) {
    const [box] = subjectRegion(adminPolicy({ pods: selector(requirement) }));
    assert.deepEqual(box?.get('subject.pod:app'), set, requirement.operator);
  }
});

test('two requirements on one key leave what both allow', () => {
  const pods = selector(
    { key: 'app', operator: 'NotIn', values: ['a'] },
    { key: 'app', operator: 'NotIn', values: ['b'] },
  );
  assert.deepEqual(axesOf(subjectRegion(adminPolicy({ pods }))), [
    { 'subject.pod:app': noneOf(['a', 'b']) },
  ]);
});

const ANY_KIND = oneOf(['pod', 'node', 'external']);

/** The region of a rule of an admin policy for all pods, whose axes are all its own. */
const regionOf = (
  peer: Peer,
  ports: readonly PortMatch[] | null = null,
  direction: Direction = Direction.INGRESS,
  modes: Modes = DEFAULT_MODES,
): readonly Axes[] =>
  axesOf(ruleRegion(adminPolicy({}), direction, rule({ peers: [peer], ports }), modes));

test('each kind of peer is a set of ends of its kind', () => {
  const kind = (...kinds: readonly string[]) => ({ 'peer.kind': oneOf(kinds) });
  const anyPods = { ...podsLabelled({ app: 'web' }), namespaces: labelled({ team: 'a' }) };
  assert.deepEqual(regionOf(anyPods), [
    { ...kind('pod'), 'peer.namespace:team': oneOf(['a']), 'peer.pod:app': oneOf(['web']) },
  ]);
  assert.deepEqual(regionOf({ kind: 'nodes', nodes: labelled({ zone: 'z' }) }), [
    { ...kind('node'), 'peer.node:zone': oneOf(['z']) },
  ]);
  assert.deepEqual(regionOf({ kind: 'domain-names', names: ['a.example', 'b.example'] }), [
    { ...kind('external'), 'peer.domain:a.example': oneOf(['yes']) },
    { ...kind('external'), 'peer.domain:b.example': oneOf(['yes']) },
  ]);
  assert.deepEqual(regionOf(networks('10.0.0.0/8', '192.0.2.0/24')), [
    { ...kind('pod', 'node', 'external'), 'peer.address': addressesOf('10.0.0.0/8') },
    { ...kind('pod', 'node', 'external'), 'peer.address': addressesOf('192.0.2.0/24') },
  ]);
});

test('an ipBlock means its addresses without the exceptions, of pods only in the mode that says so', () => {
  const half = { 'peer.address': addressesOf('10.0.0.0/9') };
  const peer = block('10.0.0.0/8', '10.128.0.0/9');
  assert.deepEqual(regionOf(peer), [{ ...half, 'peer.kind': oneOf(['external', 'node']) }]);
  const byAddress: Modes = { ...DEFAULT_MODES, ipBlockPods: 'by-address' };
  assert.deepEqual(regionOf(peer, null, Direction.INGRESS, byAddress), [
    { ...half, 'peer.kind': oneOf(['external', 'node', 'pod']) },
  ]);
});

test('a peer that nobody knows lets an Allow rule match nothing and another rule everything', () => {
  const peers: readonly Peer[] = [podsLabelled({ app: 'web' }), { kind: 'unknown' }];
  const region = (action: 'ALLOW' | 'DENY' | 'PASS') =>
    axesOf(ruleRegion(adminPolicy({}), Direction.INGRESS, rule({ peers, action }), DEFAULT_MODES));
  assert.deepEqual(region('ALLOW'), []);
  assert.deepEqual(region('DENY'), [{ 'peer.kind': ANY_KIND }]);
  assert.deepEqual(region('PASS'), [{ 'peer.kind': ANY_KIND }]);
});

const portsIn = (direction: Direction, ...ports: readonly PortMatch[]): readonly Axes[] =>
  axesOf(ruleRegion(adminPolicy({}), direction, rule({ ports }), DEFAULT_MODES));

test('ports are ranges of a protocol, or a name that on egress only a pod can bear', () => {
  assert.deepEqual(portsIn(Direction.INGRESS, tcp(80, 90)), [
    {
      'peer.kind': ANY_KIND,
      protocol: oneOf(['TCP']),
      port: rangesOf([{ from: 80n, to: 90n }]),
    },
  ]);
  const named = { protocol: oneOf(['TCP']), 'port.name:TCP/http': oneOf(['yes']) };
  assert.deepEqual(portsIn(Direction.INGRESS, portNamed('http')), [
    { 'peer.kind': ANY_KIND, ...named },
  ]);
  assert.deepEqual(portsIn(Direction.EGRESS, portNamed('http')), [
    { 'peer.kind': oneOf(['pod']), ...named },
  ]);
  const protocols = portsIn(Direction.EGRESS, portNamed('http', null)).map(
    ({ protocol }) => protocol,
  );
  assert.deepEqual(protocols, [oneOf(['TCP']), oneOf(['UDP']), oneOf(['SCTP'])]);
});

test('without ports a NetworkPolicy decides the protocols that it can name, an admin policy all', () => {
  const named = { 'peer.kind': ANY_KIND, protocol: oneOf(['TCP', 'UDP', 'SCTP']) };
  const own = { [`subject.namespace:${METADATA_NAME}`]: oneOf(['shop']) };
  assert.deepEqual(axesOf(wholeRegion(networkPolicy({}))), [{ ...own, ...named }]);
  assert.deepEqual(axesOf(wholeRegion(adminPolicy({}))), [{ 'peer.kind': ANY_KIND }]);
});
