/** A cluster of shops, batch work, training, monitoring and an entrance, as a snapshot shows it. */

export const SHOPS = ['shop-east', 'shop-west', 'shop-north'] as const;

/** Deployments of a shop, and the ports that they serve. */
const SERVES: Readonly<Record<string, number>> = {
  frontend: 8080,
  cart: 7070,
  catalog: 3550,
  checkout: 5050,
  payment: 50051,
  shipping: 50052,
  email: 8085,
  ads: 9555,
  redis: 6379,
  postgres: 5432,
};

/** Who calls whom within a shop, and how often an hour. */
export const CALLS: readonly (readonly [from: string, to: string, hourly: number])[] = [
  ['frontend', 'cart', 120],
  ['frontend', 'catalog', 240],
  ['frontend', 'checkout', 15],
  ['frontend', 'ads', 200],
  ['checkout', 'cart', 15],
  ['checkout', 'catalog', 15],
  ['checkout', 'payment', 15],
  ['checkout', 'shipping', 15],
  ['checkout', 'email', 15],
  ['cart', 'redis', 150],
  ['catalog', 'postgres', 100],
  ['checkout', 'postgres', 15],
];

export const portOf = (name: string): number => SERVES[name] ?? 8080;

export const NODES = ['node-1', 'node-2', 'node-3', 'node-4'] as const;
export const nodeAddress = (name: string): string => `10.9.0.${name.slice(name.indexOf('-') + 1)}`;

type Workload = { readonly kind: string; readonly namespace: string; readonly name: string };

const of = (kind: string, namespace: string, ...names: readonly string[]): readonly Workload[] =>
  names.map(name => ({ kind, namespace, name }));

export const WORKLOADS: readonly Workload[] = [
  ...SHOPS.flatMap(shop => of('Deployment', shop, ...Object.keys(SERVES))),
  ...SHOPS.flatMap(shop => of('CronJob', shop, 'report')),
  ...of('Deployment', 'batch', 'loader', 'warehouse'),
  ...of('StatefulSet', 'training', 'trainer'),
  ...of('Deployment', 'monitoring', 'prometheus'),
  ...of('Deployment', 'ingress', 'controller'),
  ...of('Deployment', 'kube-system', 'coredns'),
];

const templateOf = ({ name }: Workload): object => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'main', ports: [{ containerPort: portOf(name) }] }] },
});

const workloadObject = (workload: Workload): object => {
  const { kind, namespace, name } = workload;
  const template = templateOf(workload);
  const metadata = { name, namespace, labels: { app: name } };
  return kind === 'CronJob'
    ? {
        apiVersion: 'batch/v1',
        kind,
        metadata,
        spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template } } },
      }
    : {
        apiVersion: 'apps/v1',
        kind,
        metadata,
        spec: { selector: { matchLabels: { app: name } }, template },
      };
};

const entrance = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'controller', namespace: 'ingress' },
  spec: {
    type: 'LoadBalancer',
    selector: { app: 'controller' },
    ports: [{ port: 443, targetPort: 8080 }],
  },
};

const node = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: { podCIDR: `10.244.${name.slice(name.indexOf('-') + 1)}.0/24` },
  status: { addresses: [{ type: 'InternalIP', address: nodeAddress(name) }] },
});

const guard = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'redis', namespace: SHOPS[0] },
  spec: {
    podSelector: { matchLabels: { app: 'redis' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          { podSelector: { matchLabels: { app: 'cart' } } },
          { namespaceSelector: {}, podSelector: { matchLabels: { app: 'prometheus' } } },
          { ipBlock: { cidr: '10.9.0.0/24' } },
        ],
      },
    ],
  },
};

/** Documents of one text; `nodes` are those that there are. */
export const manifestsOf = (nodes: readonly string[]): string =>
  [...WORKLOADS.map(workloadObject), entrance, guard, ...nodes.map(node)]
    .map(object => JSON.stringify(object))
    .join('\n---\n');
