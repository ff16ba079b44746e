import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { factsOf } from '../../src/inventory/facts.js';
import { factsStore } from '../../src/inventory/facts.store.js';
import { inferredDeployment } from '../../src/inventory/known-as.js';
import { namespace, node, pod, service } from '../support/manifests.js';
import { withInventory } from './support/import.js';

const db = (tier: string, settings = {}) =>
  pod('db-0', { owner: 'StatefulSet/db', labels: { tier }, ...settings });

test('facts hold one pod a deployment, with what its pods carry, in six statements', () =>
  withInventory(async ({ take, source, statements }) => {
    await take([
      namespace('shop', { team: 'a' }),
      node('worker', '192.0.2.1'),
      db('data', { ip: '10.0.0.2' }),
      pod('db-1', { owner: 'StatefulSet/db', labels: { tier: 'data' }, ip: '10.0.0.3' }),
      service('db', { tier: 'data' }, '10.96.0.1'),
    ]);
    statements.length = 0;
    const { facts } = await factsOf(factsStore(source.manager, LOCAL_CALLER), 1);
    assert.equal(statements.length, 6);
    const [{ key, ...deployment }] = facts.pods as [(typeof facts.pods)[number]];
    assert.match(key, /^[\da-f-]{36}$/);
    assert.deepEqual(deployment, {
      namespace: 'shop',
      name: 'db',
      labels: { tier: 'data' },
      addresses: ['10.0.0.2', '10.0.0.3'],
      hostNetwork: false,
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      node: null,
      workload: { kind: 'StatefulSet', name: 'db' },
    });
    assert.deepEqual(facts.namespaces, [
      { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop', team: 'a' } },
    ]);
    assert.deepEqual(facts.nodes, [
      { name: 'worker', labels: {}, addresses: ['192.0.2.1'], tunnels: [], gateways: [] },
    ]);
    assert.deepEqual(facts.services, [
      {
        namespace: 'shop',
        name: 'db',
        type: 'ClusterIP',
        clusterIps: ['10.96.0.1'],
        externalIps: [],
        ports: [{ name: null, port: 80, protocol: 'TCP', targetPort: 'http', nodePort: null }],
        selector: { tier: 'data' },
      },
    ]);
  }));

test('facts of an earlier time have the labels of that time, and the first ones before', () =>
  withInventory(async ({ take, source }) => {
    await take([db('old', { created: '2026-01-01T00:00:00Z' })], {
      at: '2026-01-02T00:00:00.000000Z',
    });
    await take([db('new', { created: '2026-01-05T00:00:00Z' })], {
      at: '2026-01-06T00:00:00.000000Z',
    });
    const tierAt = async (at: string | null) => {
      const { facts } = await factsOf(factsStore(source.manager, LOCAL_CALLER), 1, at);
      return facts.pods.map(({ labels }) => labels['tier']);
    };
    assert.deepEqual(await tierAt('2025-12-01T00:00:00.000000Z'), ['old']);
    assert.deepEqual(await tierAt('2026-01-04T23:59:59.999999Z'), ['old']);
    assert.deepEqual(await tierAt('2026-01-05T00:00:00.000000Z'), ['new']);
    assert.deepEqual(await tierAt(null), ['new']);
  }));

test('deployments learned from flows are facts too, and what ended is none', () =>
  withInventory(async ({ take, peers, source }) => {
    await take([db('data'), pod('shell')], { at: '2026-01-01T00:00:00.000000Z' });
    const owner = { kind: 'Deployment', name: 'web' };
    const seen = { clusterId: 1, firstSeenAt: '2026-01-01T00:00:00.000000Z' };
    await peers.ensure(1, [
      inferredDeployment({ ...seen, namespace: 'other', owner, labels: { app: 'web' } }),
    ]);
    await take([db('data')], { mode: 'REPLACE', at: '2026-01-02T00:00:00.000000Z' });
    const { facts } = await factsOf(factsStore(source.manager, LOCAL_CALLER), 1);
    const { pods, namespaces } = facts;
    assert.deepEqual(
      pods.map(({ namespace: of, name, labels }) => [of, name, labels]),
      [
        ['other', 'web', { app: 'web' }],
        ['shop', 'db', { tier: 'data' }],
      ],
    );
    assert.deepEqual(
      namespaces.map(({ name }) => name),
      ['other', 'shop'],
    );
  }));

test('deployments whose labels nothing has told are named', () =>
  withInventory(async ({ take, peers, source }) => {
    await take([db('data')]);
    const owner = { kind: 'Deployment', name: 'web' };
    const seen = { clusterId: 1, firstSeenAt: '2026-01-01T00:00:00.000000Z' };
    const web = inferredDeployment({ ...seen, namespace: 'shop', owner, labels: null });
    await peers.ensure(1, [web]);
    const { unlabelled } = await factsOf(factsStore(source.manager, LOCAL_CALLER), 1);
    assert.deepEqual([...unlabelled], [web.id]);
  }));

const ingress = (service: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'site', namespace: 'shop' },
  spec: { defaultBackend: { service: { name: service, port: { number: 80 } } } },
});

