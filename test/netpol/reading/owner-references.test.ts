import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/netpol/index.js';

const controlledBy = (reference: object) => [{ ...reference, controller: true }];

test('a reference to an owner without a version is one to the core group', () => {
  const config = { apiVersion: 'apps.openshift.io/v1', kind: 'DeploymentConfig', name: 'web' };
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'web-1', ownerReferences: controlledBy(config) },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-1-x',
        ownerReferences: controlledBy({ kind: 'ReplicationController', name: 'web-1' }),
      },
    },
  ];
  const { facts } = readManifests([{ file: null, text: JSON.stringify(objects) }]);
  assert.deepEqual(
    facts.pods.map(({ key, workload }) => [key, workload]),
    [['default/web-1-x', { kind: 'DeploymentConfig', name: 'web' }]],
  );
});
