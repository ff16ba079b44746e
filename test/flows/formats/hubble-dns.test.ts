import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, only, pod, reserved, wrapped } from './hubble-records.js';

const answer = (query: string, ips: readonly string[], client: Json, at = '10:00:00'): Json =>
  wrapped({
    time: `2024-05-01T${at}Z`,
    is_reply: true,
    source: pod('dns-1', 'dns'),
    destination: client,
    IP: { source: '10.0.0.53', destination: '10.0.0.1' },
    l4: { UDP: { source_port: 53, destination_port: 40_000 } },
    l7: { type: 'RESPONSE', dns: { query, ips, ttl: 30, rcode: ips.length === 0 ? 3 : 0 } },
  });

const outside = (client: Json, at = '10:01:00'): Json =>
  wrapped({
    time: `2024-05-01T${at}Z`,
    source: client,
    destination: reserved('world'),
    IP: { source: '10.0.0.1', destination: '20.0.0.1' },
  });

const web = pod('web-1', 'web');

test('an answer names the address for later flows of the client that asked', () => {
  assert.deepEqual(
    only(answer('API.Example.com.', ['20.0.0.1'], web), outside(web)).destination.dnsNames,
    ['api.example.com'],
  );
});

test('a client is the same whatever a record shows of it, and an address however it is written', () => {
  const masked = { namespace: 'shop', pod_name: 'web-1' };
  for (const [asked, seen] of [
    [masked, web],
    [web, masked],
    [{ ...web, labels: ['k8s:app=web', 'k8s:version=2'] }, web],
  ] as const) {
    const told = answer('api.example.com.', ['20.0.0.1'], asked);
    assert.deepEqual(only(told, outside(seen)).destination.dnsNames, ['api.example.com']);
  }
  const upper = answer('api.example.com.', ['2001:DB8:0:0::1'], web);
  const reached = { IP: { source: '10.0.0.1', destination: '2001:db8::1' } };
  const flow = wrapped({
    ...{ time: '2024-05-01T10:01:00Z', source: web, destination: reserved('world') },
    ...reached,
  });
  assert.deepEqual(only(upper, flow).destination.dnsNames, ['api.example.com']);
});

test('an answer names nothing for another client, an earlier flow, or long after', () => {
  const told = answer('api.example.com.', ['20.0.0.1'], web);
  assert.deepEqual(only(told, outside(pod('job-1', 'job'))).destination.dnsNames, []);
  assert.deepEqual(only(told, outside(web, '09:59:59')).destination.dnsNames, []);
  assert.deepEqual(only(told, outside(web, '12:00:00')).destination.dnsNames, []);
});

test('a name of the search list that has no answer names nothing', () => {
  const missed = answer('api.example.com.shop.svc.cluster.local.', [], web);
  assert.deepEqual(only(missed, outside(web)).destination.dnsNames, []);
});

test('an aggregated record needs no address, no pod and no time, and brings its counts', () => {
  const aggregated = {
    flow: {
      verdict: 'FORWARDED',
      is_reply: false,
      source: { namespace: 'shop', workloads: [{ name: 'web', kind: 'Deployment' }] },
      destination: { namespace: 'shop', workloads: [{ name: 'api', kind: 'Deployment' }] },
      l4: { TCP: { destination_port: 8080 } },
      aggregate: { ingress_flow_count: '12', egress_flow_count: 30 },
    },
  };
  const { events, connections, port, firstSeen, source } = only(aggregated);
  assert.deepEqual({ events, connections, port }, { events: 42, connections: null, port: 8080 });
  assert.equal(firstSeen, Date.UTC(2024, 0, 1) * 1000, 'the time when it was received');
  assert.equal(source.workload?.name, 'web');
});