const webhooks = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'policy' },
  webhooks: [
    { name: 'a.b.c', clientConfig: { service: { namespace: 'shop', name: 'db', port: 8443 } } },
  ],
};

const monitor = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'ServiceMonitor',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'db' } }, endpoints: [{ port: 'http' }] },
};

const annotated = (object: object, annotations: Record<string, string>, labels = {}) => {
  const { metadata, ...rest } = object as { metadata: object };
  return { ...rest, metadata: { ...metadata, annotations, labels } };
};

const SCRAPED = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9100' };

test('what routes, webhooks, monitors, annotations and Services say of traffic is known now and at its time', () =>
  withInventory(async ({ take, source }) => {
    const [first, second, third] = ['01', '02', '03'].map(
      day => `2026-01-${day}T00:00:00.000000Z`,
    ) as [string, string, string];
    const plain = service('db', { tier: 'data' }, '10.96.0.1');
    const balanced = annotated(
      { ...plain, spec: { ...plain.spec, type: 'LoadBalancer', externalTrafficPolicy: 'Local' } },
      {},
      { app: 'db' },
    );
    const scraped = annotated(db('data'), SCRAPED, { tier: 'data' });
    await take([scraped, balanced, ingress('db'), webhooks, monitor], { at: first });
    await take([db('data'), plain, ingress('other')], { at: second });
    await take([db('data'), plain, ingress('third')], { at: second });
    await take([scraped, { ...monitor, metadata: { name: 'else', namespace: 'shop' } }], {
      at: third,
      mode: 'REPLACE',
    });
    const saidAt = async (at: string | null) => {
      const { facts } = await factsOf(factsStore(source.manager, LOCAL_CALLER), 1, at);
      return {
        routes: facts.routes.map(({ backends }) => backends[0]?.service),
        calls: facts.calls?.map(({ service: of, port }) => `${of} ${port}`),
        monitors: facts.monitors?.map(({ name }) => name),
        scraped: facts.pods.map(({ scrapePort }) => scrapePort),
        services: facts.services.map(({ labels, keepsClientAddress }) => [
          labels,
          keepsClientAddress,
        ]),
      };
    };
    const told = {
      routes: ['db'],
      calls: ['db 8443'],
      monitors: ['db', 'else'],
      scraped: [9100],
      services: [[{ app: 'db' }, true]],
    };
    assert.deepEqual(
      await saidAt(first),
      told,
      'the first that is known holds before, as with revisions',
    );
    assert.deepEqual(await saidAt('2025-01-01T00:00:00.000000Z'), told);
    const later = { ...told, routes: ['third'], services: [[undefined, undefined]] };
    assert.deepEqual(await saidAt(second), { ...later, scraped: [undefined] });
    assert.deepEqual(await saidAt(null), { ...later, monitors: ['else'] });
  }));

test('an input of routes or webhooks alone is an inventory, and the same one changes nothing', () =>
  withInventory(async ({ take, told }) => {
    await take([db('data'), service('db', { tier: 'data' }, '10.96.0.1')]);
    const first = await take([ingress('db'), webhooks]);
    assert.deepEqual([first.counts?.changed, first.problems], [2, []]);
    assert.equal((await take([ingress('db'), webhooks])).counts?.changed, 0);
    assert.equal(told.changed.length, 2);
  }));
