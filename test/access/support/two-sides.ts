import { flow } from '../../support/lab.js';
import { namespace, node, pod, policy, service, workload } from '../../support/manifests.js';

/** Everything that is outside of the scope `namespace: shop` of the cluster `lab` has this in its name, or one of the addresses. */
export const HIDDEN = /hidden|10\.66\.|198\.51\.100\.|203\.0\.113\.66/i;

const allow = (peers: object) => ({ podSelector: {}, ingress: [{ from: [peers] }] });

const hiddenNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** Namespaces `shop` and `hidden-pay`, with workloads, pods, policies and Services in both, and a node. */
export const LAB: readonly object[] = [
  namespace('shop'),
  namespace('hidden-pay', { team: 'hidden-team' }),
  workload('Deployment', 'web', { labels: { app: 'web' } }),
  workload('Deployment', 'api', { labels: { app: 'api' } }),
  workload('Deployment', 'idle', { labels: { app: 'idle' } }),
  workload('Deployment', 'hidden-db', {
    namespace: 'hidden-pay',
    labels: { app: 'hidden-db', tier: 'hidden-tier' },
  }),
  workload('CronJob', 'hidden-cron', { namespace: 'hidden-pay', labels: { app: 'hidden-cron' } }),
  pod('web-1', { ip: '10.1.0.1', owner: 'Deployment/web', labels: { app: 'web' } }),
  pod('hidden-db-1', {
    namespace: 'hidden-pay',
    ip: '10.66.0.1',
    owner: 'Deployment/hidden-db',
    labels: { app: 'hidden-db', tier: 'hidden-tier' },
  }),
  node('hidden-node', '10.66.9.9'),
  service('web', { app: 'web' }, '10.2.0.1'),
  policy('web', allow({ podSelector: { matchLabels: { app: 'api' } } })),
  policy('hidden-policy', allow(hiddenNamespace('shop')), 'hidden-pay'),
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: 'hidden-admin' },
    spec: {
      priority: 5,
      subject: { namespaces: {} },
      ingress: [
        {
          name: 'hidden-rule',
          action: 'Pass',
          from: [{ namespaces: { matchLabels: { team: 'hidden-team' } } }],
        },
      ],
    },
  },
];

/** A scope by labels that holds the same workloads as the namespace `shop`. */
export const LABELLED = {
  matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api', 'idle'] }],
};

export const FLOWS: readonly object[] = [
  flow('shop/web', 'shop/api', 8080),
  flow('shop/api', 'shop/web', 8081),
  flow('shop/web', 'hidden-pay/hidden-db', 5432),
  flow('hidden-pay/hidden-db', 'shop/web', 8082),
  flow('hidden-pay/hidden-cron', 'hidden-pay/hidden-db', 5432),
  flow('hidden-pay/hidden-db', '198.51.100.7', 443),
  flow('shop/web', '203.0.113.5', 443),
  flow('shop/web', 'hidden-pay/hidden-db', 9999, { verdict: 'DENIED' }),
];

/** In the cluster `hidden-other`, which is outside of the scope altogether. */
export const OTHER: readonly object[] = [
  namespace('shop'),
  workload('Deployment', 'hidden-else', { labels: { app: 'hidden-else' } }),
  policy('hidden-elsewhere'),
];

export const OTHER_FLOWS: readonly object[] = [flow('shop/hidden-else', '203.0.113.66', 443)];

/** Rules that name what is outside: in an exclusion, in a scope, in labels. */
export const RULES: readonly object[] = [
  {
    name: 'everywhere',
    criterion: 'OFF_BASELINE',
    exclusions: [
      { namespace: 'hidden-pay', deployment: 'hidden-cron', peer: 'hidden-pay/hidden-db' },
    ],
  },
  { name: 'hidden-scope', criterion: 'DENIED', scope: { namespaces: ['hidden-pay'] } },
  { name: 'hidden-labels', criterion: 'DENIED', scope: { labels: { tier: 'hidden-tier' } } },
  { name: 'own', criterion: 'DENIED', scope: { clusters: ['lab'], namespaces: ['shop'] } },
];
