import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts, GenerateOptions, ServiceFact } from '../../../src/netpol/index.js';
import { pod, service } from '../evaluation/build.js';
import { dns, generated, peersOf, problemLines, ruleLines, specOf } from './observed.js';

const api = pod('shop/api', { ports: [{ name: 'http', protocol: 'TCP', port: 8080 }] });
const web = pod('shop/web');
const controller = pod('ingress/nginx', { labels: { 'app.kubernetes.io/name': 'ingress-nginx' } });

const INSIDE = 'shop/web -> shop/api TCP 9090';

const made = (
  parts: Partial<Facts>,
  options: Partial<GenerateOptions> & { readonly subjects?: readonly string[] } = {},
  flows = [INSIDE],
) =>
  generated({ pods: [api, web, dns, controller], ...parts }, flows, {
    subjects: ['shop/api'],
    directions: 'OBSERVED',
    ...options,
  });

const ingressOf = (one: ReturnType<typeof made>) =>
  ruleLines(one).filter(line => line.includes(': ingress'));

const ROUTE = {
  kind: 'Ingress',
  namespace: 'shop',
  name: 'site',
  backends: [{ namespace: 'shop', service: 'api', port: 80 }],
};

for (const type of ['LoadBalancer', 'NodePort'])
  test(`a Service of type ${type} is an entrance for everybody, on the pods' own port, and is told`, () => {
    const one = made({ services: [service({ type })] });
    assert.deepEqual(ingressOf(one), [
      `shop/api: ingress ${type} Service shop/api TCP 8080`,
      'shop/api: ingress shop/web TCP 9090',
    ]);
    assert.deepEqual(specOf(one)?.ingress[0], {
      from: [{ ipBlock: { cidr: '0.0.0.0/0' } }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    });
    assert.ok(
      problemLines(one).includes(
        `ENTRANCE_OPEN \`shop/api\` is reached through ${type} Service shop/api: its policy lets in everybody on TCP 8080`,
      ),
    );
  });

test('a Service with external addresses is an entrance, an ordinary one is not', () => {
  assert.equal(ingressOf(made({ services: [service({ externalIps: ['192.0.2.1'] })] })).length, 2);
  assert.equal(ingressOf(made({ services: [service()] })).length, 1);
});

test('an entrance of a cluster with IPv6 lets in everybody of both families', () => {
  const one = made({ services: [service({ type: 'NodePort', clusterIps: ['fd00::1'] })] });
  assert.deepEqual(peersOf(one).from, [
    { ipBlock: { cidr: '0.0.0.0/0' } },
    { ipBlock: { cidr: '::/0' } },
  ]);
});

test('a route is an entrance for the ingress controller, for everybody where it is not known', () => {
  const services = [service()];
  const known = made({ services, routes: [ROUTE] });
  assert.deepEqual(specOf(known)?.ingress[0], {
    from: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } },
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } },
      },
    ],
    ports: [{ port: 8080, protocol: 'TCP' }],
  });
  const unknown = made({ pods: [api, web, dns], services, routes: [ROUTE] });
  assert.deepEqual(peersOf(unknown).from, [
    { namespaceSelector: {} },
    { ipBlock: { cidr: '0.0.0.0/0' } },
  ]);
  const asked = made({ services, routes: [ROUTE] }, { ingressSources: 'ANYWHERE' });
  assert.deepEqual(peersOf(asked).from?.slice(1), [{ ipBlock: { cidr: '0.0.0.0/0' } }]);
});

test('a controller in the host network comes from the addresses of nodes', () => {
  const host = { ...controller, hostNetwork: true };
  const nodes = [{ name: 'a', labels: {}, addresses: ['10.9.0.1'] }];
  const one = made({ pods: [api, web, dns, host], services: [service()], routes: [ROUTE], nodes });
  assert.deepEqual(peersOf(one).from, [{ ipBlock: { cidr: '10.9.0.1/32' } }]);
  assert.match(
    one.policies[0]?.rules[0]?.peer ?? '',
    /^Ingress .* on cluster nodes$/,
    'and says so',
  );
});

test('blocks that are asked for are let in instead of everybody, with the nodes where those hide the clients', () => {
  const nodes = [{ name: 'a', labels: {}, addresses: ['10.9.0.1'] }];
  const withBlocks = (parts: Partial<ServiceFact>) =>
    made(
      { services: [service({ type: 'LoadBalancer', ...parts })], nodes },
      { ingressSources: 'BLOCKS', ingressBlocks: ['203.0.113.0/24', '198.51.100.0/24'] },
    );
  const blocks = ['198.51.100.0/24', '203.0.113.0/24'].map(cidr => ({ ipBlock: { cidr } }));
  const local = withBlocks({ keepsClientAddress: true });
  assert.deepEqual(peersOf(local).from, blocks);
  const hidden = withBlocks({});
  assert.deepEqual(peersOf(hidden).from, [...blocks, { ipBlock: { cidr: '10.9.0.1/32' } }]);
  assert.match(problemLines(hidden).join('\n'), /the addresses of nodes, which clients may have/);
  assert.match(hidden.policies[0]?.rules[0]?.peer ?? '', / and cluster nodes$/);
});

