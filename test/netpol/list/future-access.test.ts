import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MODES, futurePodsOf, type Policy } from '../../../src/netpol/index.js';
import {
  anyPod,
  facts,
  labelled,
  namespace,
  networkPolicy,
  pod,
  podsLabelled,
  tcp,
} from '../evaluation/build.js';

const app = (name: string, namespaces?: Record<string, string>) => ({
  ...podsLabelled({ app: name }),
  ...(namespaces && { namespaces: labelled(namespaces) }),
});

const API = networkPolicy({
  name: 'api',
  pods: labelled({ app: 'api' }),
  ingress: [
    { peers: [app('web')], ports: [tcp(8080)] },
    { peers: [app('prometheus', { team: 'watch' })], ports: [tcp(9090)] },
    { peers: [app('probe', { 'kubernetes.io/metadata.name': 'later' })], ports: [tcp(1)] },
  ],
});
const WEB = networkPolicy({
  name: 'web',
  pods: labelled({ app: 'web' }),
  ingress: [{ peers: [anyPod], ports: [tcp(80)] }],
  egress: [{ peers: [app('api')], ports: [tcp(8080)] }],
});

const told = (set: readonly Policy[], staying: readonly Policy[] = []) =>
  futurePodsOf(
    facts({ namespaces: [namespace('shop')], pods: [pod('shop/web'), pod('shop/api')] }),
    { set, staying },
    DEFAULT_MODES,
  );

const API_8080 = { deployment: 'shop/api[Deployment]', ports: 'TCP 8080' };
const EMPTY = { selectedBy: [], admittedBy: [], today: [] };
const reaching = (...reach: readonly { deployment: string; ports: string }[]) => ({
  reach,
  reachCount: reach.length,
  reachedFrom: [],
  reachedFromCount: 0,
});

test('each selector tells which pods to come it means, who could make them, what selects them and what they reach', () => {
  assert.deepEqual(told([API, WEB]), [
    {
      ...EMPTY,
      pods: 'entire-cluster',
      claim: 'ANYWHERE',
      admittedBy: ['shop/web'],
      ...reaching({ deployment: 'shop/web[Deployment]', ports: 'TCP 80' }),
    },
    {
      ...EMPTY,
      pods: '[namespace with {team=watch}]/[pod with {app=prometheus}]',
      claim: 'NAMESPACE_LABELS',
      admittedBy: ['shop/api'],
      ...reaching({ deployment: 'shop/api[Deployment]', ports: 'TCP 9090' }),
    },
    {
      ...EMPTY,
      pods: 'later/[pod with {app=probe}]',
      claim: 'NEW_NAMESPACE',
      admittedBy: ['shop/api'],
      ...reaching({ deployment: 'shop/api[Deployment]', ports: 'TCP 1' }),
    },
    {
      pods: 'shop/[pod with {app=api}]',
      claim: 'PODS',
      selectedBy: ['shop/api'],
      admittedBy: ['shop/web'],
      today: ['shop/api[Deployment]'],
      ...reaching(),
      reachedFrom: [{ deployment: 'shop/web[Deployment]', ports: 'TCP 8080' }],
      reachedFromCount: 1,
    },
    {
      pods: 'shop/[pod with {app=web}]',
      claim: 'PODS',
      selectedBy: ['shop/web'],
      admittedBy: ['shop/api'],
      today: ['shop/web[Deployment]'],
      ...reaching(API_8080),
    },
  ]);
});

test('policies that stay beside the set count: what they close to pods to come is not told as open', () => {
  const deny = networkPolicy({ name: 'deny', pods: labelled({ app: 'web' }), egress: [] });
  const open = told([API], [deny]).find(({ pods }) => pods.endsWith('{app=web}]'));
  assert.deepEqual(open?.reach, [], 'its own egress is closed');
  assert.deepEqual(open?.selectedBy, [], 'by no policy of the set');
});
