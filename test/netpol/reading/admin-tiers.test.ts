import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Policy } from '../../../src/netpol/index.js';
import { anp, banp, cnp, everybody, read } from './admin-policies.js';

const all = { requirements: [] };
const web = { requirements: [{ key: 'app', operator: 'In', values: ['web'] }] };

function only(text: string): Policy {
  const { policies, problems } = read(text);
  assert.deepEqual(problems, []);
  return policies[0] as Policy;
}

const codes = (...texts: readonly string[]) =>
  read(...texts).problems.map(({ code, path }) => `${code} ${path}`);

test('an AdminNetworkPolicy is read with its tier, priority, subject and rules in order', () => {
  const policy = only(
    anp(`{priority: 7, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}},
      ingress: [{name: first, action: Pass, from: [{namespaces: {matchLabels: {app: web}}}]}, {action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}]}],
      egress: [{action: Allow, to: [{nodes: {}}, {networks: [10.0.0.0/8, "fd00::/8"]}, {domainNames: ["*.example.com"]}]}]}`),
  );
  assert.equal(policy.tier, 'ADMIN');
  assert.equal(policy.priority, 7);
  assert.equal(policy.namespace, null);
  assert.deepEqual(policy.subject, { namespaces: all, pods: web });
  assert.deepEqual(
    policy.ingress?.map(({ name, action, index, peers, ports }) => ({
      name,
      action,
      index,
      peers,
      ports,
    })),
    [
      {
        name: 'first',
        action: 'PASS',
        index: 0,
        peers: [{ kind: 'pods', namespaces: web, pods: all }],
        ports: null,
      },
      {
        name: null,
        action: 'DENY',
        index: 1,
        peers: [{ kind: 'pods', namespaces: all, pods: web }],
        ports: null,
      },
    ],
  );
  assert.deepEqual(policy.egress?.[0]?.peers, [
    { kind: 'nodes', nodes: all },
    { kind: 'networks', cidrs: ['10.0.0.0/8', 'fd00::/8'] },
    { kind: 'domain-names', names: ['*.example.com'] },
  ]);
});

test('a policy without rules in a direction does not concern it', () => {
  const policy = only(anp(`{priority: 1, ${everybody}, ingress: []}`));
  assert.equal(policy.ingress, null);
  assert.equal(policy.egress, null);
});

test('AdminNetworkPolicy ports are a number, a range, or a name of any protocol', () => {
  const policy = only(
    anp(`{priority: 1, ${everybody}, ingress: [{action: Deny, from: [{namespaces: {}}],
      ports: [{portNumber: {port: 80}}, {portNumber: {protocol: UDP, port: 53}}, {portRange: {protocol: SCTP, start: 1, end: 9}}, {namedPort: http}]}]}`),
  );
  assert.deepEqual(policy.ingress?.[0]?.ports, [
    { kind: 'range', protocol: 'TCP', from: 80, to: 80 },
    { kind: 'range', protocol: 'UDP', from: 53, to: 53 },
    { kind: 'range', protocol: 'SCTP', from: 1, to: 9 },
    { kind: 'named', protocol: null, name: 'http' },
  ]);
});

test('the BaselineAdminNetworkPolicy stands last in the Baseline tier', () => {
  const policy = only(banp(`{${everybody}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`));
  assert.equal(policy.tier, 'BASELINE');
  assert.equal(policy.priority, 1000);
});

test('a ClusterNetworkPolicy is read with its tier, and Accept is allow', () => {
  const policy = only(
    cnp(`{tier: Baseline, priority: 0, ${everybody}, egress: [{action: Accept, to: [{networks: [0.0.0.0/0]}], protocols: [{tcp: {destinationPort: {number: 443}}}, {udp: {destinationPort: {range: {start: 1, end: 9}}}}]},
      {action: Pass, to: [{namespaces: {}}], protocols: [{destinationNamedPort: web}]}]}`),
  );
  assert.equal(policy.tier, 'BASELINE');
  assert.equal(policy.priority, 0);
  assert.deepEqual(
    policy.egress?.map(rule => [rule.action, rule.ports]),
    [
      [
        'ALLOW',
        [
          { kind: 'range', protocol: 'TCP', from: 443, to: 443 },
          { kind: 'range', protocol: 'UDP', from: 1, to: 9 },
        ],
      ],
      ['PASS', [{ kind: 'named', protocol: null, name: 'web' }]],
    ],
  );
});

