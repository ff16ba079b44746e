import { SelectorOperator } from '../../../src/netpol/index.js';
import {
  anyPod,
  labelled,
  named,
  namespace,
  namespaceNamed,
  networkPolicy,
  pod,
  podsLabelled,
  tcp,
} from './build.js';
import { testSayings } from './says.js';

const web = pod('shop/web');
const api = pod('shop/api');
const other = pod('other/web');
const pods = [web, api, other];
const onlyApi = labelled({ app: 'api' });

testSayings([
  {
    title: 'a pod that no policy selects is open in both directions',
    facts: { pods },
    policies: [],
    says: {
      'shop/web -> shop/api TCP 80': 'ALLOWED default-allow',
      'shop/web -> 1.2.3.4 UDP 53': 'ALLOWED default-allow',
      '1.2.3.4 -> shop/api ICMP': 'ALLOWED default-allow',
    },
  },
  {
    title: 'a listed direction without rules is closed, and the other stays open',
    facts: { pods },
    policies: [networkPolicy({ pods: onlyApi, ingress: [] })],
    says: {
      'shop/web -> shop/api TCP 80': 'DENIED policy',
      '1.2.3.4 -> shop/api TCP 80': 'DENIED policy',
      'shop/api -> shop/web TCP 80': 'ALLOWED default-allow',
      'shop/api -> 1.2.3.4 TCP 80': 'ALLOWED default-allow',
    },
  },
  {
    title: 'a rule without peers and ports allows everything, external addresses included',
    facts: { pods },
    policies: [networkPolicy({ ingress: [{}], egress: [{}] })],
    says: {
      'other/web -> shop/api TCP 80': 'ALLOWED policy',
      '1.2.3.4 -> shop/api SCTP 9': 'ALLOWED policy',
      'shop/api -> 2001:db8::1 UDP 9': 'ALLOWED policy',
    },
  },
  {
    title: 'a policy selects only pods of its own namespace',
    facts: { pods },
    policies: [networkPolicy({ ingress: [] })],
    says: {
      'shop/web -> shop/api TCP 80': 'DENIED policy',
      'shop/web -> other/web TCP 80': 'ALLOWED default-allow',
    },
  },
  {
    title: 'policies add up: what any of them allows is allowed',
    facts: { pods },
    policies: [
      networkPolicy({ name: 'a', ingress: [{ ports: [tcp(80)] }] }),
      networkPolicy({ name: 'b', ingress: [{ ports: [tcp(443)] }] }),
    ],
    says: {
      'shop/web -> shop/api TCP 80': 'ALLOWED policy',
      'shop/web -> shop/api TCP 443': 'ALLOWED policy',
      'shop/web -> shop/api TCP 8080': 'DENIED policy',
    },
  },
  {
    title: 'both the egress of the source and the ingress of the destination must allow',
    facts: { pods },
    policies: [
      networkPolicy({ name: 'in', pods: onlyApi, ingress: [{ ports: [tcp(80, 90)] }] }),
      networkPolicy({
        name: 'out',
        pods: labelled({ app: 'web' }),
        egress: [{ ports: [tcp(85, 95)] }],
      }),
    ],
    says: {
      'shop/web -> shop/api TCP 80': 'DENIED policy',
      'shop/web -> shop/api TCP 85': 'ALLOWED policy',
      'shop/web -> shop/api TCP 90': 'ALLOWED policy',
      'shop/web -> shop/api TCP 91': 'DENIED policy',
      'shop/web -> shop/api TCP': 'UNDECIDABLE missing-inventory',
      'shop/web -> shop/api UDP': 'DENIED policy',
    },
  },
  {
    title: 'a podSelector alone means the namespace of the policy',
    facts: { pods },
    policies: [
      networkPolicy({ pods: onlyApi, ingress: [{ peers: [podsLabelled({ app: 'web' })] }] }),
    ],
    says: {
      'shop/web -> shop/api TCP 80': 'ALLOWED policy',
      'other/web -> shop/api TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'a namespaceSelector alone means all pods there, and the name label is always present',
    facts: { pods },
    policies: [networkPolicy({ pods: onlyApi, ingress: [{ peers: [namespaceNamed('other')] }] })],
    says: {
      'shop/web -> shop/api TCP 80': 'DENIED policy',
      'other/web -> shop/api TCP 80': 'ALLOWED policy',
    },
  },
  {
    title: 'both selectors in one peer must hold, two peers are alternatives',
    facts: { pods: [...pods, pod('other/api')], namespaces: [namespace('other', { team: 'x' })] },
    policies: [
      networkPolicy({
        pods: onlyApi,
        ingress: [
          {
            ports: [tcp(1)],
            peers: [{ kind: 'pods', namespaces: named('other'), pods: labelled({ app: 'web' }) }],
          },
          { ports: [tcp(2)], peers: [namespaceNamed('other'), podsLabelled({ app: 'web' })] },
        ],
      }),
    ],
    says: {
      'other/web -> shop/api TCP 1': 'ALLOWED policy',
      'other/api -> shop/api TCP 1': 'DENIED policy',
      'shop/web -> shop/api TCP 1': 'DENIED policy',
      'other/api -> shop/api TCP 2': 'ALLOWED policy',
      'shop/web -> shop/api TCP 2': 'ALLOWED policy',
    },
  },
  {
    title: 'an empty namespaceSelector is every pod of every namespace, never an external address',
    facts: { pods },
    policies: [networkPolicy({ pods: onlyApi, ingress: [{ peers: [anyPod] }] })],
    says: {
      'other/web -> shop/api TCP 80': 'ALLOWED policy',
      'shop/api -> shop/api TCP 80': 'ALLOWED spec-exception',
      '1.2.3.4 -> shop/api TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'matchLabels with an empty value need the key',
    facts: { pods: [pod('shop/a', { labels: { tier: '' } }), pod('shop/b', { labels: {} }), api] },
    policies: [
      networkPolicy({ pods: onlyApi, ingress: [{ peers: [podsLabelled({ tier: '' })] }] }),
    ],
    says: {
      'shop/a -> shop/api TCP 80': 'ALLOWED policy',
      'shop/b -> shop/api TCP 80': 'DENIED policy',
    },
  },
  ...(
    [
      [SelectorOperator.IN, ['x'], { x: 'ALLOWED', y: 'DENIED', none: 'DENIED' }],
      [SelectorOperator.NOT_IN, ['x'], { x: 'DENIED', y: 'ALLOWED', none: 'ALLOWED' }],
      [SelectorOperator.EXISTS, [], { x: 'ALLOWED', y: 'ALLOWED', none: 'DENIED' }],
      [SelectorOperator.DOES_NOT_EXIST, [], { x: 'DENIED', y: 'DENIED', none: 'ALLOWED' }],
    ] as const
  ).map(([operator, values, verdicts]) => ({
    title: `the operator ${operator} is read as Kubernetes does, with and without the key`,
    facts: {
      pods: [
        api,
        pod('shop/x', { labels: { tier: 'x' } }),
        pod('shop/y', { labels: { tier: 'y' } }),
        pod('shop/none', { labels: {} }),
      ],
    },
    policies: [
      networkPolicy({
        pods: onlyApi,
        ingress: [
          {
            peers: [
              {
                kind: 'pods' as const,
                namespaces: null,
                pods: { requirements: [{ key: 'tier', operator, values }] },
              },
            ],
          },
        ],
      }),
    ],
    says: {
      'shop/x -> shop/api TCP 80': `${verdicts.x} policy`,
      'shop/y -> shop/api TCP 80': `${verdicts.y} policy`,
      'shop/none -> shop/api TCP 80': `${verdicts.none} policy`,
    },
  })),
]);
