import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type KubernetesObject,
  parsePolicies,
  policiesOf,
  readObjects,
} from '../../../src/netpol/index.js';

const everybody = 'subject: {namespaces: {}}';

const admin = (spec: string) =>
  `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}, spec: {priority: 1, ${spec}}}`;
const cluster = (spec: string) =>
  `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: c}, spec: {tier: Admin, priority: 1, ${spec}}}`;

/** A policy that denies to an address block, over ports of which one is wrong. */
const adminPorts = (port: string) =>
  admin(`${everybody}, egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], ports: [${port}]}]`);
const clusterPorts = (port: string) =>
  cluster(
    `${everybody}, egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], protocols: [${port}]}]`,
  );
const domainNames = (action: string, names: string) =>
  admin(`${everybody}, egress: [{action: ${action}, to: [{domainNames: [${names}]}]}]`);

const PORTS = 'spec.egress[0].ports[0]';
const PROTOCOLS = 'spec.egress[0].protocols[0]';

const read = (text: string) => {
  const { policies, problems } = parsePolicies([{ file: null, text }]);
  return { count: policies.length, faults: problems.map(({ code, path }) => `${code} ${path}`) };
};

/** A policy, and all that is said of it. */
const table: readonly (readonly [string, string, ...string[]])[] = [
  [
    'namespaces that are no object',
    admin(`${everybody}, ingress: [{action: Allow, from: [{namespaces: 5}]}]`),
    'WRONG_TYPE spec.ingress[0].from[0].namespaces',
  ],
  [
    'pods of a subject that are no object',
    cluster('subject: {pods: web}'),
    'WRONG_TYPE spec.subject.pods',
    'SELECTOR_MISSING spec.subject.pods.podSelector',
  ],
  [
    'a range whose end is no number',
    adminPorts('{portRange: {start: 80, end: web}}'),
    `WRONG_TYPE ${PORTS}.portRange.end`,
  ],
  [
    'a range whose end is missing',
    clusterPorts('{tcp: {destinationPort: {range: {start: 80}}}}'),
    `PORT_MISSING ${PROTOCOLS}.tcp.destinationPort.range.end`,
  ],
  [
    'a port of which nothing is written',
    clusterPorts('{tcp: {destinationPort: {}}}'),
    `FIELD_NOT_ONE ${PROTOCOLS}.tcp.destinationPort`,
  ],
  ['a protocol of the name null', clusterPorts('{"null": 80}'), `FIELD_NOT_ONE ${PROTOCOLS}`],
  [
    'the name of a port that is a number, besides which its peers do not matter',
    adminPorts('{namedPort: 80}'),
    `WRONG_TYPE ${PORTS}.namedPort`,
  ],
  [
    'an unknown action, which may be one that takes domain names',
    domainNames('Permit', 'example.com'),
    'ACTION_UNKNOWN spec.egress[0].action',
  ],
];

for (const [what, text, ...faults] of table) {
  test(`the whole policy is refused, and no more is said, for ${what}`, () => {
    assert.deepEqual(read(text), { count: 0, faults });
  });
}

test('the last label of a domain name may be of any length', () => {
  const names = 'a.b, a.io, a.org, a.info, "*.shop.example", a.xn--p1ai, a.example.';
  assert.deepEqual(read(domainNames('Allow', names)), { count: 1, faults: [] });
});

/** The same object with the first peer of its first rule replaced. */
function withPeer(object: KubernetesObject, peer: object): KubernetesObject {
  const spec = { priority: 1, subject: { namespaces: {} } };
  const ingress = [{ action: 'Deny', from: [peer] }];
  return { ...object, value: { ...object.value, spec: { ...spec, ingress } } };
}

test('a field that a program left undefined is not set', () => {
  const text = admin(everybody);
  const objects = readObjects([{ file: null, text }]).objects.map(object =>
    withPeer(object, { namespaces: {}, pods: undefined }),
  );
  const { policies, problems } = policiesOf(objects);
  assert.deepEqual(problems, []);
  assert.equal(policies[0]?.ingress?.[0]?.peers?.[0]?.kind, 'pods');
});