test('an empty protocol of a ClusterNetworkPolicy is all its ports, with a warning', () => {
  const { policies, problems } = read(
    cnp(
      `{tier: Admin, priority: 0, ${everybody}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {}}]}]}`,
    ),
  );
  assert.deepEqual(policies[0]?.ingress?.[0]?.ports, [
    { kind: 'range', protocol: 'TCP', from: 1, to: 65535 },
  ]);
  assert.deepEqual(
    problems.map(problem => problem.code),
    ['PROTOCOL_EMPTY'],
  );
});

test('a peer that is unknown or empty stays in its rule and warns', () => {
  const { policies, problems } = read(
    anp(
      `{priority: 1, ${everybody}, ingress: [{action: Deny, from: [{namespaces: {}}, {clouds: [x]}, {}, {networks: [10.0.0.0/8]}, {namespaces: {sameLabels: [team]}}]}]}`,
    ),
  );
  const kinds = policies[0]?.ingress?.[0]?.peers?.map(peer => peer.kind);
  assert.deepEqual(kinds, ['pods', 'unknown', 'unknown', 'unknown', 'unknown']);
  assert.deepEqual(
    problems.map(({ code, severity, path }) => `${severity} ${code} ${path}`),
    [
      'WARNING PEER_UNKNOWN spec.ingress[0].from[1].clouds',
      'WARNING PEER_UNKNOWN spec.ingress[0].from[2]',
      'WARNING PEER_UNKNOWN spec.ingress[0].from[3].networks',
      'WARNING PEER_UNKNOWN spec.ingress[0].from[4].namespaces.sameLabels',
    ],
  );
});

