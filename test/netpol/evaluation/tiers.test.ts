import { Action } from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  baselinePolicy,
  block,
  labelled,
  named,
  namespaceNamed,
  networkPolicy,
  networks,
  pod,
  portNamed,
  tcp,
} from './build.js';
import { testSayings } from './says.js';

const web = pod('shop/web');
const api = pod('shop/api');
const other = pod('other/web');
const pods = [web, api, other];
const onlyApi = labelled({ app: 'api' });
const { ALLOW, DENY, PASS } = Action;

testSayings([
  {
    title: 'the admin tier is asked by priority, rule by rule, and the first match decides',
    facts: { pods },
    policies: [
      adminPolicy({
        name: 'later',
        priority: 20,
        ingress: [{ action: ALLOW, peers: [anyPod] }],
      }),
      adminPolicy({
        name: 'first',
        priority: 10,
        pods: onlyApi,
        ingress: [
          { action: ALLOW, peers: [namespaceNamed('shop')], ports: [tcp(80)] },
          { action: DENY, peers: [anyPod], ports: [tcp(80, 90)] },
        ],
      }),
    ],
    says: {
      'shop/web -> shop/api TCP 80': 'ALLOWED policy',
      'other/web -> shop/api TCP 80': 'DENIED policy',
      'shop/web -> shop/api TCP 81': 'DENIED policy',
      'shop/web -> shop/api TCP 91': 'ALLOWED policy',
      '1.2.3.4 -> shop/api TCP 80': 'ALLOWED default-allow',
    },
  },
  {
    title: 'an admin rule stands above NetworkPolicies, and Pass leaves the matter to them',
    facts: { pods },
    policies: [
      adminPolicy({
        ingress: [
          { action: PASS, peers: [namespaceNamed('shop')], ports: [tcp(1)] },
          { action: ALLOW, ports: [tcp(1, 2)] },
          { action: DENY, ports: [tcp(3)] },
        ],
      }),
      networkPolicy({ pods: onlyApi, ingress: [{ ports: [tcp(3, 4)] }] }),
    ],
    says: {
      'shop/web -> shop/api TCP 1': 'DENIED policy',
      'other/web -> shop/api TCP 1': 'ALLOWED policy',
      'shop/web -> shop/api TCP 2': 'ALLOWED policy',
      'shop/web -> shop/api TCP 3': 'DENIED policy',
      'shop/web -> shop/api TCP 4': 'ALLOWED policy',
      'shop/web -> shop/api TCP 5': 'DENIED policy',
    },
  },
  {
    title: 'an admin policy isolates nobody: what no rule matches falls through',
    facts: { pods },
    policies: [adminPolicy({ ingress: [{ action: ALLOW, ports: [tcp(80)] }] })],
    says: {
      'shop/web -> shop/api TCP 80': 'ALLOWED policy',
      'shop/web -> shop/api TCP 81': 'ALLOWED default-allow',
    },
  },
  {
    title: 'the baseline decides only for pods that no NetworkPolicy selects in that direction',
    facts: { pods },
    policies: [
      baselinePolicy({
        ingress: [
          { action: PASS, ports: [tcp(1)] },
          { action: ALLOW, ports: [tcp(2)] },
          { action: DENY },
        ],
      }),
      networkPolicy({ pods: onlyApi, ingress: [{ ports: [tcp(4)] }] }),
    ],
    says: {
      'shop/api -> shop/web TCP 1': 'ALLOWED default-allow',
      'shop/api -> shop/web TCP 2': 'ALLOWED policy',
      'shop/api -> shop/web TCP 3': 'DENIED policy',
      'shop/web -> shop/api TCP 2': 'DENIED policy',
      'shop/web -> shop/api TCP 4': 'ALLOWED policy',
      'shop/web -> shop/api ICMP': 'UNDECIDABLE undefined-protocol',
    },
  },
  {
    title: 'an admin rule without ports speaks of every protocol, one with ports does not',
    facts: { pods },
    policies: [
      adminPolicy({
        ingress: [
          { action: DENY, peers: [namespaceNamed('other')] },
          { action: ALLOW, peers: [namespaceNamed('shop')], ports: [tcp(1, 65_535)] },
        ],
      }),
      networkPolicy({ ingress: [] }),
    ],
    says: {
      'other/web -> shop/api ICMP': 'DENIED policy',
      'shop/web -> shop/api ICMP': 'UNDECIDABLE undefined-protocol',
      'shop/web -> shop/api TCP 9': 'ALLOWED policy',
      'shop/web -> other/web ICMP': 'ALLOWED default-allow',
    },
  },
  {
    title:
      'networks match pods by address and outside addresses; unknown addresses are undecidable',
    facts: { pods: [web, pod('shop/api', { addresses: ['10.0.0.5'] })] },
    policies: [adminPolicy({ egress: [{ action: DENY, peers: [networks('10.0.0.0/8')] }] })],
    says: {
      'shop/web -> shop/api TCP 80': 'DENIED policy',
      'shop/web -> 10.9.9.9 TCP 80': 'DENIED policy',
      'shop/web -> 11.0.0.1 TCP 80': 'ALLOWED default-allow',
      'shop/api -> shop/web TCP 80': 'UNDECIDABLE missing-inventory',
    },
  },
  {
    title: 'a missing address does not matter where a lower tier says the same',
    facts: { pods: [web, api] },
    policies: [
      adminPolicy({ egress: [{ action: DENY, peers: [networks('10.0.0.0/8')] }] }),
      networkPolicy({ egress: [] }),
    ],
    says: { 'shop/web -> shop/api TCP 80': 'DENIED policy' },
  },
  {
    title: 'nodes are matched by their labels, and so are hostNetwork pods on them, in every mode',
    facts: {
      pods: [web, pod('shop/agent', { hostNetwork: true, node: 'a' })],
      nodes: [
        { name: 'a', labels: { role: 'edge' }, addresses: ['192.168.0.1'] },
        { name: 'b', labels: {}, addresses: ['192.168.0.2'] },
      ],
    },
    policies: [
      adminPolicy({
        egress: [
          { action: DENY, peers: [{ kind: 'nodes', nodes: labelled({ role: 'edge' }) }] },
          { action: DENY, peers: [anyPod], ports: [tcp(1)] },
        ],
      }),
    ],
    modes: { hostNetwork: 'pods' },
    says: {
      'shop/web -> node:a TCP 80': 'DENIED policy',
      'shop/web -> 192.168.0.1 TCP 80': 'DENIED policy',
      'shop/web -> node:b TCP 1': 'ALLOWED default-allow',
      'shop/web -> shop/agent TCP 80': 'DENIED policy',
      'shop/agent -> shop/web TCP 1': 'ALLOWED default-allow',
    },
  },
  {
    title:
      'domain names match names, a star one or more labels; rules without peers match them too',
    facts: { pods },
    policies: [
      adminPolicy({
        egress: [
          {
            action: ALLOW,
            peers: [{ kind: 'domain-names', names: ['*.example.com', 'example.org'] }],
          },
          { action: DENY, ports: [tcp(80)] },
          { action: DENY, peers: [networks('10.0.0.0/8')], ports: [tcp(81)] },
          { action: DENY, peers: [networks('0.0.0.0/0')], ports: [tcp(82)] },
        ],
      }),
    ],
    says: {
      'shop/web -> domain=www.example.com TCP 80': 'ALLOWED policy',
      'shop/web -> domain=a.b.Example.com. TCP 80': 'ALLOWED policy',
      'shop/web -> domain=example.com TCP 80': 'DENIED policy',
      'shop/web -> domain=badexample.com TCP 80': 'DENIED policy',
      'shop/web -> domain=example.org TCP 80': 'ALLOWED policy',
      'shop/web -> domain=example.net TCP 81': 'UNDECIDABLE unresolved-peer',
      'shop/web -> domain=example.net TCP 82': 'DENIED policy',
      'shop/web -> domain=example.net TCP 83': 'ALLOWED default-allow',
    },
  },
  {
    title: 'an unknown peer fails closed: Allow matches nothing, Deny and Pass deny everything',
    facts: { pods },
    policies: [
      adminPolicy({
        pods: onlyApi,
        priority: 1,
        ingress: [
          { action: ALLOW, peers: [{ kind: 'unknown' }, namespaceNamed('shop')], ports: [tcp(80)] },
        ],
      }),
      adminPolicy({
        pods: labelled({ app: 'web' }),
        priority: 2,
        ingress: [{ action: PASS, peers: [{ kind: 'unknown' }], ports: [tcp(80)] }],
      }),
      networkPolicy({ name: 'api', pods: onlyApi, ingress: [] }),
      networkPolicy({ name: 'web', pods: labelled({ app: 'web' }), ingress: [{}] }),
    ],
    says: {
      'shop/web -> shop/api TCP 80': 'DENIED policy',
      'shop/api -> shop/web TCP 80': 'DENIED policy',
      '1.2.3.4 -> shop/web TCP 443': 'DENIED policy',
    },
  },
  {
    title: 'an admin port name takes the protocol of the port of that name',
    facts: {
      pods: [
        web,
        pod('shop/dns', {
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns', port: 53, protocol: 'TCP' },
          ],
        }),
      ],
    },
    policies: [adminPolicy({ egress: [{ action: DENY, ports: [portNamed('dns', null)] }] })],
    says: {
      'shop/web -> shop/dns UDP 53': 'DENIED policy',
      'shop/web -> shop/dns TCP 53': 'DENIED policy',
      'shop/dns -> shop/web UDP 53': 'ALLOWED default-allow',
    },
  },
  {
    title: 'a pod is out of reach of the tiers on its own address, but not through a Service',
    facts: {
      pods: [pod('shop/web', { addresses: ['10.0.0.5'] })],
      services: [
        {
          namespace: 'shop',
          name: 'web',
          type: 'ClusterIP',
          clusterIps: ['10.96.0.1'],
          externalIps: [],
          ports: [{ name: null, port: 80, protocol: 'TCP', targetPort: 8080, nodePort: null }],
          selector: { app: 'web' },
        },
      ],
    },
    policies: [
      adminPolicy({ namespaces: named('shop'), ingress: [{ action: DENY, ports: [tcp(8080)] }] }),
      networkPolicy({ ingress: [], egress: [] }),
    ],
    says: {
      'shop/web -> 10.0.0.5 TCP 8080': 'ALLOWED spec-exception',
      'shop/web -> service=shop/web TCP 80': 'DENIED policy',
      'shop/web -> 10.96.0.1 TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'hostNetwork pods are never subjects nor pod peers of the admin tiers',
    facts: { pods: [web, pod('shop/agent', { hostNetwork: true })] },
    policies: [
      adminPolicy({
        ingress: [{ action: DENY, peers: [anyPod] }],
        egress: [{ action: DENY, peers: [anyPod], ports: [tcp(80)] }],
      }),
    ],
    modes: { hostNetwork: 'pods' },
    says: {
      'shop/agent -> shop/web TCP 80': 'ALLOWED default-allow',
      'shop/web -> shop/agent TCP 80': 'ALLOWED default-allow',
    },
  },
  {
    title: 'equal priorities are taken in the order of the input',
    facts: { pods },
    policies: [
      adminPolicy({ name: 'z', ingress: [{ action: DENY, ports: [tcp(80)] }] }),
      adminPolicy({ name: 'a', ingress: [{ action: ALLOW }] }),
      networkPolicy({ egress: [{ peers: [block('0.0.0.0/0')] }] }),
    ],
    says: { 'other/web -> shop/api TCP 80': 'DENIED policy' },
  },
]);
