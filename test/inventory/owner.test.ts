import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Owned, ownerOfPodName, ownersIn } from '../../src/inventory/owner.js';

const told: readonly (readonly [name: string, hash: string | null, owner: string])[] = [
  ['productpage-v1-6b746f74dc-9rcxx', null, 'Deployment/productpage-v1'],
  ['web-5c7d9-x2x8p', null, 'Deployment/web'],
  ['web-canary-x2x8p', 'canary', 'Deployment/web'],
  ['kube-proxy-x2x8p', null, 'DaemonSet/kube-proxy'],
  ['node-grpcs-x2x8p', null, 'DaemonSet/node-grpcs'],
  ['backup-29300460-x2x8p', null, 'CronJob/backup'],
  ['db-0', null, 'StatefulSet/db'],
  ['db-12', null, 'StatefulSet/db'],
  ['db-007', null, 'Pod/db-007'],
  ['etcd-kind-control-plane', null, 'Pod/etcd-kind-control-plane'],
  ['shell', null, 'Pod/shell'],
  ['web-abc', 'abc', 'Pod/web-abc'],
];

for (const [name, hash, owner] of told) {
  test(`the name \`${name}\` tells ${owner}`, () => {
    const { kind, name: found } = ownerOfPodName(name, hash);
    assert.equal(`${kind}/${found}`, owner);
  });
}

const object = (kind: string, name: string, owner?: string, labels = {}): Owned => {
  const [ownerKind, ownerName] = owner?.split('/') ?? [];
  return {
    kind,
    namespace: 'shop',
    name,
    labels,
    ownerReferences:
      ownerKind && ownerName ? [{ kind: ownerKind, name: ownerName, controller: true }] : [],
  };
};

test('owners are found over two hops, and custom owners keep their kind', () => {
  const ownerOf = ownersIn([
    object('ReplicaSet', 'web-1', 'Deployment/web'),
    object('ReplicaSet', 'api-1', 'Rollout/api'),
    object('ReplicaSet', 'alone-6b746f74dc'),
    object('Job', 'nightly-1', 'CronJob/nightly'),
    object('Job', 'once'),
    object('ReplicationController', 'old-3', 'DeploymentConfig/old'),
  ]);
  const found = (owner: string) => ownerOf(object('Pod', 'p', owner));
  assert.deepEqual(found('ReplicaSet/web-1'), { kind: 'Deployment', name: 'web', inferred: false });
  assert.deepEqual(found('ReplicaSet/api-1'), { kind: 'Rollout', name: 'api', inferred: false });
  assert.equal(found('ReplicaSet/alone-6b746f74dc').kind, 'ReplicaSet');
  assert.equal(found('Job/nightly-1').kind, 'CronJob');
  assert.equal(found('Job/once').kind, 'Job');
  assert.equal(found('ReplicationController/old-3').kind, 'DeploymentConfig');
  assert.equal(found('StrimziPodSet/kafka').kind, 'StrimziPodSet');
  assert.deepEqual(found('Node/worker-1'), { kind: 'Pod', name: 'p', inferred: false });
});

test('an owner whose object is absent is inferred from its name, and marked so', () => {
  const ownerOf = ownersIn([]);
  const found = (owner: string, labels = {}) => ownerOf(object('Pod', 'p', owner, labels));
  assert.deepEqual(found('ReplicaSet/web-6b746f74dc'), {
    kind: 'Deployment',
    name: 'web',
    inferred: true,
  });
  assert.deepEqual(found('ReplicaSet/web-x', { 'pod-template-hash': 'x' }), {
    kind: 'Deployment',
    name: 'web',
    inferred: true,
  });
  assert.equal(found('ReplicaSet/web-x', { 'rollouts-pod-template-hash': 'x' }).kind, 'Rollout');
  assert.equal(found('ReplicaSet/web').kind, 'ReplicaSet');
  assert.equal(found('Job/nightly-29300460').kind, 'CronJob');
  assert.equal(found('DaemonSet/agent').inferred, false);
});

test('a pod without owner references is its own, unless a Deployment marked it', () => {
  const ownerOf = ownersIn([]);
  assert.equal(ownerOf(object('Pod', 'kafka-0')).kind, 'Pod');
  const marked = object('Pod', 'web-abc-x2x8p', undefined, { 'pod-template-hash': 'abc' });
  assert.deepEqual(ownerOf(marked), { kind: 'Deployment', name: 'web', inferred: true });
});
