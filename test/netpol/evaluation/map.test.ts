import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  compile,
  connectivityMap,
  type Facts,
  formatMapPeer,
  formatPortSet,
  type Modes,
  type Policy,
} from '../../../src/netpol/index.js';
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
  tcp,
} from './build.js';

const linesOf = (
  world: Partial<Facts>,
  policies: readonly Policy[],
  modes?: Modes,
): readonly string[] =>
  [...connectivityMap(compile(facts(world), policies, modes))]
    .map(
      ({ source, destination, ports }) =>
        `${formatMapPeer(source)} => ${formatMapPeer(destination)} : ${formatPortSet(ports)}`,
    )
    .sort();

const ALL = '0.0.0.0-255.255.255.255';
const [web, api] = ['shop/web[Deployment]', 'shop/api[Deployment]'];
const pods = [pod('shop/web'), pod('shop/api')];
const onlyApi = labelled({ app: 'api' });
const shutWeb = networkPolicy({
  name: 'shut',
  pods: labelled({ app: 'web' }),
  ingress: [],
  egress: [],
});

test('without policies every pair is drawn once, a workload never against itself', () => {
  assert.deepEqual(linesOf({ pods }, []), [
    `${ALL} => ${api} : All Connections`,
    `${ALL} => ${web} : All Connections`,
    `${api} => ${ALL} : All Connections`,
    `${api} => ${web} : All Connections`,
    `${web} => ${ALL} : All Connections`,
    `${web} => ${api} : All Connections`,
  ]);
});

test('the first replica in the input speaks for its owner', () => {
  const workload = { kind: 'ReplicaSet', name: 'api' };
  const replicas = [
    pod('shop/api-1', { labels: { app: 'api' }, workload }),
    pod('shop/api-2', { labels: { app: 'other' }, workload }),
  ];
  const lines = linesOf({ pods: replicas }, [networkPolicy({ pods: onlyApi, ingress: [] })]);
  assert.deepEqual(lines, [`shop/api[ReplicaSet] => ${ALL} : All Connections`]);
});

test('ranges outside are cut where the answer changes, and merged where it does not', () => {
  const policy = networkPolicy({
    pods: onlyApi,
    egress: [],
    ingress: [
      { peers: [block('10.0.0.0/9'), block('10.128.0.0/9', '10.255.0.0/16')], ports: [tcp(80)] },
      { peers: [block('192.168.0.0/24')] },
    ],
  });
  assert.deepEqual(linesOf({ pods: [pod('shop/api')] }, [policy]), [
    `10.0.0.0-10.254.255.255 => ${api} : TCP 80`,
    `192.168.0.0-192.168.0.255 => ${api} : All Connections`,
  ]);
});

test('IPv6 ranges appear only where some policy names an IPv6 block', () => {
  const policy = networkPolicy({
    pods: onlyApi,
    ingress: [],
    egress: [{ peers: [block('2001:db8::/32')], ports: [tcp(443)] }],
  });
  assert.deepEqual(linesOf({ pods }, [policy, shutWeb]), [
    `${api} => 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff : TCP 443`,
  ]);
  const open = linesOf({ pods: [pod('shop/web')] }, [policy]);
  assert.ok(
    open.includes(`${web} => ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff : All Connections`),
  );
});

const services: Facts['services'] = [
  {
    namespace: 'shop',
    name: 'api',
    type: 'ClusterIP',
    clusterIps: [],
    externalIps: [],
    ports: [
      { name: 'web', port: 80, protocol: 'TCP', targetPort: 'http', nodePort: null },
      { name: 'admin', port: 81, protocol: 'TCP', targetPort: 9000, nodePort: null },
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53, nodePort: null },
    ],
    selector: { app: 'api' },
  },
];

const routesTo = (port: number | string | null): Facts['routes'] => [
  {
    kind: 'Ingress',
    namespace: 'shop',
    name: 'r',
    backends: [{ namespace: 'shop', service: 'api', port }],
  },
];

