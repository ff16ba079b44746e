import type { DemoPort, DemoWorkload } from './workload.js';

const tcp = (name: string, port: number): DemoPort => ({ name, port, protocol: 'TCP' });
const udp = (name: string, port: number): DemoPort => ({ name, port, protocol: 'UDP' });

type Wish = Pick<DemoWorkload, 'namespace' | 'name' | 'ports'> & Partial<DemoWorkload>;

const workload = (wish: Wish): DemoWorkload => ({
  kind: 'Deployment',
  replicas: 1,
  labels: { app: wish.name },
  hostNetwork: false,
  service: {},
  loadBalancer: null,
  ...wish,
});

/** A service of the shop: one port for its callers and one for Prometheus, behind a Service of its name. */
const shop = (name: string, port: DemoPort, more: Partial<DemoWorkload> = {}): DemoWorkload =>
  workload({
    namespace: 'shop',
    name,
    ports: [port, tcp('metrics', 9102)],
    service: { [port.name]: port.port },
    ...more,
  });

const SHOP: readonly DemoWorkload[] = [
  shop('frontend', tcp('http', 8080), { replicas: 3, service: { http: 80 } }),
  shop('catalog', tcp('grpc', 3550), { replicas: 2 }),
  shop('cart', tcp('grpc', 7070), { replicas: 2 }),
  shop('checkout', tcp('grpc', 5050), { replicas: 2 }),
  shop('payment', tcp('grpc', 50051)),
  shop('shipping', tcp('grpc', 50052)),
  shop('email', tcp('http', 8085)),
  shop('ads', tcp('grpc', 9555)),
  shop('recommendation', tcp('http', 8081)),
  shop('currency', tcp('grpc', 7000), { replicas: 2 }),
  shop('redis', tcp('redis', 6379), { kind: 'StatefulSet' }),
  shop('postgres', tcp('postgres', 5432), { kind: 'StatefulSet', replicas: 2 }),
  workload({ namespace: 'shop', name: 'order-report', kind: 'CronJob', ports: [] }),
];

const TRAINING = { 'workload-type': 'training' } as const;

const GPU: readonly DemoWorkload[] = [
  workload({
    namespace: 'gpu-training',
    name: 'llm-trainer',
    kind: 'StatefulSet',
    replicas: 4,
    ports: [tcp('rendezvous', 29500), tcp('metrics', 9400)],
    labels: { app: 'llm-trainer', ...TRAINING },
    service: { rendezvous: 29500 },
  }),
  workload({
    namespace: 'gpu-training',
    name: 'dataset-sync',
    kind: 'CronJob',
    ports: [],
    labels: { app: 'dataset-sync' },
  }),
  workload({
    namespace: 'gpu-inference',
    name: 'llm-server',
    replicas: 2,
    ports: [tcp('http', 8000), tcp('metrics', 9400)],
    service: { http: 80 },
  }),
];

const PLATFORM: readonly DemoWorkload[] = [
  workload({
    namespace: 'ingress-nginx',
    name: 'ingress-nginx-controller',
    replicas: 2,
    ports: [tcp('http', 80), tcp('https', 443), tcp('metrics', 10254)],
    labels: { 'app.kubernetes.io/name': 'ingress-nginx' },
    service: { http: 80, https: 443 },
    loadBalancer: '198.51.100.10',
  }),
  workload({
    namespace: 'monitoring',
    name: 'prometheus',
    kind: 'StatefulSet',
    ports: [tcp('web', 9090)],
    service: { web: 9090 },
  }),
  workload({
    namespace: 'monitoring',
    name: 'grafana',
    ports: [tcp('http', 3000)],
    service: { http: 80 },
  }),
  workload({
    namespace: 'monitoring',
    name: 'node-exporter',
    kind: 'DaemonSet',
    replicas: 3,
    ports: [tcp('metrics', 9100)],
    hostNetwork: true,
  }),
  workload({
    namespace: 'kube-system',
    name: 'coredns',
    replicas: 2,
    ports: [udp('dns', 53), tcp('dns-tcp', 53), tcp('metrics', 9153)],
    labels: { 'k8s-app': 'kube-dns' },
    service: { dns: 53, 'dns-tcp': 53 },
  }),
];

/** The demonstration cluster: a shop, GPU training and inference, and what every cluster runs beside. */
export const WORKLOADS: readonly DemoWorkload[] = [...SHOP, ...GPU, ...PLATFORM];

/** The cluster's DNS Service does not bear its Deployment's name. */
export const serviceName = ({ namespace, name }: DemoWorkload): string =>
  namespace === 'kube-system' && name === 'coredns' ? 'kube-dns' : name;

export const NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shop: { team: 'shop' },
  'gpu-training': { team: 'ml', 'workload-type': 'training' },
  'gpu-inference': { team: 'ml' },
  // OpenShift's mark for the namespaces of ingress controllers, which policies select by it.
  'ingress-nginx': { 'network.openshift.io/policy-group': 'ingress' },
  monitoring: { team: 'platform' },
  'kube-system': {},
};
