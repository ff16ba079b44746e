import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  compile,
  formatMapPeer,
  formatPortSet,
  orderConflicts,
} from '../../../src/netpol/index.js';
import { adminPolicy, anyPod, facts, labelled, networkPolicy, pod, tcp } from './build.js';

const pods = [pod('shop/web'), pod('shop/api')];
const allow = adminPolicy({
  name: 'allow',
  pods: labelled({ app: 'api' }),
  ingress: [{ action: Action.ALLOW, peers: [anyPod], ports: [tcp(80, 90)] }],
});
const deny = adminPolicy({
  name: 'deny',
  pods: labelled({ app: 'api' }),
  ingress: [{ action: Action.DENY, peers: [anyPod], ports: [tcp(85)] }],
});

test('policies of equal priority are told with what their order changes', () => {
  const conflicts = orderConflicts(
    compile(facts({ pods }), [networkPolicy({ ingress: [] }), allow, deny]),
  );
  assert.deepEqual(
    conflicts.map(({ policies, pairs }) => [
      policies.map(({ name }) => name),
      pairs.map(({ source, destination, before, after }) => [
        `${formatMapPeer(source)} => ${formatMapPeer(destination)}`,
        formatPortSet(before),
        formatPortSet(after),
      ]),
    ]),
    [
      [
        ['allow', 'deny'],
        [['shop/web[Deployment] => shop/api[Deployment]', 'TCP 80-90', 'TCP 80-84,86-90']],
      ],
    ],
  );
});

test('equal priorities that change nothing, and different ones, are no conflict', () => {
  const elsewhere = { ...deny, subject: { ...deny.subject, pods: labelled({ app: 'web' }) } };
  assert.deepEqual(orderConflicts(compile(facts({ pods }), [allow, elsewhere])), []);
  assert.deepEqual(
    orderConflicts(compile(facts({ pods }), [allow, { ...deny, priority: 11 }])),
    [],
  );
});
