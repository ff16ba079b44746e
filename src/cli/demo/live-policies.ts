/** In the shop only the two stores are guarded so far; the rest is what the tour is for. */
const guard = (name: string, port: number, callers: readonly string[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: `${name}-callers`, namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: name } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: callers.map(app => ({ podSelector: { matchLabels: { app } } })),
        ports: [{ protocol: 'TCP', port }],
      },
      { from: [from('monitoring', 'prometheus')], ports: [{ protocol: 'TCP', port: 9102 }] },
    ],
  },
});

const from = (namespace: string, app: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  podSelector: { matchLabels: { app } },
});

const TRAINING = { matchLabels: { 'workload-type': 'training' } };

const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

/** NCCL takes any high port, so training pods reach each other on all; beside that storage, no internet. */
const training = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'training-isolation', namespace: 'gpu-training' },
  spec: {
    podSelector: TRAINING,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ podSelector: TRAINING }] },
      { from: [from('monitoring', 'prometheus')], ports: [{ protocol: 'TCP', port: 9400 }] },
    ],
    egress: [
      DNS,
      { to: [{ podSelector: TRAINING }] },
      { to: [{ ipBlock: { cidr: '10.0.50.0/24' } }], ports: [{ protocol: 'TCP', port: 2049 }] },
    ],
  },
};

/** The NetworkPolicies in force. */
export const LIVE_POLICIES = [
  guard('postgres', 5432, ['catalog', 'checkout', 'order-report', 'postgres']),
  guard('redis', 6379, ['cart']),
  training,
] as const;
