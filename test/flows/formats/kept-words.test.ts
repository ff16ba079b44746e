import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeOf, nameOf, readAs, SEEN_S } from './read-as.js';

const SEEN = '2026-11-22T10:00:00Z';

test("GKE: policies are kept as named, and Google's VPC flow logs are none of its records", async () => {
  const payload = {
    connection: {
      src_ip: '10.1.0.10',
      src_port: 40_000,
      dest_ip: '10.1.0.20',
      dest_port: 8080,
      protocol: 'tcp',
      direction: 'ingress',
    },
    disposition: 'allow',
    policies: [{ kind: 'NetworkPolicy', name: 'allow-web', namespace: 'shop' }],
  };
  const { observations } = await readAs(
    'auto',
    JSON.stringify({ timestamp: SEEN, jsonPayload: payload }),
  );
  assert.deepEqual(observations[0]?.policies, [
    {
      action: 'ALLOW',
      direction: 'INGRESS',
      kind: 'NetworkPolicy',
      namespace: 'shop',
      name: 'allow-web',
    },
  ]);
  const { disposition: _, ...vpc } = payload;
  const { rejected, observations: none } = await readAs(
    'gke',
    JSON.stringify({ timestamp: SEEN, jsonPayload: vpc }),
  );
  assert.deepEqual([none.length, rejected[0]?.code], [0, 'WRONG_FORMAT']);
  assert.match(rejected[0]?.message ?? '', /Google's VPC flow logs/);
});

test('Calico: where a tier ends without a rule, the policy that isolates is the one that denied', async () => {
  const { observations } = await readAs(
    'calico',
    JSON.stringify({
      Key: {
        source_name: 'web-0',
        source_namespace: 'shop',
        source_type: 1,
        dest_name: 'api-0',
        dest_namespace: 'shop',
        dest_type: 1,
        dest_port: 8080,
        proto: 'tcp',
        reporter: 2,
        action: 2,
        policies: {
          enforced_policies: [
            { kind: 10, action: 2, trigger: { namespace: 'shop', name: 'only-web' } },
          ],
        },
      },
      start_time: SEEN_S,
      end_time: SEEN_S + 15,
    }),
  );
  assert.deepEqual(
    observations[0]?.policies?.map(({ action, name }) => `${action} ${name}`),
    ['DENY only-web'],
  );
});

test('Inspektor Gadget: labels are those of the pod at each end', async () => {
  const { observations } = await readAs(
    'auto',
    JSON.stringify({
      timestamp: SEEN,
      type: 'connect',
      k8s: { namespace: 'shop', podName: 'web-0', podLabels: 'app=web,tier=front' },
      src: { addr: '10.1.0.10', port: 40_000 },
      dst: {
        addr: '10.1.0.20',
        port: 8080,
        k8s: { kind: 'pod', namespace: 'shop', name: 'api-0', labels: { app: 'api' } },
      },
    }),
  );
  assert.deepEqual(observations.map(edgeOf), [
    'shop/web-0 -> shop/api-0 TCP 8080 UNKNOWN reported',
  ]);
  const [one] = observations;
  assert.deepEqual(one?.source.labels, { app: 'web', tier: 'front' });
  assert.deepEqual(
    [one.destination.labels, nameOf(one.destination)],
    [{ app: 'api' }, 'shop/api-0'],
  );
});
