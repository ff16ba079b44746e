import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicies } from '../../../src/netpol/index.js';

type Json = { readonly [key: string]: unknown };

const everybody = { namespaces: {} };

const admin = (spec: Json): Json => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: 'a' },
  spec: { priority: 1, subject: everybody, ...spec },
});
const baseline = (spec: Json): Json => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'BaselineAdminNetworkPolicy',
  metadata: { name: 'default' },
  spec: { subject: everybody, ...spec },
});
const cluster = (spec: Json): Json => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name: 'c' },
  spec: { tier: 'Admin', priority: 1, subject: everybody, ...spec },
});

const times = (count: number, item: Json): readonly Json[] =>
  Array.from({ length: count }, () => item);

const from = [everybody];
const peers = (count: number) => times(count, everybody);
const ports = (count: number) => times(count, { portNumber: { port: 80 } });
const protocols = (count: number) => times(count, { tcp: { destinationPort: { number: 80 } } });

/** A policy whose list at the path has so many items, and the most that the API server takes there. */
const table: readonly (readonly [string, number, string, (count: number) => Json])[] = [
  [
    'AdminNetworkPolicy',
    100,
    'spec.ingress',
    count => admin({ ingress: times(count, { action: 'Deny', from }) }),
  ],
  [
    'AdminNetworkPolicy',
    100,
    'spec.egress',
    count => admin({ egress: times(count, { action: 'Deny', to: from }) }),
  ],
  [
    'AdminNetworkPolicy',
    100,
    'spec.ingress[0].from',
    count => admin({ ingress: [{ action: 'Deny', from: peers(count) }] }),
  ],
  [
    'AdminNetworkPolicy',
    100,
    'spec.egress[0].to',
    count => admin({ egress: [{ action: 'Deny', to: peers(count) }] }),
  ],
  [
    'AdminNetworkPolicy',
    100,
    'spec.ingress[0].ports',
    count => admin({ ingress: [{ action: 'Deny', from, ports: ports(count) }] }),
  ],
  [
    'BaselineAdminNetworkPolicy',
    100,
    'spec.egress[0].ports',
    count => baseline({ egress: [{ action: 'Deny', to: from, ports: ports(count) }] }),
  ],
  [
    'ClusterNetworkPolicy',
    25,
    'spec.egress',
    count => cluster({ egress: times(count, { action: 'Deny', to: from }) }),
  ],
  [
    'ClusterNetworkPolicy',
    25,
    'spec.ingress[0].from',
    count => cluster({ ingress: [{ action: 'Deny', from: peers(count) }] }),
  ],
  [
    'ClusterNetworkPolicy',
    25,
    'spec.ingress[0].protocols',
    count => cluster({ ingress: [{ action: 'Deny', from, protocols: protocols(count) }] }),
  ],
];

const read = (policy: Json) => {
  const { policies, problems } = parsePolicies([{ file: null, text: JSON.stringify(policy) }]);
  return {
    read: policies.length,
    problems: problems.map(({ code, severity, path, message }) => [code, severity, path, message]),
  };
};

for (const [kind, longest, path, policy] of table) {
  test(`${path} of kind ${kind} may have ${longest} items, and one more is used with a warning`, () => {
    assert.deepEqual(read(policy(longest)), { read: 1, problems: [] });
    const message = `the API server takes ${longest} items here at most, not ${longest + 1}`;
    assert.deepEqual(read(policy(longest + 1)), {
      read: 1,
      problems: [['LIST_TOO_LONG', 'WARNING', path, message]],
    });
  });
}

test('a list that is too long and wrong says both, and the policy is refused', () => {
  const wrong = admin({ ingress: [{ action: 'Deny', from, ports: times(101, {}) }] });
  const { read: count, problems } = read(wrong);
  assert.equal(count, 0);
  assert.deepEqual(
    [problems.length, problems[0]?.[0], problems[1]?.[0], problems[101]?.[2]],
    [102, 'LIST_TOO_LONG', 'FIELD_NOT_ONE', 'spec.ingress[0].ports[100]'],
  );
});
