import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Policy, parsePolicies } from '../../../src/netpol/index.js';

/** Reads one NetworkPolicy whose spec is given as YAML flow text. */
function policyOf(spec: string): Policy {
  const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: ${spec}\n`;
  const { policies, problems } = parsePolicies([{ file: null, text }]);
  assert.deepEqual(problems, []);
  assert.equal(policies.length, 1);
  return policies[0] as Policy;
}

const directions = (spec: string) => {
  const { ingress, egress } = policyOf(spec);
  return { ingress: ingress?.length ?? null, egress: egress?.length ?? null };
};

test('row 1: without policyTypes ingress is always isolated, egress only by at least one egress rule', () => {
  assert.deepEqual(directions('{podSelector: {}}'), { ingress: 0, egress: null });
  assert.deepEqual(directions('{podSelector: {}, policyTypes: []}'), { ingress: 0, egress: null });
  assert.deepEqual(directions('{podSelector: {}, policyTypes: null}'), {
    ingress: 0,
    egress: null,
  });
  assert.deepEqual(directions('{podSelector: {}, egress: []}'), { ingress: 0, egress: null });
  assert.deepEqual(directions('{podSelector: {}, egress: [{}]}'), { ingress: 0, egress: 1 });
});

test('row 1: sections that policyTypes does not list are ignored', () => {
  const both = 'ingress: [{}], egress: [{}, {}]';
  assert.deepEqual(directions(`{policyTypes: [Egress], ${both}}`), { ingress: null, egress: 2 });
  assert.deepEqual(directions(`{policyTypes: [Ingress], ${both}}`), { ingress: 1, egress: null });
  assert.deepEqual(directions('{policyTypes: [Ingress, Egress]}'), { ingress: 0, egress: 0 });
});

test('row 2: a podSelector that is missing, null or empty selects all pods of the policy’s own namespace', () => {
  for (const spec of ['{}', '{podSelector: null}', '{podSelector: {}}']) {
    const { subject, namespace } = policyOf(spec);
    assert.deepEqual(subject, { namespaces: null, pods: { requirements: [] } });
    assert.equal(namespace, 'shop');
  }
});

test('row 4: missing and empty lists of peers and ports mean all', () => {
  for (const rule of ['{}', '{from: [], ports: []}', '{from: null, ports: null}']) {
    const [read] = policyOf(`{ingress: [${rule}]}`).ingress ?? [];
    assert.equal(read?.peers, null);
    assert.equal(read?.ports, null);
  }
});

test('rows 5 and 6: two selectors in one item are one peer, in two items two, and null is absent', () => {
  const peers = (from: string) => policyOf(`{ingress: [{from: ${from}}]}`).ingress?.[0]?.peers;
  const all = { requirements: [] };
  const app = { requirements: [{ key: 'app', operator: 'In', values: ['web'] }] };
  const web = '{matchLabels: {app: web}}';
  assert.deepEqual(peers(`[{podSelector: ${web}}]`), [
    { kind: 'pods', namespaces: null, pods: app },
  ]);
  assert.deepEqual(peers(`[{namespaceSelector: {}, podSelector: ${web}}]`), [
    { kind: 'pods', namespaces: all, pods: app },
  ]);
  assert.deepEqual(peers(`[{namespaceSelector: {}}, {podSelector: ${web}}]`), [
    { kind: 'pods', namespaces: all, pods: all },
    { kind: 'pods', namespaces: null, pods: app },
  ]);
  assert.deepEqual(peers('[{namespaceSelector: {}, podSelector: null}]'), [
    { kind: 'pods', namespaces: all, pods: all },
  ]);
});

test('row 8: labels and expressions become one list of requirements in one order', () => {
  const { subject } = policyOf(
    '{podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [b, a, b]}, {key: x, operator: Exists}], matchLabels: {app: ""}}}',
  );
  assert.deepEqual(subject.pods.requirements, [
    { key: 'app', operator: 'In', values: [''] },
    { key: 'tier', operator: 'NotIn', values: ['a', 'b'] },
    { key: 'x', operator: 'Exists', values: [] },
  ]);
});

test('row 10: an ipBlock keeps host bits, excepts and either family', () => {
  const [read] =
    policyOf(
      '{egress: [{to: [{ipBlock: {cidr: 10.1.2.3/8, except: [10.0.0.0/9]}}, {ipBlock: {cidr: "::/0"}}]}]}',
    ).egress ?? [];
  assert.deepEqual(read?.peers, [
    { kind: 'ip-block', cidr: '10.1.2.3/8', except: ['10.0.0.0/9'] },
    { kind: 'ip-block', cidr: '::/0', except: [] },
  ]);
});

test('row 12: the protocol defaults to TCP, a missing port is all ports of the protocol, endPort is inclusive', () => {
  const [read] =
    policyOf(
      '{ingress: [{ports: [{}, {port: 80}, {port: 8000, endPort: 8000}, {port: 1, endPort: 65535, protocol: SCTP}, {port: dns, protocol: UDP}]}]}',
    ).ingress ?? [];
  assert.deepEqual(read?.ports, [
    { kind: 'range', protocol: 'TCP', from: 1, to: 65535 },
    { kind: 'range', protocol: 'TCP', from: 80, to: 80 },
    { kind: 'range', protocol: 'TCP', from: 8000, to: 8000 },
    { kind: 'range', protocol: 'SCTP', from: 1, to: 65535 },
    { kind: 'named', protocol: 'UDP', name: 'dns' },
  ]);
});
