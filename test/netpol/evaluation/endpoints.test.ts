import { Action } from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  block,
  labelled,
  namespaceNamed,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  service,
  tcp,
} from './build.js';
import { testSayings } from './says.js';

const http = (port: number) => [{ name: 'http', port, protocol: 'TCP' as const }];
const web = pod('shop/web', { addresses: ['10.0.0.1'] });
const one = pod('shop/one', { labels: { app: 'api', version: '1' }, ports: http(8080) });
const two = pod('shop/two', { labels: { app: 'api', version: '2' }, ports: http(9090) });

testSayings([
  {
    title: 'a Service is its pods at their target ports, by name, ClusterIP or port name',
    facts: { pods: [web, one, two], services: [service({})] },
    policies: [
      networkPolicy({ pods: labelled({ app: 'api' }), ingress: [{ ports: [portNamed('http')] }] }),
    ],
    says: {
      'shop/web -> service=shop/api TCP 80': 'ALLOWED policy',
      'shop/web -> 10.96.0.1 TCP 80': 'ALLOWED policy',
      'shop/web -> service=shop/api TCP': 'ALLOWED policy',
      'shop/web -> service=shop/api TCP 81': 'UNDECIDABLE unresolved-peer',
      'shop/web -> service=shop/api UDP 80': 'UNDECIDABLE unresolved-peer',
      'shop/web -> service=shop/none TCP 80': 'UNDECIDABLE unresolved-peer',
    },
  },
  {
    title: 'backends that differ make a mixed verdict, those that agree do not',
    facts: { pods: [web, one, two], services: [service({})] },
    policies: [
      networkPolicy({ pods: labelled({ version: '1' }), ingress: [{ ports: [tcp(8080)] }] }),
      networkPolicy({
        pods: labelled({ version: '2' }),
        ingress: [{ peers: [podsLabelled({ app: 'x' })] }],
      }),
    ],
    says: {
      'shop/web -> service=shop/api TCP 80': 'UNDECIDABLE mixed-backends',
      'service=shop/api -> shop/web TCP 80': 'ALLOWED default-allow',
    },
  },
  {
    title: 'a headless Service leads to the pods themselves, on their own ports',
    facts: { pods: [web, one], services: [service({ clusterIps: ['None'] })] },
    policies: [
      networkPolicy({ pods: labelled({ app: 'api' }), ingress: [{ ports: [tcp(8080)] }] }),
    ],
    says: {
      'shop/web -> service=shop/api TCP 8080': 'ALLOWED policy',
      'shop/web -> service=shop/api TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'a Service without selector could lead anywhere, yet a closed source stays closed',
    facts: {
      pods: [web, pod('shop/shut')],
      services: [service({ selector: null })],
    },
    policies: [networkPolicy({ pods: labelled({ app: 'shut' }), egress: [] })],
    says: {
      'shop/shut -> service=shop/api TCP 80': 'DENIED policy',
      'shop/web -> service=shop/api TCP 80': 'ALLOWED default-allow',
    },
  },
  {
    title: 'a NodePort may hide the source behind a node',
    facts: {
      pods: [one],
      nodes: [
        { name: 'a', labels: {}, addresses: ['192.168.0.1'] },
        { name: 'b', labels: {}, addresses: ['192.168.0.2'] },
      ],
      services: [
        service({
          type: 'NodePort',
          ports: [{ name: null, port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30_080 }],
        }),
      ],
    },
    policies: [
      networkPolicy({
        ingress: [
          { peers: [block('203.0.113.0/24')], ports: [tcp(8080)] },
          { peers: [block('198.51.100.0/24'), block('192.168.0.0/24')], ports: [tcp(8080)] },
        ],
      }),
    ],
    says: {
      '198.51.100.1 -> 192.168.0.1 TCP 30080': 'ALLOWED policy',
      '8.8.8.8 -> node:a TCP 30080': 'UNDECIDABLE undefined-snat',
      '8.8.8.8 -> node:a TCP 30081': 'ALLOWED default-allow',
      '8.8.8.8 -> shop/one TCP 30080': 'DENIED policy',
      'shop/one -> 203.0.113.9 TCP 30080': 'ALLOWED default-allow',
    },
  },
  {
    title: 'a load balancer may hide the source behind a node',
    facts: {
      pods: [one, web],
      nodes: [{ name: 'a', labels: {}, addresses: ['192.168.0.1'] }],
      services: [service({ type: 'LoadBalancer', externalIps: ['203.0.113.9'] })],
    },
    policies: [
      networkPolicy({ pods: labelled({ app: 'api' }), ingress: [{ peers: [block('8.0.0.0/8')] }] }),
    ],
    says: {
      '8.8.8.8 -> 203.0.113.9 TCP 80': 'UNDECIDABLE undefined-snat',
      '8.8.8.8 -> service=shop/api TCP 80': 'UNDECIDABLE undefined-snat',
      'shop/web -> service=shop/api TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'a block has the answer that all its addresses have, or none',
    facts: { pods: [web] },
    policies: [
      networkPolicy({
        egress: [{ peers: [block('10.0.0.0/8', '10.1.0.0/16')], ports: [tcp(80)] }],
      }),
    ],
    says: {
      'shop/web -> 10.2.0.0/16 TCP 80': 'ALLOWED policy',
      'shop/web -> 10.1.2.0/24 TCP 80': 'DENIED policy',
      'shop/web -> 10.0.0.0/15 TCP 80': 'UNDECIDABLE unresolved-peer',
      'shop/web -> 10.0.0.0/15 TCP 81': 'DENIED policy',
      '10.0.0.0/8 -> shop/web TCP 80': 'ALLOWED default-allow',
      'shop/web -> 10.0.0.7/32 TCP 80': 'ALLOWED policy',
    },
  },
  {
    title: 'an end that could be anything is undecided, unless the known end settles it',
    facts: { pods: [web, pod('shop/shut'), pod('shop/open'), pod('shop/partly')] },
    policies: [
      networkPolicy({ pods: labelled({ app: 'shut' }), ingress: [] }),
      networkPolicy({ pods: labelled({ app: 'open' }), ingress: [{}] }),
      networkPolicy({ pods: labelled({ app: 'partly' }), ingress: [{ peers: [anyPod] }] }),
    ],
    says: {
      '? -> shop/shut TCP 80': 'DENIED policy',
      '? -> shop/open TCP 80': 'ALLOWED policy',
      '? -> shop/web TCP 80': 'ALLOWED default-allow',
      '? -> shop/partly TCP 80': 'UNDECIDABLE unresolved-peer',
      'shop/web -> ? TCP 80': 'UNDECIDABLE unresolved-peer',
      'shop/nobody -> shop/shut TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'a name that the policies do not name is any outside address',
    facts: { pods: [web] },
    policies: [networkPolicy({ egress: [{ peers: [block('0.0.0.0/0')], ports: [tcp(443)] }] })],
    says: {
      'shop/web -> domain=example.com TCP 443': 'ALLOWED policy',
      'shop/web -> domain=example.com TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'an address outside may have any name',
    facts: { pods: [web] },
    policies: [
      adminPolicy({
        egress: [
          { action: Action.ALLOW, peers: [{ kind: 'domain-names', names: ['*.example.com'] }] },
          { action: Action.DENY, ports: [tcp(80)] },
        ],
      }),
    ],
    says: {
      'shop/web -> 8.8.8.8 TCP 80': 'UNDECIDABLE missing-inventory',
      'shop/web -> 8.8.8.8 TCP 81': 'ALLOWED default-allow',
    },
  },
  {
    title: 'an unconfigured ingress controller is some pod: only every pod and everyone cover it',
    facts: { pods: [pod('shop/a'), pod('shop/b'), pod('shop/c')] },
    policies: [
      networkPolicy({ pods: labelled({ app: 'a' }), ingress: [{ peers: [anyPod] }] }),
      networkPolicy({
        pods: labelled({ app: 'b' }),
        ingress: [{ peers: [namespaceNamed('edge')] }],
      }),
      networkPolicy({ pods: labelled({ app: 'c' }), ingress: [] }),
    ],
    says: {
      'ingress-controller -> shop/a TCP 80': 'ALLOWED policy',
      'ingress-controller -> shop/b TCP 80': 'UNDECIDABLE missing-inventory',
      'ingress-controller -> shop/c TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'a configured ingress controller is judged by its namespace and labels',
    facts: {
      pods: [pod('shop/a'), pod('shop/b')],
      namespaces: [{ name: 'edge', labels: { team: 'net' } }],
    },
    policies: [
      networkPolicy({
        pods: labelled({ app: 'a' }),
        ingress: [
          {
            peers: [
              {
                kind: 'pods',
                namespaces: labelled({ team: 'net' }),
                pods: labelled({ app: 'nginx' }),
              },
            ],
          },
        ],
      }),
      networkPolicy({
        pods: labelled({ app: 'b' }),
        ingress: [{ peers: [podsLabelled({ app: 'nginx' })] }],
      }),
    ],
    modes: { ingressController: { namespace: 'edge', labels: { app: 'nginx' } } },
    says: {
      'ingress-controller -> shop/a TCP 80': 'ALLOWED policy',
      'ingress-controller -> shop/b TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'a node that only a pod names may have any label, and has no known address',
    facts: { pods: [pod('shop/web', { node: 'a' }), pod('shop/api', { node: 'b' })] },
    policies: [
      adminPolicy({
        egress: [
          { action: Action.DENY, peers: [{ kind: 'nodes', nodes: labelled({ role: 'x' }) }] },
        ],
      }),
    ],
    says: {
      'shop/web -> node:a TCP 80': 'ALLOWED spec-exception',
      'shop/web -> node:b TCP 80': 'UNDECIDABLE missing-inventory',
    },
  },
]);
