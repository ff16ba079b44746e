import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareSets,
  compile,
  connectivityMap,
  formatMapPeer,
  formatPortSet,
  type ServiceFact,
  withChange,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  block,
  facts,
  namespace,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  tcp,
} from '../evaluation/build.js';
import { drawn, route, service } from './routes.js';

const web = pod('shop/web', { labels: { app: 'web', tier: 'front' } });
const api = pod('shop/api', { labels: { app: 'api', tier: 'front' } });
const far = pod('data/web', { labels: { app: 'web', tier: 'front' } });
const pods = [web, api, far];
const WEB = ['shop/web[Deployment] TCP 8080'];

test('a route leads to the pods behind its Service, in the namespace of the Service, with all its labels', () => {
  const led = (one: ServiceFact, backend = route(one.name)) =>
    drawn({
      pods,
      services: [service('other', { selector: { app: 'api' } }), one],
      routes: [backend],
    });
  assert.deepEqual(led(service('web')), WEB);
  assert.deepEqual(led(service('web', { selector: { app: 'web', tier: 'front' } })), WEB);
  assert.deepEqual(led(service('web', { selector: { app: 'web', tier: 'back' } })), []);
  assert.deepEqual(led(service('web', { selector: { gone: 'x' } })), []);
  assert.deepEqual(led(service('web', { selector: { tier: 'front' } })), [
    ...WEB,
    'shop/api[Deployment] TCP 8080',
  ]);
  assert.deepEqual(led(service('web', { selector: null })), []);
  assert.deepEqual(led(service('web', { selector: {} })), []);
  assert.deepEqual(led(service('web', { namespace: 'data' })), []);
  assert.deepEqual(led(service('web', { namespace: 'data' }), route('web', 'data')), [
    'data/web[Deployment] TCP 8080',
  ]);
  assert.deepEqual(led(service('web'), route('gone')), []);
  const udp = [
    { name: 'http', port: 80, protocol: 'UDP' as const, targetPort: 8080, nodePort: null },
  ];
  assert.deepEqual(led(service('web', { ports: udp })), []);
  assert.deepEqual(led(service('web'), route('web', 'shop', 'http')), WEB);
  assert.deepEqual(led(service('web'), route('web', 'shop', null)), WEB);
  assert.deepEqual(led(service('web'), route('web', 'shop', 81)), []);
});

test('routes to several ports of one workload are one row', () => {
  const ports = [80, 81].map(port => ({
    name: `p${port}`,
    port,
    protocol: 'TCP' as const,
    targetPort: port + 8000,
    nodePort: null,
  }));
  const services = [service('web', { ports })];
  assert.deepEqual(
    drawn({ pods: [web], services, routes: [route('web'), route('web', 'shop', 81)] }),
    ['shop/web[Deployment] TCP 8080-8081'],
  );
});

test('an unknown controller is a pod without labels of a namespace of its own', () => {
  const services = [service('web')];
  const world = { pods: [web], services, routes: [route('web')], namespaces: [namespace('shop')] };
  const inFrom = (...peers: Parameters<typeof podsLabelled>[0][]) =>
    drawn(world, [
      networkPolicy({ ingress: peers.map(labels => ({ peers: [podsLabelled(labels)] })) }),
    ]);
  assert.deepEqual(inFrom({}), []);
  const byNamespace = (name: string) =>
    drawn(world, [
      networkPolicy({
        ingress: [
          {
            peers: [
              {
                kind: 'pods',
                namespaces: {
                  requirements: [
                    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [name] },
                  ],
                },
                pods: { requirements: [] },
              },
            ],
          },
        ],
      }),
    ]);
  assert.deepEqual(byNamespace('shop'), WEB);
  assert.deepEqual(byNamespace('ingress-controller-ns'), []);
  // No rule that asks for an address is held to let it in.
  assert.deepEqual(
    drawn(world, [networkPolicy({ ingress: [{ peers: [block('0.0.0.0/0')] }] })]),
    [],
  );
});