const withHttp = pod('shop/api', { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] });

test('the ingress controller is drawn to the target ports behind a route that policies leave open', () => {
  const drawn = (port: number | string | null, ...policies: readonly Policy[]) =>
    linesOf({ pods: [withHttp], services, routes: routesTo(port) }, policies).filter(line =>
      line.startsWith('{'),
    );
  const line = (ports: string) => [`{ingress-controller} => ${api} : ${ports}`];
  assert.deepEqual(drawn(80), line('TCP 8080'));
  assert.deepEqual(drawn('admin'), line('TCP 9000'));
  assert.deepEqual(drawn(null), line('TCP 8080,9000'));
  assert.deepEqual(drawn(82), []);
  assert.deepEqual(drawn(80, networkPolicy({ ingress: [{ peers: [anyPod] }] })), line('TCP 8080'));
  assert.deepEqual(
    drawn(80, networkPolicy({ ingress: [{ ports: [portNamed('http')] }] })),
    line('TCP 8080'),
  );
  assert.deepEqual(
    drawn(80, networkPolicy({ ingress: [{ peers: [podsLabelled({ app: 'x' })] }] })),
    [],
  );
  assert.deepEqual(drawn(80, networkPolicy({ ingress: [{ ports: [tcp(9000)] }] })), []);
});

test('a configured ingress controller is drawn by its namespace and labels', () => {
  const policy = networkPolicy({
    ingress: [
      {
        peers: [
          {
            kind: 'pods',
            namespaces: labelled({ 'kubernetes.io/metadata.name': 'edge' }),
            pods: labelled({ app: 'nginx' }),
          },
        ],
      },
    ],
  });
  const world = { pods: [withHttp], services, routes: routesTo(80) };
  const modes: Modes = {
    hostNetwork: 'nodes',
    ipBlockPods: 'never',
    ingressController: { namespace: 'edge', labels: { app: 'nginx' } },
  };
  const isController = (line: string) => line.startsWith('{');
  assert.equal(linesOf(world, [policy], modes).filter(isController).length, 1);
  assert.equal(linesOf(world, [policy]).filter(isController).length, 0);
});

test('what lacks an address counts as not matched, with a warning that names the policy', () => {
  const deny = adminPolicy({
    name: 'no-ten',
    egress: [{ action: Action.DENY, peers: [networks('10.0.0.0/8')] }],
  });
  const map = connectivityMap(compile(facts({ pods }), [deny]));
  assert.equal([...map].filter(({ destination }) => destination.kind === 'workload').length, 4);
  assert.deepEqual(
    map.warnings.map(({ code }) => code),
    ['MISSING_ADDRESS'],
  );
  assert.match(map.warnings[0]?.message ?? '', /`no-ten`/);
  assert.deepEqual(connectivityMap(compile(facts({ pods }), [shutWeb])).warnings, []);
});

test('hostNetwork pods are rows in either mode, and closed only in mode pods', () => {
  const agent = pod('shop/agent', { hostNetwork: true });
  const shut = networkPolicy({ ingress: [], egress: [] });
  const world = { pods: [agent, pod('shop/api')] };
  assert.deepEqual(linesOf(world, [shut]), [
    `${ALL} => shop/agent[Deployment] : All Connections`,
    `shop/agent[Deployment] => ${ALL} : All Connections`,
  ]);
  assert.deepEqual(linesOf(world, [shut], { hostNetwork: 'pods', ipBlockPods: 'never' }), []);
});

test('compile tells of port names and blocks that mean nothing, and goes on', () => {
  const { problems } = compile(facts({ pods: [...pods, pod('shop/web')] }), [
    networkPolicy({
      ingress: [{ ports: [portNamed('nope')] }],
      egress: [{ peers: [block('10.0.0.0/99')] }],
    }),
  ]);
  assert.deepEqual(problems.map(({ code }) => code).sort(), [
    'DUPLICATE_POD',
    'INVALID_CIDR',
    'UNKNOWN_PORT_NAME',
  ]);
});
