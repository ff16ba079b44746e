import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod } from '../evaluation/build.js';
import { generated, problemLines, ruleLines } from './observed.js';

const prometheus = pod('monitoring/prometheus', {
  labels: { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/component': 'server' },
});
const scrapes = {
  kind: 'ServiceMonitor',
  namespace: 'shop',
  name: 'api',
  of: 'services' as const,
  namespaces: ['shop'],
  selector: { requirements: [{ key: 'app', operator: 'In' as const, values: ['api'] }] },
  ports: ['metrics'],
};
const behind = {
  namespace: 'shop',
  name: 'api',
  type: 'ClusterIP',
  clusterIps: [],
  externalIps: [],
  ports: [
    { name: 'metrics', port: 80, protocol: 'TCP' as const, targetPort: 9100, nodePort: null },
    { name: 'hook', port: 443, protocol: 'TCP' as const, targetPort: 9443, nodePort: null },
  ],
  selector: { app: 'api' },
  labels: { app: 'api' },
};
const monitored = {
  pods: [pod('shop/web', { labels: { app: 'web' } }), pod('shop/api', { labels: { app: 'api' } })],
  services: [behind],
  monitors: [scrapes],
};

test('who is to be scraped lets Prometheus in though none was seen, and Prometheus reaches it', () => {
  const known = { ...monitored, pods: [...monitored.pods, prometheus] };
  const made = generated(known, [
    'shop/web -> shop/api TCP 80',
    'monitoring/prometheus -> shop/web TCP 80',
  ]);
  const kept = made.policies.flatMap(({ name, rules }) =>
    rules
      .filter(({ origin }) => origin === 'SCRAPE')
      .map(({ direction, peer, ports }) => `${name} ${direction} ${peer} ${ports.join()}`),
  );
  assert.deepEqual(kept, [
    'prometheus EGRESS shop/api TCP 9100',
    'api INGRESS monitoring/prometheus TCP 9100',
  ]);
  assert.ok(!problemLines(made).some(line => line.startsWith('SCRAPE_NOT_COVERED')));
});

test('a scrape that was seen is the evidence of the rule that is kept, and no second rule', () => {
  const known = { ...monitored, pods: [...monitored.pods, prometheus] };
  const made = generated(known, ['monitoring/prometheus -> shop/api TCP 9100'], {
    subjects: ['shop/api'],
  });
  const [policy] = made.policies;
  const rules = policy?.rules.filter(({ direction }) => direction === 'INGRESS');
  assert.deepEqual(
    rules?.map(({ origin, evidence }) => [origin, evidence?.flows]),
    [['SCRAPE', 1]],
  );
});

test('whoever scrapes by trade is let in; an agent that may be told to only where nobody else is', () => {
  const scraper = (name: string, labels: Record<string, string>) =>
    pod(`monitoring/${name}`, { labels });
  const named = (name: string) => scraper(name, { 'app.kubernetes.io/name': name });
  const otel = scraper('otel', { 'app.kubernetes.io/component': 'opentelemetry-collector' });
  const datadog = scraper('dd', { app: 'datadog', 'app.kubernetes.io/component': 'agent' });
  const clusterAgent = scraper('dd-cluster', {
    app: 'datadog',
    'app.kubernetes.io/component': 'cluster-agent',
  });
  const letIn = (...pods: readonly ReturnType<typeof pod>[]) =>
    generated(
      { ...monitored, pods: [...monitored.pods, ...pods] },
      ['shop/web -> shop/api TCP 80'],
      { subjects: ['shop/api'] },
    ).policies.flatMap(({ rules }) =>
      rules.filter(({ origin }) => origin === 'SCRAPE').map(({ peer }) => peer),
    );
  assert.deepEqual(letIn(named('vmagent')), ['monitoring/vmagent']);
  assert.deepEqual(letIn(named('alloy'), named('alloy-logs')), ['monitoring/alloy']);
  assert.deepEqual(letIn(otel), ['monitoring/otel']);
  assert.deepEqual(letIn(datadog, clusterAgent), ['monitoring/dd']);
  assert.deepEqual(letIn(prometheus, otel, datadog), ['monitoring/prometheus']);
});

test('where nothing shows a Prometheus, or only its alertmanager, a scrape that is asked for is told', () => {
  const alertmanager = pod('monitoring/alertmanager', {
    labels: { app: 'prometheus', component: 'alertmanager' },
  });
  for (const pods of [monitored.pods, [...monitored.pods, alertmanager]]) {
    const made = generated({ ...monitored, pods }, ['shop/web -> shop/api TCP 80'], {
      subjects: ['shop/api'],
    });
    assert.deepEqual(
      problemLines(made).filter(line => line.startsWith('SCRAPE')),
      [
        'SCRAPE_NOT_COVERED `shop/api` is to be scraped on port 9100, as ServiceMonitor `shop/api` says, and gets no rule for it: nothing shows a Prometheus or another scraper',
      ],
    );
  }
});

test('a webhook and an aggregated API stay open to the API server on the pods’ port, whatever that is named', () => {
  for (const kind of ['ValidatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition']) {
    const calls = [{ kind, name: 'x', namespace: 'shop', service: 'api', port: 443 }];
    const known = { ...monitored, monitors: [], calls, apiServer: ['192.0.2.9'] };
    const made = generated(known, ['shop/web -> shop/api TCP 80'], { subjects: ['shop/api'] });
    assert.ok(ruleLines(made).includes('shop/api: ingress API server TCP 9443'), kind);
  }
});
