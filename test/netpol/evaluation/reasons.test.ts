import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Action, compile, decide, type ServiceFact } from '../../../src/netpol/index.js';
import { adminPolicy, connection, facts, labelled, networkPolicy, pod, tcp } from './build.js';

const service: ServiceFact = {
  namespace: 'shop',
  name: 'api',
  type: 'ClusterIP',
  clusterIps: ['10.96.0.1'],
  externalIps: [],
  ports: [{ name: null, port: 80, protocol: 'TCP', targetPort: 8080, nodePort: null }],
  selector: { app: 'api' },
};

const web = pod('shop/web', { addresses: ['11.0.0.1'] });
const one = pod('shop/one', { labels: { app: 'api', version: '1' } });
const two = pod('shop/two', { labels: { app: 'api', version: '2' } });

test('an undecidable verdict names the fact that would decide', () => {
  const compiled = compile(facts({ pods: [web, one, two], services: [service] }), [
    networkPolicy({ pods: labelled({ version: '1' }), ingress: [] }),
    adminPolicy({
      namespaces: labelled({ 'kubernetes.io/metadata.name': 'shop' }),
      egress: [
        {
          action: Action.DENY,
          peers: [{ kind: 'networks', cidrs: ['10.0.0.0/8'] }],
          ports: [tcp(1)],
        },
      ],
    }),
  ]);
  const missing = (text: string) => decide(compiled, connection(text)).missing;
  assert.equal(
    missing('shop/web -> service=shop/api TCP 80'),
    'which backend of the Service `shop/api` answered: `shop/one` TCP 8080 DENIED, `shop/two` TCP 8080 ALLOWED',
  );
  assert.equal(missing('shop/web -> shop/two TCP 1'), 'the address of the pod `shop/two`');
  assert.equal(
    missing('shop/web -> shop/one ICMP'),
    'how the network plugin treats `ICMP` of isolated pods',
  );
  assert.equal(missing('shop/web -> shop/web TCP 1'), null);
  assert.equal(missing('? -> shop/two TCP 80'), 'a name for `?`');
});

test('reasons name the policies and rules that took part, in the order of the tiers', () => {
  const compiled = compile(facts({ pods: [web, one] }), [
    networkPolicy({ name: 'shut', ingress: [] }),
    networkPolicy({ name: 'open', ingress: [{ ports: [tcp(1)] }, { ports: [tcp(8080)] }] }),
    adminPolicy({ name: 'pass', ingress: [{ action: Action.PASS, ports: [tcp(1, 9000)] }] }),
  ]);
  const reasons = (text: string) =>
    decide(compiled, connection(text)).ingress.reasons.map(({ policy, rule }) => [
      policy.name,
      rule === null ? null : `${rule.index} ${rule.action}`,
    ]);
  assert.deepEqual(reasons('shop/web -> shop/one TCP 8080'), [
    ['pass', '0 PASS'],
    ['open', '1 ALLOW'],
  ]);
  assert.deepEqual(reasons('shop/web -> shop/one TCP 9999'), [
    ['shut', null],
    ['open', null],
  ]);
  assert.deepEqual(reasons('shop/one -> shop/one TCP 9999'), []);
});
