import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_MODES,
  EVERYTHING,
  exposureOf,
  type Facts,
  type Peer,
  type Policy,
  type Selector,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  facts,
  labelled,
  named,
  namespace,
  networkPolicy,
  pod,
  tcp,
  udp,
} from '../evaluation/build.js';

const METADATA_NAME = 'kubernetes.io/metadata.name';
const WEB = pod('shop/web');
const THERE = { namespaces: [namespace('shop', { team: 't' })], pods: [WEB] };

const inWorld = (there: Partial<Facts>, ...policies: readonly Policy[]) => {
  const { ingress, egress } = exposureOf(facts(there), policies, DEFAULT_MODES);
  const isCluster = (peer: string): boolean => !/^[\d:]/.test(peer);
  const web = 'shop/web[Deployment]';
  return {
    into: ingress
      .filter(({ src, dst }) => dst === web && isCluster(src))
      .map(({ src, conn }) => `${src} : ${conn}`),
    outOf: egress
      .filter(({ src, dst }) => src === web && isCluster(dst))
      .map(({ dst, conn }) => `${dst} : ${conn}`),
  };
};
const rows = (...policies: readonly Policy[]) => inWorld(THERE, ...policies);

const from = (namespaces: Selector, pods: Selector = EVERYTHING): Peer => ({
  kind: 'pods',
  namespaces,
  pods,
});
const only = (key: string, operator: 'In' | 'NotIn', ...values: string[]): Selector => ({
  requirements: [{ key, operator, values }],
});
const admits = (...peers: readonly Peer[]): Policy =>
  networkPolicy({ ingress: [{ peers, ports: [tcp(80)] }] });

const BLUE = labelled({ team: 'blue' });
const BLUE_ROW = '[namespace with {team=blue}]/[all pods] : TCP 80';

test('a namespace that some rule names hides no other namespace of the future', () => {
  const dns = networkPolicy({
    name: 'dns',
    egress: [{ peers: [from(named('kube-system'))], ports: [udp(53)] }],
  });
  const { into, outOf } = rows(admits(from(BLUE)), dns);
  assert.deepEqual([into, outOf], [[BLUE_ROW], ['kube-system/[all pods] : UDP 53']]);
  const elsewhere = { ...dns, namespace: 'unrelated' };
  assert.deepEqual(rows(admits(from(BLUE)), elsewhere).into, [BLUE_ROW]);
  const but = from(only(METADATA_NAME, 'NotIn', 'kube-system'));
  assert.deepEqual(rows(admits(from(BLUE)), admits(but)).into, [
    BLUE_ROW,
    `[namespace with {${METADATA_NAME} notin (kube-system)}]/[all pods] : TCP 80`,
  ]);
});

test('rules that leave some namespaces out are not open to all, whatever other policies name', () => {
  const policies = [
    admits(from(only('team', 'NotIn', 'red'))),
    admits(from(EVERYTHING, only('tier', 'NotIn', 'x'))),
    networkPolicy({ namespace: 'unrelated', ingress: [{ peers: [from(named('other'))] }] }),
  ];
  assert.deepEqual(rows(...policies).into, [
    '[namespace with {team notin (red)}]/[all pods] : TCP 80',
    '[all namespaces]/[pod with {tier notin (x)}] : TCP 80',
  ]);
});

test('one name with other labels is another namespace, until one of them is there', () => {
  const both = (team: string): Selector => labelled({ [METADATA_NAME]: 'data', team });
  const policies = [admits(from(both('a')), from(both('b')))];
  const row = (team: string) =>
    `[namespace with {${METADATA_NAME}=data,team=${team}}]/[all pods] : TCP 80`;
  assert.deepEqual(rows(...policies).into, [row('a'), row('b')]);
  const there = { ...THERE, namespaces: [...THERE.namespaces, namespace('data', { team: 'b' })] };
  assert.deepEqual(inWorld(there, ...policies).into, [row('b')]);
  const implied = { ...THERE, pods: [WEB, pod('data/db')] };
  assert.deepEqual(inWorld(implied, ...policies).into, []);
});

test('a namespace cannot lack its name', () => {
  const nameless: Selector = {
    requirements: [{ key: METADATA_NAME, operator: 'DoesNotExist', values: [] }],
  };
  assert.deepEqual(rows(admits(from(nameless), from(BLUE))).into, [BLUE_ROW]);
  const peers = [from(nameless), from(labelled({ team: 'red' }))];
  assert.deepEqual(rows(adminPolicy({ ingress: [{ action: 'DENY', peers }] })).into, [
    'entire-cluster : All Connections',
    '[namespace with {team=red}]/[all pods] : No Connections',
  ]);
});

test('the policies of a namespace select its pods of the future too, when it is not there yet', () => {
  const data = labelled({ [METADATA_NAME]: 'data', team: 'a' });
  const shut = networkPolicy({ namespace: 'data', egress: [] });
  assert.equal(rows(admits(from(data))).into.length, 1);
  assert.deepEqual(rows(admits(from(data)), shut).into, []);
});

test('pods of a namespace that is not there are those of its name, and of no other', () => {
  const evil = adminPolicy({ ingress: [{ action: 'DENY', peers: [from(named('evil'))] }] });
  const inside = networkPolicy({
    namespace: 'data',
    ingress: [{ peers: [{ kind: 'pods', namespaces: null, pods: labelled({ app: 'x' }) }] }],
  });
  assert.deepEqual(rows(evil, inside, admits(from(named('data')))).into, [
    'data/[pod with {app=x}] : TCP 80',
    'data/[all pods] : TCP 80',
  ]);
});

test('a name that is denied is an exception in namespaces of the future too, there or not', () => {
  const deny = (...names: string[]) =>
    adminPolicy({
      ingress: [{ action: 'DENY', peers: [from(only(METADATA_NAME, 'In', ...names))] }],
    });
  assert.deepEqual(rows(deny('evil', 'shop'), admits(from(BLUE))).into, [
    BLUE_ROW,
    `[namespace with {${METADATA_NAME} in (evil,shop)}]/[all pods] : No Connections`,
  ]);
  assert.deepEqual(rows(deny('shop'), admits(from(BLUE))).into, [BLUE_ROW]);
  assert.deepEqual(rows(deny('evil'), admits(from(named('data')))).into, [
    'data/[all pods] : TCP 80',
  ]);
  assert.deepEqual(rows(deny('evil'), admits(anyPod)).into, [
    'entire-cluster : TCP 80',
    'evil/[all pods] : No Connections',
  ]);
});
