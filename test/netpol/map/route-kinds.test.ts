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

test('a Route to one of the numbers of a repeated name leads to all that the Service leads to', () => {
  const named = [8080, 8081].map(port => ({ name: 'http', port, protocol: 'TCP' as const }));
  const ports = [
    { name: 'web', port: 80, protocol: 'TCP' as const, targetPort: 'http', nodePort: null },
  ];
  const led = (port: number) =>
    drawn({
      pods: [{ ...web, ports: named }],
      services: [service('web', { ports })],
      routes: [{ ...route('web', 'shop', port), kind: 'Route' }],
    });
  for (const port of [8080, 8081]) {
    assert.deepEqual(led(port), ['shop/web[Deployment] TCP 8080-8081']);
  }
  assert.deepEqual(led(8082), []);
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
