/** A graph as StackRox exports it: edges name places in `nodes`. */
export const stackrox = {
  epoch: 1,
  nodes: [
    {
      entity: { type: 'DEPLOYMENT', deployment: { name: 'web', namespace: 'shop' } },
      outEdges: {
        1: {
          properties: [
            {
              port: 8080,
              protocol: 'L4_PROTOCOL_TCP',
              lastActiveTimestamp: '2026-11-22T10:00:00Z',
            },
          ],
        },
      },
    },
    {
      entity: { type: 'DEPLOYMENT', deployment: { name: 'api', namespace: 'shop' } },
      outEdges: {},
    },
    { entity: { type: 'INTERNET' }, outEdges: {} },
  ],
};

/** What Kubescape has learned of one workload. */
export const kubescape = {
  apiVersion: 'spdx.softwarecomposition.kubescape.io/v1beta1',
  kind: 'NetworkNeighborhood',
  metadata: {
    name: 'deployment-api',
    namespace: 'shop',
    creationTimestamp: '2026-11-22T08:00:00Z',
    labels: {
      'kubescape.io/workload-kind': 'deployment',
      'kubescape.io/workload-name': 'api',
      'kubescape.io/workload-namespace': 'shop',
    },
  },
  spec: {
    matchLabels: { app: 'api' },
    containers: [
      {
        name: 'api',
        ingress: [
          {
            type: 'internal',
            podSelector: { matchLabels: { app: 'web' } },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
            ports: [{ name: 'TCP-8080', protocol: 'TCP', port: 8080 }],
          },
        ],
        egress: [
          {
            type: 'external',
            dns: 'api.payments.example.',
            ipAddress: '203.0.113.7',
            ports: [{ name: 'TCP-443', protocol: 'TCP', port: 443 }],
          },
        ],
      },
    ],
  },
};