const rule = '{action: Deny, from: [{namespaces: {}}]}';
const faults: readonly (readonly [string, readonly string[]])[] = [
  [anp(`{${everybody}, ingress: [${rule}]}`), ['PRIORITY_MISSING spec.priority']],
  [anp(`{priority: 1001, ${everybody}}`), ['PRIORITY_OUT_OF_RANGE spec.priority']],
  [anp(`{priority: -1, ${everybody}}`), ['PRIORITY_OUT_OF_RANGE spec.priority']],
  [anp(`{priority: 1.5, ${everybody}}`), ['WRONG_TYPE spec.priority']],
  [anp('{priority: 1}'), ['SUBJECT_NOT_ONE spec.subject']],
  [anp('{priority: 1, subject: {}}'), ['SUBJECT_NOT_ONE spec.subject']],
  [
    anp('{priority: 1, subject: {namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}}'),
    ['SUBJECT_NOT_ONE spec.subject'],
  ],
  [
    anp(`{priority: 1, ${everybody}, ingress: [{action: Accept, from: [{namespaces: {}}]}]}`),
    ['ACTION_UNKNOWN spec.ingress[0].action'],
  ],
  [
    cnp(
      `{tier: Admin, priority: 1, ${everybody}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}`,
    ),
    ['ACTION_UNKNOWN spec.ingress[0].action'],
  ],
  [
    anp(`{priority: 1, ${everybody}, ingress: [{action: Deny, from: []}, {action: Deny}]}`),
    ['PEERS_MISSING spec.ingress[0].from', 'PEERS_MISSING spec.ingress[1].from'],
  ],
  [
    anp(
      `{priority: 1, ${everybody}, ingress: [{action: Deny, from: [{namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}]}]}`,
    ),
    ['PEER_MIXED spec.ingress[0].from[0]'],
  ],
  [
    anp(`{priority: 1, ${everybody}, egress: [{action: Deny, to: [{domainNames: [a.b]}]}]}`),
    ['DOMAIN_NAMES_NOT_ALLOWED spec.egress[0].to[0].domainNames'],
  ],
  [
    anp(
      `{priority: 1, ${everybody}, egress: [{action: Allow, to: [{domainNames: ["a.*.b"]}, {networks: [10.0.0.0]}, {networks: []}]}]}`,
    ),
    [
      'DOMAIN_NAME_INVALID spec.egress[0].to[0].domainNames[0]',
      'CIDR_INVALID spec.egress[0].to[1].networks[0]',
      'LIST_EMPTY spec.egress[0].to[2].networks',
    ],
  ],
  [
    anp(
      `{priority: 1, ${everybody}, ingress: [{action: Deny, from: [{namespaces: {}}], ports: [{}, {portNumber: {port: 0}}, {portRange: {start: 9, end: 1}}, {portNumber: {port: 1}, namedPort: a}]}]}`,
    ),
    [
      'FIELD_NOT_ONE spec.ingress[0].ports[0]',
      'PORT_OUT_OF_RANGE spec.ingress[0].ports[1].portNumber.port',
      'RANGE_REVERSED spec.ingress[0].ports[2].portRange.end',
      'FIELD_NOT_ONE spec.ingress[0].ports[3]',
    ],
  ],
  [
    cnp(
      `{tier: Admin, priority: 1, ${everybody}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{icmp: {}}, {tcp: {flags: 1}}, {udp: {destinationPort: {}}}]}]}`,
    ),
    [
      'FIELD_NOT_ONE spec.ingress[0].protocols[0]',
      'FIELD_NOT_ONE spec.ingress[0].protocols[1].tcp',
      'FIELD_NOT_ONE spec.ingress[0].protocols[2].udp.destinationPort',
    ],
  ],
  [cnp(`{tier: Platform, priority: 1, ${everybody}}`), ['TIER_UNKNOWN spec.tier']],
  [cnp(`{priority: 1, ${everybody}}`), ['TIER_UNKNOWN spec.tier']],
  [banp(`{${everybody}}`, 'other'), ['BASELINE_NAME metadata.name']],
  [
    banp(`{${everybody}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}`),
    ['ACTION_UNKNOWN spec.ingress[0].action'],
  ],
  [
    banp(`{${everybody}, egress: [{action: Allow, to: [{domainNames: [a.b]}]}]}`),
    ['DOMAIN_NAMES_NOT_ALLOWED spec.egress[0].to[0].domainNames'],
  ],
];

for (const [text, expected] of faults) {
  test(`an admin policy is refused for ${expected.join(' and ')}: ${text.split('spec: ')[1]?.trim()}`, () => {
    assert.deepEqual(codes(text), expected);
    assert.deepEqual(read(text).policies, []);
  });
}

test('a named port beside networks is a warning, and the rule is kept', () => {
  const text = anp(
    `{priority: 1, ${everybody}, egress: [{action: Allow, to: [{networks: [10.0.0.0/8]}], ports: [{namedPort: web}]}]}`,
  );
  const { policies, problems } = read(text);
  assert.equal(policies.length, 1);
  assert.deepEqual(
    problems.map(({ code, severity, message }) => [code, severity, message]),
    [
      [
        'NAMED_PORT_WITHOUT_POD',
        'WARNING',
        'a named port matches pods alone; the API server refuses it in a rule with `networks`',
      ],
    ],
  );
});

test('an API version that is not read says so and names the one that is', () => {
  const text = anp(`{priority: 1, ${everybody}}`).replace('v1alpha1', 'v1beta9');
  const [problem] = read(text).problems;
  assert.equal(problem?.code, 'POLICY_NOT_READ');
  assert.equal(problem?.hint, 'use `policy.networking.k8s.io/v1alpha1`');
});

test('a ClusterNetworkPolicy of v1beta1 means what one of v1alpha2 means', () => {
  const text = cnp(
    `{tier: Admin, priority: 5, ${everybody}, ingress: [{action: Deny, from: [{pods: {podSelector: {}}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}]}`,
    'x',
  );
  const [older] = read(text).policies;
  const later = read(text.replace('v1alpha2', 'v1beta1'));
  assert.equal(later.problems.length, 0);
  assert.deepEqual(
    { ...later.policies[0], apiVersion: null, document: null },
    { ...older, apiVersion: null, document: null },
  );
});
