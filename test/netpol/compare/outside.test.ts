import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compiled,
  compareSets,
  compile,
  formatMapPeer,
  formatPortSet,
  type Peer,
  type Policy,
  type RouteFact,
  withChange,
} from '../../../src/netpol/index.js';
import { block, facts, networkPolicy, pod, service, tcp } from '../evaluation/build.js';

const ALL = 'All Connections';
const NONE = 'No Connections';
const V4 = '0.0.0.0-255.255.255.255';
const V6 = '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

const short = (text: string): string => text.replace('shop/web[Deployment]', 'web');

const told = (before: Compiled, after: Compiled): readonly string[] =>
  compareSets(before, after)
    .pairs.map(
      ({ source, destination, ...sets }) =>
        `${short(formatMapPeer(source))} => ${short(formatMapPeer(destination))}: ${formatPortSet(sets.before)} to ${formatPortSet(sets.after)}`,
    )
    .toSorted();

const world = facts({ pods: [pod('shop/web')] });
const out = (...peers: readonly Peer[]): Policy => networkPolicy({ egress: [{ peers }] });
const into = (...peers: readonly Peer[]): Policy => networkPolicy({ ingress: [{ peers }] });
const to = (text: string, ports: string): string => `web => ${text}: ${ports}`;

/** What stands between two policies, and between the same two the other way round. */
const CASES: readonly (readonly [
  string,
  readonly [Policy, Policy],
  readonly string[],
  readonly string[],
])[] = [
  [
    'everything, and nothing of IPv6, which no policy names',
    [out(block('0.0.0.0/0')), out()],
    [to(V4, `${ALL} to ${NONE}`)],
    [to(V4, `${NONE} to ${ALL}`)],
  ],
  [
    'IPv6 where one state alone names it, and IPv4 by itself',
    [out(block('::/0')), out(block('0.0.0.0/0'))],
    [to(V4, `${NONE} to ${ALL}`), to(V6, `${ALL} to ${NONE}`)],
    [to(V4, `${ALL} to ${NONE}`), to(V6, `${NONE} to ${ALL}`)],
  ],
  [
    'a single address that one state alone lets in',
    [out(block('10.0.0.1/32')), out()],
    [to('10.0.0.1-10.0.0.1', `${ALL} to ${NONE}`)],
    [to('10.0.0.1-10.0.0.1', `${NONE} to ${ALL}`)],
  ],
  [
    'a single address of which both states say something',
    [
      out(block('10.0.0.1/32')),
      networkPolicy({ egress: [{ peers: [block('10.0.0.1/32')], ports: [tcp(80)] }] }),
    ],
    [to('10.0.0.1-10.0.0.1', `${ALL} to TCP 80`)],
    [to('10.0.0.1-10.0.0.1', `TCP 80 to ${ALL}`)],
  ],
  [
    'the last address of a block, where another block begins',
    [out(block('10.0.0.0/30')), out(block('10.0.0.3/32'), block('10.0.0.4/30'))],
    [to('10.0.0.0-10.0.0.2', `${ALL} to ${NONE}`), to('10.0.0.4-10.0.0.7', `${NONE} to ${ALL}`)],
    [to('10.0.0.0-10.0.0.2', `${NONE} to ${ALL}`), to('10.0.0.4-10.0.0.7', `${ALL} to ${NONE}`)],
  ],
  [
    'what comes in, where blocks overlap',
    [into(block('10.0.0.0/8')), into(block('10.128.0.0/9'), block('11.0.0.0/8'))],
    [
      `10.0.0.0-10.127.255.255 => web: ${ALL} to ${NONE}`,
      `11.0.0.0-11.255.255.255 => web: ${NONE} to ${ALL}`,
    ],
    [
      `10.0.0.0-10.127.255.255 => web: ${NONE} to ${ALL}`,
      `11.0.0.0-11.255.255.255 => web: ${ALL} to ${NONE}`,
    ],
  ],
];

for (const [title, [one, other], there, back] of CASES) {
  test(`what differs outside the cluster: ${title}`, () => {
    const before = compile(world, [one]);
    const after = compile(world, [other]);
    assert.deepEqual(told(before, after), there);
    assert.deepEqual(told(after, before), back);
    assert.deepEqual(told(before, withChange(before, { policies: { put: [other] } })), there);
    assert.deepEqual(told(before, compile(world, [one])), []);
  });
}

test('the ingress controller is an end of its own, and names itself', () => {
  const route: RouteFact = {
    kind: 'Ingress',
    namespace: 'shop',
    name: 'r',
    backends: [{ namespace: 'shop', service: 'web', port: 80 }],
  };
  const ports = [
    { name: null, port: 80, protocol: 'TCP', targetPort: 8080, nodePort: null },
  ] as const;
  const led = { ...world, services: [service({ name: 'web', selector: { app: 'web' }, ports })] };
  const before = compile({ ...led, routes: [route] }, [networkPolicy({ egress: [] })]);
  const after = compile(led, [networkPolicy({ egress: [] })]);
  assert.deepEqual(told(before, after), [`{ingress-controller} => web: TCP 8080 to ${NONE}`]);
  assert.deepEqual(compareSets(before, after).pairs[0]?.source, { kind: 'ingress-controller' });
});
