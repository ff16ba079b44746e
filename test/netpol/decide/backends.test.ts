import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  backendsOf,
  podParty,
  podsBehind,
  targetPorts,
} from '../../../src/netpol/decide/backends.js';
import { compile, type ServiceFact, type ServicePort } from '../../../src/netpol/index.js';
import { service as apiService, facts, pod } from '../evaluation/build.js';

const service = (parts: Partial<ServiceFact> = {}): ServiceFact =>
  apiService({ selector: { tier: 'back' }, ...parts });

const labels = { tier: 'back' };
const tcpPort = (name: string | null, port: number) => ({ name, port, protocol: 'TCP' as const });
const pods = [
  pod('shop/apart', { labels, ports: [tcpPort('http', 8080), tcpPort('http', 9090)] }),
  pod('shop/joined', { labels, ports: [8080, 8081, 8082].map(port => tcpPort('http', port)) }),
  pod('shop/mute', { labels }),
  pod('shop/udp', { labels, ports: [{ name: 'http', port: 53, protocol: 'UDP' }] }),
  pod('shop/front', { labels: { tier: 'front' }, ports: [tcpPort('http', 1)] }),
  pod('data/far', { labels, ports: [tcpPort('http', 2)] }),
];
const compiled = compile(facts({ pods }), []);
const [APART, JOINED, MUTE, UDP] = [0, 1, 2, 3];

const named: ServicePort = {
  name: null,
  port: 80,
  protocol: 'TCP',
  targetPort: 'http',
  nodePort: null,
};

test('a target port by name is every port of that name and protocol that the pod declares', () => {
  assert.deepEqual(targetPorts(compiled, APART, named), [8080, 9090]);
  assert.deepEqual(targetPorts(compiled, JOINED, named), [8080, 8081, 8082]);
  assert.deepEqual(targetPorts(compiled, MUTE, named), []);
  assert.deepEqual(targetPorts(compiled, UDP, named), []);
  assert.deepEqual(targetPorts(compiled, UDP, { ...named, protocol: 'UDP' }), [53]);
});

test('a target port by number is that port on every pod, declared or not', () => {
  assert.deepEqual(targetPorts(compiled, MUTE, { ...named, targetPort: 8000 }), [8000]);
  assert.deepEqual(targetPorts(compiled, APART, { ...named, targetPort: 8000 }), [8000]);
});

test('a place that no pod has is a stranger, on which a port name means nothing', () => {
  assert.deepEqual(podParty(compiled, pods.length), { kind: 'stranger' });
  assert.deepEqual(targetPorts(compiled, pods.length, named), []);
});

test('the pods behind a Service are those of its namespace with all its labels', () => {
  assert.deepEqual(podsBehind(compiled, service()), [APART, JOINED, MUTE, UDP]);
  assert.deepEqual(podsBehind(compiled, service({ selector: {} })), []);
  assert.deepEqual(podsBehind(compiled, service({ selector: null })), []);
  assert.deepEqual(podsBehind(compiled, service({ selector: { tier: 'back', app: 'x' } })), []);
});

const at = (pod: number, ...ports: readonly (number | null)[]) =>
  ports.map(port => ({ pod, port }));

test('a connection to a Service ends at the target ports of the pods that have them', () => {
  const both = [...at(APART, 8080, 9090), ...at(JOINED, 8080, 8081, 8082)];
  assert.deepEqual(backendsOf(compiled, service(), 80, 'TCP'), both);
  assert.deepEqual(backendsOf(compiled, service(), null, 'TCP'), both);
  assert.deepEqual(backendsOf(compiled, service(), 81, 'TCP'), []);
  assert.deepEqual(backendsOf(compiled, service(), 80, 'UDP'), []);
});

test('a headless Service, and a protocol that has no ports, lead to the pods on the port asked for', () => {
  const every = (port: number | null) => [APART, JOINED, MUTE, UDP].flatMap(pod => at(pod, port));
  assert.deepEqual(backendsOf(compiled, service({ clusterIps: ['None'] }), 7, 'TCP'), every(7));
  assert.deepEqual(backendsOf(compiled, service(), null, null), every(null));
});