test('nodes that are seen at an entrance for everybody are its evidence, and no rule', () => {
  const nodes = [{ name: 'a', labels: {}, addresses: ['10.9.0.1'] }];
  const one = made({ services: [service({ type: 'NodePort' })], nodes }, {}, [
    'node:a -> shop/api TCP 8080',
  ]);
  assert.deepEqual(ingressOf(one), ['shop/api: ingress NodePort Service shop/api TCP 8080']);
  assert.equal(one.policies[0]?.rules[0]?.evidence?.flows, 1);
  assert.ok(!problemLines(one).some(line => line.startsWith('NODES_OPENED')));
});

test('an ingress controller reaches the backends of all routes; what was seen of them is no second rule', () => {
  const docs = pod('shop/docs', { ports: [{ name: 'http', protocol: 'TCP', port: 8080 }] });
  const known = {
    pods: [api, web, docs, dns, controller],
    services: [service(), { ...service(), name: 'docs', selector: docs.labels }],
    routes: [
      ROUTE,
      { ...ROUTE, name: 'docs', backends: [{ namespace: 'shop', service: 'docs', port: 80 }] },
    ],
  };
  const one = made(known, { subjects: ['ingress/nginx', 'shop/api'] }, [
    'ingress/nginx -> shop/api TCP 8080',
  ]);
  assert.deepEqual(ruleLines(one), [
    'ingress/nginx: egress DNS TCP 53, UDP 53',
    'ingress/nginx: egress shop/api TCP 8080',
    'ingress/nginx: egress shop/docs TCP 8080',
    'shop/api: ingress Ingress shop/site TCP 8080',
  ]);
  assert.ok(problemLines(one).some(line => line.startsWith('ROUTES_LATER')));
});

test('clients that come through an entrance are its evidence; only where asked they are all that is let in', () => {
  const services = [service({ type: 'LoadBalancer' })];
  const flows = ['203.0.113.1 -> shop/api TCP 8080', '203.0.113.2 -> shop/api TCP 8080'];
  const one = made({ services }, {}, flows);
  assert.deepEqual(ingressOf(one), ['shop/api: ingress LoadBalancer Service shop/api TCP 8080']);
  assert.equal(one.policies[0]?.rules[0]?.evidence?.flows, 2);
  const closed = made({ services }, { ingressSources: 'OBSERVED' }, flows);
  assert.deepEqual(ingressOf(closed), [
    'shop/api: ingress 203.0.113.1 and 1 more address TCP 8080',
  ]);
  assert.ok(problemLines(closed).some(line => line.startsWith('ENTRANCE_CLOSED')));
});

test('an entrance without observed ingress is not closed', () => {
  const one = made({ services: [service({ type: 'LoadBalancer' })] }, {}, [
    'shop/api -> shop/web TCP 80',
  ]);
  assert.deepEqual(specOf(one)?.policyTypes, ['Egress']);
  const both = made({ services: [service({ type: 'LoadBalancer' })] }, { directions: 'BOTH' }, [
    'shop/api -> shop/web TCP 80',
  ]);
  assert.deepEqual(ingressOf(both), ['shop/api: ingress LoadBalancer Service shop/api TCP 8080']);
});

test('many clients without a known entrance are told to be no list of who is allowed', () => {
  const flows = Array.from({ length: 60 }, (_, at) => `198.51.100.${at + 1} -> shop/api TCP 8080`);
  const one = made({}, {}, flows);
  assert.equal(specOf(one)?.ingress.length, 1, 'one rule with many blocks');
  assert.deepEqual(
    one.problems.map(({ code }) => code),
    ['CLIENT_ADDRESSES', 'SILENT_DIRECTION'],
  );
  assert.match(one.problems[0]?.hint ?? '', /0\.0\.0\.0\/0/);
  const open = made({}, { ingressSources: 'ANYWHERE' }, flows);
  assert.deepEqual(ingressOf(open), ['shop/api: ingress EXTERNAL:0.0.0.0/0 TCP 8080']);
  const blocks = { ingressSources: 'BLOCKS', ingressBlocks: ['203.0.113.0/24', '198.51.100.0/24'] };
  const some = made({}, blocks as never, flows);
  assert.deepEqual(ingressOf(some), [
    'shop/api: ingress EXTERNAL:198.51.100.0/24 and 1 more TCP 8080',
  ]);
  for (const { problems } of [open, some])
    assert.ok(!problems.some(({ code }) => code === 'CLIENT_ADDRESSES'));
});
