import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodFact } from '../../../src/netpol/index.js';
import { pod } from '../evaluation/build.js';
import { dns, generated, problemLines, ruleLines } from './observed.js';

const api = pod('shop/api');
const host = pod('shop/agent', { hostNetwork: true });
const bare = pod('shop/bare', { labels: {} });

const of = (pods: readonly PodFact[], ...flows: readonly string[]) =>
  generated({ pods: [api, ...pods, dns] }, flows, { subjects: ['shop/api'] });

const told = (made: ReturnType<typeof generated>) =>
  made.problems.map(({ code, severity, message, hint, path, place }) => {
    assert.deepEqual([severity, path, place], ['WARNING', null, null]);
    return [code, message, hint];
  });

const BY_NODES = 'import the Nodes, or give their blocks by `nodeBlocks`';

const FLOWS: readonly (readonly [string, string, string, string, (readonly PodFact[])?])[] = [
  [
    'shop/api -> data/gone TCP 1',
    'PEER_NOT_COVERED',
    'the flow `shop/api` to `data/gone` (TCP 1) gets no rule: `data/gone` is not in the inventory',
    'import it',
  ],
  [
    'shop/agent -> shop/api TCP 1',
    'PEER_NOT_COVERED',
    'the flow `shop/agent` to `shop/api` (TCP 1) gets no rule: `shop/agent` runs in the host network, which no pod selector matches, and nothing told the addresses of nodes',
    BY_NODES,
    [host],
  ],
  [
    'shop/api -> shop/bare TCP 1',
    'PEER_NOT_COVERED',
    'the flow `shop/api` to `shop/bare` (TCP 1) gets no rule: `shop/bare` has no label that a selector could name',
    'give its pods a label such as `app`',
    [bare],
  ],
  [
    'node:n1 -> shop/api TCP 1',
    'PEER_NOT_COVERED',
    'the flow `node:n1` to `shop/api` (TCP 1) gets no rule: `node:n1` is a cluster node, and nothing told the addresses of nodes',
    BY_NODES,
  ],
  [
    'shop/api -> domain=example.org TCP 1',
    'PEER_NOT_COVERED',
    'the flow `shop/api` to `domain=example.org` (TCP 1) gets no rule: `domain=example.org` is known by its name only, and a NetworkPolicy names addresses',
    'ingest flows that carry its address, or write a policy with domainNames',
  ],
  [
    '? -> shop/api TCP 1',
    'PEER_NOT_COVERED',
    'the flow `?` to `shop/api` (TCP 1) gets no rule: `?` could not be resolved',
    'see `diagnose` of the cluster for why',
  ],
  [
    'shop/api -> 203.0.113.1 ICMP 8',
    'PROTOCOL_NOT_COVERED',
    'the flow `shop/api` to `203.0.113.1` (ICMP 8) gets no rule: a NetworkPolicy cannot name its protocol',
    'leave it to the dataplane, or to an admin-tier policy',
  ],
  [
    'shop/api -> 203.0.113.1 UDP',
    'PORT_UNKNOWN',
    'the flow `shop/api` to `203.0.113.1` (UDP -) gets no rule: its port is not known',
    'ingest flows from a source that keeps the destination port',
  ],
];

for (const [text, code, message, hint, pods = []] of FLOWS) {
  test(`no rule: ${text}`, () => {
    const made = of(pods, text, text);
    assert.deepEqual(told(made), [[code, message, hint]]);
    assert.deepEqual(ruleLines(made), ['shop/api: egress DNS TCP 53, UDP 53']);
  });
}

test('SCTP, TCP and UDP flows get rules', () => {
  const made = of([], ...['SCTP', 'TCP', 'UDP'].map(one => `shop/api -> 203.0.113.1 ${one} 7`));
  assert.deepEqual(ruleLines(made)[1], 'shop/api: egress 203.0.113.1 SCTP 7, TCP 7, UDP 7');
});

test('a workload in the host network, without flows or without labels gets no policy, and is told so', () => {
  const made = generated({ pods: [api, host, bare, dns] }, [
    'shop/agent -> 203.0.113.1 TCP 1',
    'shop/bare -> 203.0.113.1 TCP 1',
  ]);
  assert.deepEqual(made.policies, []);
  assert.deepEqual(told(made), [
    [
      'HOST_NETWORK',
      '`shop/agent` gets no policy: it runs in the host network, which NetworkPolicies do not select',
      'guard the node instead',
    ],
    [
      'NO_FLOWS',
      '`shop/api` gets no policy: no flow of it was seen in the window',
      'observe longer, or write its policy by hand',
    ],
    [
      'NO_LABELS',
      '`shop/bare` gets no policy: its pods carry no label that a selector could name',
      'give its pods a label such as `app`, or import the inventory',
    ],
  ]);
});

test('two workloads whose labels do not differ share a policy, with a warning', () => {
  const twin = pod('shop/api-canary', { labels: { app: 'api' } });
  const made = of([twin], '203.0.113.1 -> shop/api TCP 1');
  assert.deepEqual(told(made), [
    [
      'SELECTOR_SHARED',
      'the policy of `shop/api` also selects `shop/api-canary`: no label that lasts and that all pods of `shop/api` share tells the two apart',
      'give the two workloads different labels',
    ],
  ]);
  assert.equal(made.policies.length, 1);
});

test('workloads of one name and different kinds get policies of different names', () => {
  const job = pod('shop/api-job', {
    labels: { app: 'job' },
    workload: { kind: 'Job', name: 'api' },
  });
  const { policies } = generated({ pods: [api, job, dns] }, [
    'shop/api -> 203.0.113.1 TCP 1',
    'shop/api-job -> 203.0.113.1 TCP 1',
  ]);
  assert.deepEqual(
    policies.map(({ subject, name, document }) => [subject, name, document.metadata.name]),
    [
      ['shop/api', 'api-deployment', 'api-deployment'],
      ['shop/api-job', 'api-job', 'api-job'],
    ],
  );
});

test('policies of one name in two namespaces keep it', () => {
  const { policies } = generated({ pods: [api, pod('data/api'), dns] }, [
    'shop/api -> data/api TCP 1',
  ]);
  assert.deepEqual(
    policies.map(({ namespace, name }) => `${namespace}/${name}`),
    ['data/api', 'shop/api'],
  );
});

test('one problem is told once, however many workloads meet it', () => {
  const made = generated({ pods: [api, pod('shop/web')] }, [
    'shop/api -> 203.0.113.1 TCP 1',
    'shop/web -> 203.0.113.1 TCP 1',
  ]);
  assert.deepEqual(problemLines(made), [
    'DNS_UNKNOWN the DNS of this cluster is not known; egress goes to pods labelled `k8s-app: kube-dns` in `kube-system`, port 53',
  ]);
  assert.equal(
    made.problems[0]?.hint,
    'import the pods and Services of kube-system, then generate again',
  );
});
