import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_MODES,
  type Exposure,
  exposureOf,
  type PodFact,
  type Policy,
} from '../../../src/netpol/index.js';
import {
  anyPod,
  block,
  facts,
  labelled,
  namespace,
  networkPolicy,
  pod,
  podsLabelled,
  tcp,
} from '../evaluation/build.js';

const WEB = 'shop/web[Deployment]';
const ALL = 'All Connections';
const EVERYWHERE = '0.0.0.0-255.255.255.255';

function exposed(pods: readonly PodFact[], ...policies: readonly Policy[]): Exposure {
  const there = facts({ namespaces: [namespace('shop')], pods });
  return exposureOf(there, policies, DEFAULT_MODES);
}

test('a workload is exposed to the entire cluster, to those who may do more, and to addresses', () => {
  const { egress, ingress } = exposed(
    [pod('shop/web'), pod('shop/api')],
    networkPolicy({
      pods: labelled({ app: 'web' }),
      ingress: [
        { peers: [anyPod], ports: [tcp(1)] },
        { peers: [podsLabelled({ app: 'probe' })], ports: [tcp(2)] },
        { peers: [podsLabelled({ app: 'idle' })], ports: [tcp(1)] },
        { peers: [block('10.0.0.0/8')], ports: [tcp(3)] },
      ],
    }),
    networkPolicy({ pods: labelled({ app: 'api' }), ingress: [], egress: [] }),
  );
  assert.deepEqual(ingress, [
    { src: 'entire-cluster', dst: WEB, conn: 'TCP 1' },
    { src: 'shop/[pod with {app=probe}]', dst: WEB, conn: 'TCP 1-2' },
    { src: '10.0.0.0-10.255.255.255', dst: WEB, conn: 'TCP 3' },
  ]);
  assert.deepEqual(egress, [
    { src: WEB, dst: 'entire-cluster', conn: ALL },
    { src: WEB, dst: EVERYWHERE, conn: ALL },
  ]);
});

test('a workload that is there is not taken for pods of the future that bear its name', () => {
  const twins = Array.from({ length: 20 }, (_, place) =>
    pod(`shop/weirgate-future-${place}`, { labels: { app: 'friend' } }),
  );
  const { ingress } = exposed(
    [pod('shop/web'), ...twins],
    networkPolicy({
      pods: labelled({ app: 'web' }),
      ingress: [{ peers: [podsLabelled({ app: 'friend' })] }],
    }),
    networkPolicy({
      pods: labelled({ app: 'friend' }),
      ingress: [{ peers: [podsLabelled({ app: 'stranger' })] }],
    }),
  );
  assert.deepEqual(
    ingress.filter(({ dst }) => dst === WEB),
    [{ src: 'shop/[pod with {app=friend}]', dst: WEB, conn: ALL }],
  );
});

test('a workload whose owner names no kind is exposed as others are', () => {
  const { egress, ingress } = exposed([pod('shop/web', { workload: { kind: '', name: 'web' } })]);
  assert.deepEqual(egress, [
    { src: 'shop/web[]', dst: 'entire-cluster', conn: ALL },
    { src: 'shop/web[]', dst: EVERYWHERE, conn: ALL },
  ]);
  assert.deepEqual(ingress, [
    { src: 'entire-cluster', dst: 'shop/web[]', conn: ALL },
    { src: EVERYWHERE, dst: 'shop/web[]', conn: ALL },
  ]);
});
