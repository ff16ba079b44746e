import { EVERYTHING } from '../../../src/netpol/index.js';
import { block, labelled, networkPolicy, pod, podsLabelled, portNamed, tcp, udp } from './build.js';
import { testSayings } from './says.js';

const web = pod('shop/web');
const api = pod('shop/api');
const other = pod('other/web');
const pods = [web, api, other];
const onlyApi = labelled({ app: 'api' });

testSayings([
  {
    title: 'an ipBlock is its cidr without its excepts, host bits ignored, one family only',
    facts: { pods },
    policies: [
      networkPolicy({
        ingress: [{ peers: [block('10.1.2.3/8', '10.9.0.0/16', '10.0.0.1/32')] }],
        egress: [
          { peers: [block('0.0.0.0/0')] },
          { ports: [tcp(80)], peers: [block('2001:db8::/32')] },
        ],
      }),
    ],
    says: {
      '10.1.0.0 -> shop/api TCP 80': 'ALLOWED policy',
      '10.9.255.255 -> shop/api TCP 80': 'DENIED policy',
      '10.0.0.1 -> shop/api TCP 80': 'DENIED policy',
      '10.255.255.255 -> shop/api TCP 80': 'ALLOWED policy',
      '11.0.0.0 -> shop/api TCP 80': 'DENIED policy',
      'shop/api -> 255.255.255.255 TCP 81': 'ALLOWED policy',
      'shop/api -> 2001:db8::5 TCP 81': 'DENIED policy',
      'shop/api -> 2001:db8::5 TCP 80': 'ALLOWED policy',
      'shop/api -> 2001:db9::5 TCP 80': 'DENIED policy',
    },
  },
  {
    title:
      'an ipBlock does not match pods in mode never, and the verdict says that it depends on the CNI',
    facts: {
      pods: [
        pod('shop/web', { addresses: ['10.0.0.5'] }),
        api,
        pod('other/web', { addresses: ['11.0.0.5'] }),
      ],
    },
    policies: [networkPolicy({ pods: onlyApi, ingress: [{ peers: [block('10.0.0.0/8')] }] })],
    says: {
      'shop/web -> shop/api TCP 80': 'DENIED cni-dependent',
      '10.0.0.5 -> shop/api TCP 80': 'DENIED cni-dependent',
      '10.0.0.6 -> shop/api TCP 80': 'ALLOWED policy',
      'other/web -> shop/api TCP 80': 'DENIED policy',
    },
  },
  {
    title: 'an ipBlock matches pods in mode by-address, and a pod without address is undecidable',
    facts: { pods: [pod('shop/web', { addresses: ['fd00::1', '10.0.0.5'] }), api, other] },
    policies: [networkPolicy({ pods: onlyApi, ingress: [{ peers: [block('10.0.0.0/8')] }] })],
    modes: { ipBlockPods: 'by-address' },
    says: {
      'shop/web -> shop/api TCP 80': 'ALLOWED cni-dependent',
      'other/web -> shop/api TCP 80': 'UNDECIDABLE missing-inventory',
    },
  },
  {
    title: 'a port without number is all ports of its protocol only',
    facts: { pods },
    policies: [networkPolicy({ ingress: [{ ports: [udp(1, 65_535)] }] })],
    says: {
      'shop/web -> shop/api UDP 1': 'ALLOWED policy',
      'shop/web -> shop/api UDP': 'ALLOWED policy',
      'shop/web -> shop/api TCP 1': 'DENIED policy',
    },
  },
  {
    title: 'a port name is resolved on the destination, by name and protocol, pod by pod',
    facts: {
      pods: [
        web,
        pod('shop/one', { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }),
        pod('shop/two', {
          ports: [
            { name: 'http', port: 9090, protocol: 'TCP' },
            { name: 'http', port: 9091, protocol: 'TCP' },
            { name: 'http', port: 53, protocol: 'UDP' },
          ],
        }),
      ],
    },
    policies: [
      networkPolicy({
        ingress: [{ ports: [portNamed('http')] }],
        egress: [{ ports: [portNamed('http')] }],
      }),
    ],
    says: {
      'shop/web -> shop/one TCP 8080': 'ALLOWED policy',
      'shop/web -> shop/one TCP 9090': 'DENIED policy',
      'shop/web -> shop/two TCP 9090': 'ALLOWED policy',
      'shop/web -> shop/two TCP 9091': 'ALLOWED policy',
      'shop/web -> shop/two UDP 53': 'DENIED policy',
      'shop/one -> shop/web TCP 8080': 'DENIED policy',
      'shop/web -> 1.2.3.4 TCP 8080': 'DENIED policy',
      '1.2.3.4 -> shop/one TCP 8080': 'ALLOWED policy',
    },
  },
  {
    title:
      'other protocols of an isolated pod are undecidable, unless another side denies for certain',
    facts: { pods },
    policies: [networkPolicy({ pods: onlyApi, ingress: [{}] })],
    says: {
      'shop/web -> shop/api ICMP': 'UNDECIDABLE undefined-protocol',
      'shop/api -> shop/web ICMP': 'ALLOWED default-allow',
      'shop/web -> shop/api tcp 80': 'ALLOWED policy',
    },
  },
  {
    title: 'a pod always reaches itself, and its node it and it its node',
    facts: {
      pods: [
        pod('shop/web', { node: 'a' }),
        pod('shop/copy', { node: 'b', labels: { app: 'web' } }),
      ],
      nodes: [
        { name: 'a', labels: {}, addresses: ['192.168.0.1'] },
        { name: 'b', labels: {}, addresses: ['192.168.0.2'] },
      ],
    },
    policies: [networkPolicy({ ingress: [], egress: [] })],
    says: {
      'shop/web -> shop/web TCP 80': 'ALLOWED spec-exception',
      'shop/web -> shop/copy TCP 80': 'DENIED policy',
      'node:a -> shop/web TCP 80': 'ALLOWED spec-exception',
      '192.168.0.1 -> shop/web TCP 80': 'ALLOWED spec-exception',
      'shop/web -> 192.168.0.1 TCP 80': 'ALLOWED spec-exception',
      '192.168.0.2 -> shop/web TCP 80': 'DENIED policy',
      'node:a -> shop/copy TCP 80': 'DENIED policy',
    },
  },
  {
    title:
      'in mode nodes a hostNetwork pod is neither subject nor selected peer, but ipBlocks see its node',
    facts: {
      pods: [pod('shop/agent', { hostNetwork: true, node: 'a' }), web, api],
      nodes: [{ name: 'a', labels: {}, addresses: ['192.168.0.1'] }],
    },
    policies: [
      networkPolicy({
        ingress: [
          { ports: [tcp(80)], peers: [podsLabelled({ app: 'agent' })] },
          { ports: [tcp(90)], peers: [block('192.168.0.0/24')] },
          { ports: [tcp(100)], peers: null },
        ],
      }),
    ],
    says: {
      'shop/agent -> shop/api TCP 80': 'DENIED undefined-hostnetwork',
      'shop/agent -> shop/api TCP 90': 'ALLOWED undefined-hostnetwork',
      'shop/agent -> shop/api TCP 100': 'ALLOWED policy',
      'shop/agent -> shop/api TCP 110': 'DENIED policy',
      'shop/web -> shop/agent TCP 110': 'ALLOWED undefined-hostnetwork',
      'shop/web -> shop/agent TCP 100': 'ALLOWED default-allow',
    },
  },
  {
    title: 'in mode pods a hostNetwork pod is an ordinary pod',
    facts: { pods: [pod('shop/agent', { hostNetwork: true }), web, api] },
    policies: [
      networkPolicy({ ingress: [{ ports: [tcp(80)], peers: [podsLabelled({ app: 'agent' })] }] }),
    ],
    modes: { hostNetwork: 'pods' },
    says: {
      'shop/agent -> shop/api TCP 80': 'ALLOWED undefined-hostnetwork',
      'shop/web -> shop/agent TCP 110': 'DENIED undefined-hostnetwork',
    },
  },
  {
    title: 'a selector for everything selects pods without labels too',
    facts: { pods: [pod('shop/bare', { labels: {} }), web] },
    policies: [networkPolicy({ pods: EVERYTHING, ingress: [] })],
    says: { 'shop/web -> shop/bare TCP 80': 'DENIED policy' },
  },
]);
