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

/** By day: one is added since there is more to do, and later another one takes the place of the second. */
export const nodesOn = (day: number): readonly string[] => [
  'node-1',
  day < 10 ? 'node-2' : 'node-5',
  'node-3',
  ...(day < 8 ? [] : ['node-4']),
];

export const nodeAddress = (name: string): string => `10.9.0.${name.slice(name.indexOf('-') + 1)}`;

type Workload = {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What its label `app` says, where that is not its name. */
  readonly app?: string;
};

const of = (kind: string, namespace: string, ...names: readonly string[]): readonly Workload[] =>
  names.map(name => ({ kind, namespace, name }));

/** The day on which a new release of the frontend of a shop is tried beside it, and that on which another one takes over the checkout of another. */
export const CANARY_ON = 9;
export const GREEN_FROM = 11;
export const CANARY: Workload = {
  kind: 'Deployment',
  namespace: SHOPS[0],
  name: 'frontend-canary',
  app: 'frontend',
};
export const GREEN: Workload = {
  kind: 'Deployment',
  namespace: SHOPS[1],
  name: 'checkout-green',
  app: 'checkout',
};

export const WORKLOADS: readonly Workload[] = [
  ...SHOPS.flatMap(shop => of('Deployment', shop, ...Object.keys(SERVES))),
  ...SHOPS.flatMap(shop => of('CronJob', shop, 'report', 'audit')),
  ...of('Deployment', 'certificates', 'cert-manager', 'authority'),
  ...of('Deployment', 'batch', 'loader', 'warehouse'),
  ...of('StatefulSet', 'training', 'trainer'),
  ...of('Deployment', 'monitoring', 'prometheus'),
  ...of('Deployment', 'ingress', 'controller'),
  ...of('Deployment', 'kube-system', 'coredns'),
];

/** Another release each second day, as its labels show. */
const templateOf = ({ name, app = name }: Workload, day: number): object => ({
  metadata: { labels: { app, release: `r${Math.floor(day / 2)}` } },
  spec: { containers: [{ name: 'main', ports: [{ containerPort: portOf(app) }] }] },
});

/** When jobs run: every night, and on Sundays. */
const SCHEDULES: Readonly<Record<string, string>> = { report: '0 3 * * *', audit: '0 4 * * 0' };

const workloadObject = (workload: Workload, day: number): object => {
  const { kind, namespace, name, app = name } = workload;
  const template = templateOf(workload, day);
  const metadata = { name, namespace, labels: { app } };
  return kind === 'CronJob'
    ? {
        apiVersion: 'batch/v1',
        kind,
        metadata,
        spec: { schedule: SCHEDULES[name], jobTemplate: { spec: { template } } },
      }
    : {
        apiVersion: 'apps/v1',
        kind,
        metadata,
        spec: { selector: { matchLabels: { app } }, template },
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

/** Whom the store of the first shop lets in. */
export const guardOf = (...callers: readonly string[]): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'redis', namespace: SHOPS[0] },
  spec: {
    podSelector: { matchLabels: { app: 'redis' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          ...callers.map(app => ({ podSelector: { matchLabels: { app } } })),
          { namespaceSelector: {}, podSelector: { matchLabels: { app: 'prometheus' } } },
          { ipBlock: { cidr: '10.9.0.0/24' } },
        ],
      },
    ],
  },
});

/** Lets everybody in. */
export const OPEN = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'loader', namespace: 'batch' },
  spec: {
    podSelector: { matchLabels: { app: 'loader' } },
    policyTypes: ['Ingress'],
    ingress: [{}],
  },
};

const workloadsOn = (day: number): readonly Workload[] => [
  ...WORKLOADS,
  ...(day === CANARY_ON ? [CANARY] : []),
  ...(day >= GREEN_FROM ? [GREEN] : []),
];

/** The node that the pods of the namespace of the set run on: a policy closes it to other nodes. */
export const OWN_NODE = 'node-1';

const pod = ({ kind, namespace, name }: Workload): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace,
    name: `${name}-0`,
    labels: { app: name },
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: kind === 'Deployment' ? 'ReplicaSet' : kind,
        name: `${name}-5d4f7c9b8`,
        controller: true,
      },
    ],
  },
  spec: {
    nodeName: OWN_NODE,
    containers: [{ name: 'main', ports: [{ containerPort: portOf(name) }] }],
  },
  status: { phase: 'Running', podIP: `10.244.1.${10 + name.length}` },
});

/** What a snapshot of a day shows, as documents of one text. */
export const manifestsOf = (day: number, policies: readonly object[]): string =>
  [
    ...workloadsOn(day).map(workload => workloadObject(workload, day)),
    entrance,
    ...WORKLOADS.filter(({ namespace }) => namespace === 'batch').map(pod),
    ...policies,
    ...nodesOn(day).map(node),
  ]
    .map(object => JSON.stringify(object))
    .join('\n---\n');
