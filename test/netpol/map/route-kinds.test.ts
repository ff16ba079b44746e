import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod } from '../evaluation/build.js';
import { drawn, route, service } from './routes.js';

const web = pod('shop/web');
const WEB = ['shop/web[Deployment] TCP 8080'];

test('an OpenShift Route names the port on the pods by its number, or a port of the Service by its name', () => {
  const named = { ...web, ports: [{ name: 'http', port: 8080, protocol: 'TCP' as const }] };
  const led = (targetPort: number | string, wanted: number | string | null, name = 'web') => {
    const ports = [{ name, port: 5000, protocol: 'TCP' as const, targetPort, nodePort: null }];
    const routes = [{ ...route('web', 'shop', wanted), kind: 'Route' }];
    return drawn({ pods: [named], services: [service('web', { ports })], routes });
  };
  for (const targetPort of [8080, 'http']) {
    assert.deepEqual(led(targetPort, 8080), WEB);
    assert.deepEqual(led(targetPort, 'web'), WEB);
    assert.deepEqual(led(targetPort, null), WEB);
    assert.deepEqual(led(targetPort, 5000), []);
    assert.deepEqual(led(targetPort, 'http'), []);
  }
  assert.deepEqual(led('gone', 8080), []);
});

test('a UDPRoute leads to ports of UDP, every other route to ports of TCP', () => {
  const ports = (['TCP', 'UDP'] as const).map(protocol => ({
    name: protocol.toLowerCase(),
    port: 53,
    protocol,
    targetPort: 5353,
    nodePort: null,
  }));
  const led = (kind: string, port: number | string | null) =>
    drawn({
      pods: [web],
      services: [service('web', { ports })],
      routes: [{ ...route('web', 'shop', port), kind }],
    });
  for (const port of [53, null]) {
    assert.deepEqual(led('UDPRoute', port), ['shop/web[Deployment] UDP 5353']);
    assert.deepEqual(led('TCPRoute', port), ['shop/web[Deployment] TCP 5353']);
  }
  assert.deepEqual(led('UDPRoute', 'tcp'), []);
});
