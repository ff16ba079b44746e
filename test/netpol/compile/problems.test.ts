import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Action, compile, type Facts, type Policy } from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  block,
  facts,
  labelled,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  portNamed,
} from '../evaluation/build.js';

const web = pod('shop/web', { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] });
const api = pod('shop/api', { ports: [{ name: 'rpc', port: 81, protocol: 'TCP' }] });
const far = pod('data/db', { ports: [{ name: 'sql', port: 82, protocol: 'UDP' }] });
const pods = [web, api, far];

type Told = readonly (readonly [code: string, message: string, hint: string])[];

const NAME = (
  name: string,
  protocol = ' of TCP',
  policy = '`shop/policy`',
  kind = 'NetworkPolicy',
): Told[number] => [
  'UNKNOWN_PORT_NAME',
  `port \`${name}\`${protocol} in ${kind} ${policy} is not named by any container that it concerns; it matches nothing`,
  'name the port in the containers, or write its number',
];
const CIDR = (cidr: string, policy = '`shop/policy`', kind = 'NetworkPolicy'): Told[number] => [
  'INVALID_CIDR',
  `\`${cidr}\` in ${kind} ${policy} is not a CIDR; it covers nothing`,
  'write an address, a slash and a prefix length',
];
const ADDRESS = (text: string, of: string): Told[number] => [
  'INVALID_ADDRESS',
  `\`${text}\` of \`${of}\` is not an address; it is left out`,
  'write an IPv4 or IPv6 address without prefix',
];

const onlyWeb = labelled({ app: 'web' });

const CASES: readonly (readonly [string, Partial<Facts>, readonly Policy[], Told])[] = [
  ['nothing to say', { pods }, [networkPolicy({ ingress: [{ ports: [portNamed('http')] }] })], []],
  [
    'two pods with one key',
    { pods: [web, api, web, web] },
    [],
    [
      [
        'DUPLICATE_POD',
        'several pods have the key `shop/web`; questions about it mean the first',
        'give every pod a key of its own',
      ],
    ],
  ],
  [
    'texts that are no addresses, of pods and nodes',
    {
      pods: [pod('shop/odd', { addresses: ['10.0.0.1', '10.0.0.1/32', ''] })],
      nodes: [{ name: 'n1', labels: {}, addresses: ['n1', 'fd00::1'] }],
    },
    [],
    [ADDRESS('10.0.0.1/32', 'odd'), ADDRESS('', 'odd'), ADDRESS('n1', 'n1')],
  ],
  [
    'texts that are no blocks, in every place that has one',
    { pods },
    [
      networkPolicy({
        ingress: [{ peers: [block('10.0.0.0/33', 'x'), block('10.0.0.0/8')] }, {}],
        egress: [{ peers: [anyPod, block('10.0.0.0/8', '10.0.0.0/x')] }],
      }),
      adminPolicy({ egress: [{ action: Action.DENY, peers: [networks('a', '10.0.0.0/8', 'b')] }] }),
    ],
    [
      CIDR('10.0.0.0/33'),
      CIDR('x'),
      CIDR('10.0.0.0/x'),
      CIDR('a', '`policy`', 'ClusterNetworkPolicy'),
      CIDR('b', '`policy`', 'ClusterNetworkPolicy'),
    ],
  ],
  [
    'ingress: names that the subjects do not have, whoever else does',
    { pods },
    [
      networkPolicy({
        pods: onlyWeb,
        ingress: [
          { ports: [portNamed('http'), portNamed('rpc'), portNamed('http', 'UDP')] },
          { peers: [podsLabelled({ app: 'api' })], ports: [portNamed('rpc')] },
        ],
      }),
    ],
    [NAME('rpc'), NAME('http', ' of UDP'), NAME('rpc')],
  ],
  [
    'egress: names that the peers do not have; everybody is every pod',
    { pods },
    [
      networkPolicy({
        pods: onlyWeb,
        egress: [
          { peers: [podsLabelled({ app: 'api' })], ports: [portNamed('rpc'), portNamed('http')] },
          { ports: [portNamed('sql', 'UDP'), portNamed('sql'), portNamed('gone')] },
          { peers: [anyPod], ports: [portNamed('rpc'), portNamed('gone')] },
          { peers: [block('10.0.0.0/8')], ports: [portNamed('rpc')] },
        ],
      }),
    ],
    [NAME('http'), NAME('sql'), NAME('gone'), NAME('gone'), NAME('rpc')],
  ],
  [
    'an admin tier: a name takes the protocol of the pod’s port',
    { pods },
    [
      adminPolicy({
        ingress: [{ peers: [anyPod], ports: [portNamed('sql', null), portNamed('gone', null)] }],
      }),
    ],
    [NAME('gone', '', '`policy`', 'ClusterNetworkPolicy')],
  ],
];

for (const [title, world, policies, expected] of CASES) {
  test(`what compile tells of: ${title}`, () => {
    const { problems } = compile(facts(world), policies);
    assert.deepEqual(
      problems.map(({ code, message, hint }) => [code, message, hint]),
      expected,
    );
    for (const { severity, path } of problems)
      assert.deepEqual([severity, path], ['WARNING', null]);
  });
}

test('a problem of a rule has the place of the rule, one of a pod has none', () => {
  const place = { file: 'a.yaml', line: 7, column: 3 };
  const policy = networkPolicy({ ingress: [{ ports: [portNamed('gone')] }] });
  const placed = { ...policy, ingress: (policy.ingress ?? []).map(rule => ({ ...rule, place })) };
  const { problems } = compile(facts({ pods: [web, web] }), [placed]);
  assert.deepEqual(
    problems.map(problem => problem.place),
    [null, place],
  );
});
