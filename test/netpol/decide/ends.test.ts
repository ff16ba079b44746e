import { EVERYTHING } from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  block,
  labelled,
  networkPolicy,
  networks,
  pod,
  portNamed,
  service,
  tcp,
} from '../evaluation/build.js';
import { testSayings } from '../evaluation/says.js';

const web = pod('shop/web');
const api = pod('shop/api', { addresses: ['10.0.0.5'] });
const double = pod('shop/double', { addresses: ['10.0.0.5'] });
const node = (name: string, ...addresses: string[]) => ({ name, labels: {}, addresses });
const closed = (app: string) => networkPolicy({ name: app, pods: labelled({ app }), ingress: [] });
const opened = (app: string, ...cidrs: string[]) =>
  networkPolicy({
    pods: labelled({ app }),
    ingress: [{ peers: cidrs.map(cidr => block(cidr)) }],
  });
const toApi = service({
  ports: [{ name: null, port: 80, protocol: 'TCP', targetPort: 8080, nodePort: null }],
});
const nodePort = service({ ...toApi, type: 'NodePort' });

testSayings([
  {
    title: 'an address that two pods hold is either of them',
    facts: { pods: [web, api, double] },
    policies: [closed('double')],
    says: {
      'shop/web -> 10.0.0.5 TCP 80': 'UNDECIDABLE unresolved-peer',
      'shop/web -> shop/api TCP 80': 'ALLOWED default-allow',
    },
  },
  {
    title: 'an address that a pod holds is no Service, whatever a Service says',
    facts: {
      pods: [web, api, double],
      services: [service({ ...toApi, clusterIps: ['10.0.0.5'] })],
    },
    policies: [closed('double')],
    says: { 'shop/web -> 10.0.0.5 TCP 80': 'UNDECIDABLE unresolved-peer' },
  },
  {
    title: 'an address that two nodes hold is the first of them',
    facts: {
      pods: [pod('shop/api', { node: 'b' })],
      nodes: [node('a', '10.1.0.1'), node('b', '10.1.0.1')],
    },
    policies: [closed('api')],
    says: {
      '10.1.0.1 -> shop/api TCP 80': 'DENIED policy',
      'node:b -> shop/api TCP 80': 'ALLOWED spec-exception',
    },
  },
  {
    title: 'a node without a port asked for is the node, though Services have no port on it',
    facts: { pods: [web, api], nodes: [node('a', '10.1.0.1')], services: [toApi] },
    policies: [closed('api')],
    says: { 'shop/web -> node:a TCP': 'ALLOWED default-allow' },
  },
  {
    title: 'the source of a ClusterIP Service stays what it is',
    facts: { pods: [api], services: [toApi] },
    policies: [opened('api', '192.0.2.0/24')],
    says: { '192.0.2.1 -> service=shop/api TCP 80': 'ALLOWED policy' },
  },
  {
    title: 'a NodePort Service may show its source as a node, also where no node is known',
    facts: { pods: [api], services: [nodePort] },
    policies: [opened('api', '192.0.2.0/24')],
    says: { '192.0.2.1 -> service=shop/api TCP 80': 'UNDECIDABLE undefined-snat' },
  },
  {
    title: 'a block is all its addresses, the last one too, and none beside it',
    facts: { pods: [api] },
    policies: [
      opened('api', '192.0.2.255/32', '198.51.100.0/24', '2001:db8::/64', '2001:db8:1::/48'),
      opened('api', '2001:db8:5::ffff/128'),
    ],
    says: {
      '192.0.2.0/24 -> shop/api TCP 80': 'UNDECIDABLE unresolved-peer',
      '192.0.2.0/25 -> shop/api TCP 80': 'DENIED policy',
      '198.51.100.0/25 -> shop/api TCP 80': 'ALLOWED policy',
      '2001:db8:1::/48 -> shop/api TCP 80': 'ALLOWED policy',
      '2001:db8:1::/64 -> shop/api TCP 80': 'ALLOWED policy',
      '2001:db8:5::/112 -> shop/api TCP 80': 'UNDECIDABLE unresolved-peer',
      '2001:db8:5::/113 -> shop/api TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'in mode pods the rules of a hostNetwork pod part the addresses of a block',
    facts: { pods: [pod('shop/host', { hostNetwork: true, node: 'a' })] },
    policies: [opened('host', '192.0.2.128/25')],
    modes: { hostNetwork: 'pods' },
    says: {
      '192.0.2.0/24 -> shop/host TCP 80': 'UNDECIDABLE unresolved-peer',
      '192.0.2.0/25 -> shop/host TCP 80': 'DENIED undefined-hostnetwork',
    },
  },
  {
    title: 'a block that covers nothing holds no unknown address, beside one that does',
    facts: { pods: [web, api] },
    policies: [
      adminPolicy({ egress: [{ action: 'DENY', peers: [networks(), networks('10.9.0.0/16')] }] }),
    ],
    says: { 'shop/api -> shop/web TCP 80': 'UNDECIDABLE missing-inventory' },
  },
  {
    title: 'a block that covers nothing means no pod',
    facts: { pods: [web, api] },
    policies: [adminPolicy({ egress: [{ action: 'DENY', peers: [networks()] }] })],
    says: { 'shop/api -> shop/web TCP 80': 'ALLOWED default-allow' },
  },
  {
    title: 'policies of the other direction do not make a stranger doubtful',
    facts: { pods: [web] },
    policies: [networkPolicy({ ingress: [{}] })],
    says: { '? -> shop/web TCP 80': 'ALLOWED policy' },
  },
  {
    title: 'of a stranger it is not known whether it is isolated, whatever the protocol',
    facts: { pods: [web] },
    policies: [networkPolicy({ egress: [] })],
    says: { '? -> shop/web ICMP': 'UNDECIDABLE unresolved-peer' },
  },
  {
    title:
      'under isolation a rule for all ports does not allow the protocols that policies cannot name',
    facts: { pods: [web] },
    policies: [networkPolicy({ ingress: [{ peers: [anyPod] }] })],
    says: {
      'shop/web -> shop/web ICMP': 'ALLOWED spec-exception',
      'ingress-controller -> shop/web ICMP': 'UNDECIDABLE undefined-protocol',
      'ingress-controller -> shop/web TCP 80': 'ALLOWED policy',
    },
  },
  {
    title: 'a port name denies a pod of which nothing is known no protocol without ports',
    facts: { pods: [web] },
    policies: [
      adminPolicy({
        namespaces: EVERYTHING,
        egress: [{ action: 'DENY', peers: [anyPod], ports: [portNamed('http')] }],
      }),
    ],
    says: {
      'shop/web -> ingress-controller ICMP': 'ALLOWED default-allow',
      'shop/web -> ingress-controller TCP 80': 'UNDECIDABLE missing-inventory',
    },
  },
  {
    title:
      'whether a block holds the controller, whose address nobody knows, depends on the plugin',
    facts: { pods: [web] },
    policies: [networkPolicy({ ingress: [{ peers: [block('10.0.0.0/8')], ports: [tcp(80)] }] })],
    says: {
      'ingress-controller -> shop/web TCP 80': 'DENIED cni-dependent',
      'ingress-controller -> shop/web TCP 81': 'DENIED policy',
    },
  },
]);