test('what the controller reaches is compared too', () => {
  const services = [service('web'), service('api', { selector: { app: 'api' } })];
  const world = facts({ pods: [web, api], services, routes: [route('web'), route('api')] });
  const before = compile(world, [
    networkPolicy({ name: 'some', pods: podsOf('api'), ingress: [] }),
  ]);
  const after = withChange(before, {
    policies: {
      put: [networkPolicy({ name: 'more', pods: podsOf('web'), ingress: [{ ports: [tcp(1)] }] })],
      remove: [{ kind: 'NetworkPolicy', namespace: 'shop', name: 'some' }],
    },
  });
  const controllerRows = (one: typeof before, other: typeof before) =>
    compareSets(one, other)
      .pairs.filter(({ source }) => source.kind === 'ingress-controller')
      .map(
        ({ source, destination, before: was, after: is }) =>
          `${formatMapPeer(source)} => ${formatMapPeer(destination)}: ${formatPortSet(was)} to ${formatPortSet(is)}`,
      );
  assert.deepEqual(controllerRows(before, after).toSorted(), [
    '{ingress-controller} => shop/api[Deployment]: No Connections to TCP 8080',
    '{ingress-controller} => shop/web[Deployment]: TCP 8080 to No Connections',
  ]);
  assert.deepEqual(controllerRows(before, before), []);
  assert.deepEqual(controllerRows(before, compile(world, before.policies)), []);
});

const podsOf = (app: string) => ({
  requirements: [{ key: 'app', operator: 'In' as const, values: [app] }],
});

const bare = pod('shop/bare');
const known = pod('shop/known', { addresses: ['10.0.0.1'] });
const host = pod('shop/host', { hostNetwork: true });

const WARNED: readonly (readonly [
  string,
  Parameters<typeof networkPolicy>[0] | 'admin',
  readonly (typeof bare)[],
  object,
  readonly string[],
])[] = [
  [
    'an ipBlock, and a pod without an address, in mode never',
    { ingress: [{ peers: [block('10.0.0.0/8')] }] },
    [bare, known],
    {},
    [],
  ],
  [
    'the same by address',
    { ingress: [{ peers: [block('10.0.0.0/8')] }] },
    [bare, known],
    { ipBlockPods: 'by-address' },
    [
      'ipBlocks of NetworkPolicy `shop/policy` cannot be held against one kind of pods whose address is not known; they count as not matched',
    ],
  ],
  [
    'by address, and every address known',
    { egress: [{ peers: [block('10.0.0.0/8')] }] },
    [known],
    { ipBlockPods: 'by-address' },
    [],
  ],
  [
    'an ipBlock, and a hostNetwork pod of an unknown node',
    { egress: [{}, { peers: [block('10.0.0.0/8')] }] },
    [host, known],
    {},
    [
      'ipBlocks of NetworkPolicy `shop/policy` cannot be held against one kind of pods whose address is not known; they count as not matched',
    ],
  ],
  [
    'the same in mode pods',
    { egress: [{ peers: [block('10.0.0.0/8')] }] },
    [host, known],
    { hostNetwork: 'pods' },
    [],
  ],
  [
    'in mode pods by address',
    { egress: [{ peers: [block('10.0.0.0/8')] }] },
    [host, bare, known],
    { hostNetwork: 'pods', ipBlockPods: 'by-address' },
    [
      'ipBlocks of NetworkPolicy `shop/policy` cannot be held against 2 kinds of pods whose address is not known; they count as not matched',
    ],
  ],
  [
    'no ipBlock at all',
    { ingress: [{ ports: [tcp(1)] }] },
    [bare, host],
    { ipBlockPods: 'by-address' },
    [],
  ],
  [
    'a policy that selects nobody',
    { pods: podsOf('gone'), ingress: [{ peers: [block('10.0.0.0/8')] }] },
    [bare],
    { ipBlockPods: 'by-address' },
    [],
  ],
  [
    'networks of an admin tier',
    'admin',
    [bare, known],
    {},
    [
      'networks of ClusterNetworkPolicy `policy` cannot be held against one kind of pods whose address is not known; they count as not matched',
    ],
  ],
  ['networks, and every address known', 'admin', [known], {}, []],
];

for (const [title, parts, members, modes, expected] of WARNED) {
  test(`what the map warns of: ${title}`, () => {
    const policy =
      parts === 'admin'
        ? adminPolicy({ egress: [{}, { peers: [networks('10.0.0.0/8')] }] })
        : networkPolicy(parts);
    const compiled = compile(facts({ pods: members }), [policy], {
      hostNetwork: 'nodes',
      ipBlockPods: 'never',
      ...modes,
    });
    const { warnings } = connectivityMap(compiled);
    assert.deepEqual(
      warnings.map(({ message }) => message),
      expected,
    );
    for (const warning of warnings) {
      assert.deepEqual(
        [warning.code, warning.severity, warning.path, warning.hint],
        [
          'MISSING_ADDRESS',
          'WARNING',
          null,
          'give pods with their addresses, as `kubectl get pods -o json` writes them',
        ],
      );
    }
  });
}
