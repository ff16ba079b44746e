import { namespace, policy, workload } from './manifests.js';

export const app = (name: string): object => ({ matchLabels: { app: name } });

export const deployment = (name: string, labels: Record<string, string> = { app: name }): object =>
  workload('Deployment', name, { labels });

/** Namespace `shop` with the deployments web, api, db and cron, whose pods are told apart by their label `app`. */
export const SHOP: readonly object[] = [
  namespace('shop'),
  ...['web', 'api', 'db', 'cron'].map(name => deployment(name)),
];

/** A policy of that name for the pods of that `app`, which lets in those of `peer` alone, at one port. */
export const allowIngress = (name: string, peer: string, port = 8080): object =>
  policy(name, {
    podSelector: app(name),
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: app(peer) }], ports: [{ port }] }],
  });

/** A policy for the pods of that `app`, which lets them go nowhere. */
export const denyEgress = (name: string): object =>
  policy(`${name}-egress`, { podSelector: app(name), policyTypes: ['Egress'] });

/** A policy of the admin tier: no pods of `peer` come to those of `name`, in any namespace. */
export const adminDeny = (name: string, peer: string) => {
  const pods = (label: string) => ({ pods: { namespaceSelector: {}, podSelector: app(label) } });
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: `${peer}-to-${name}` },
    spec: {
      priority: 10,
      subject: pods(name),
      ingress: [{ action: 'Deny', from: [pods(peer)] }],
    },
  };
};
