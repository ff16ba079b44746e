import { WORKLOADS } from './cluster.js';
import { podsOf } from './pods.js';
import { type DemoWorkload, workloadKey } from './workload.js';

/** Something outside of the cluster. */
type Outside = { readonly ip: string; readonly dnsName: string | null };

/** One end: `namespace/name` of a workload, or something outside. */
export type DemoEnd = string | Outside;

/** When an edge has traffic. */
export const Rhythm = {
  /** By day more than by night. */
  STEADY: 'STEADY',
  /** At two in the morning. */
  NIGHTLY: 'NIGHTLY',
} as const;
export type Rhythm = (typeof Rhythm)[keyof typeof Rhythm];

/** A directed edge of the story. */
export type DemoEdge = {
  readonly source: DemoEnd;
  readonly destination: DemoEnd;
  /** The pod's port; null: NCCL's, another one each time. */
  readonly port: number | null;
  readonly protocol: 'TCP' | 'UDP';
  /** Connections in a busy hour. */
  readonly connections: number;
  readonly rhythm: Rhythm;
  readonly verdict: 'ALLOWED' | 'DENIED';
};

type More = Partial<Pick<DemoEdge, 'protocol' | 'rhythm' | 'verdict'>>;

/** Reads as `shop/frontend` calls `shop/catalog` on 3550, 900 times in a busy hour. */
const calls = (
  source: DemoEnd,
  destination: DemoEnd,
  [port, connections]: readonly [port: number | null, connections: number],
  more: More = {},
): DemoEdge => ({
  source,
  destination,
  port,
  connections,
  protocol: 'TCP',
  rhythm: Rhythm.STEADY,
  verdict: 'ALLOWED',
  ...more,
});

/** Addresses of the documentation's ranges (RFC 5737), so that none is anybody's. */
const outside = (ip: string, dnsName: string | null = null): Outside => ({ ip, dnsName });

const CLIENTS = ['198.51.100.21', '198.51.100.22', '198.51.100.23', '198.51.100.24'].map(ip =>
  outside(ip),
);
const PAYMENTS = outside('192.0.2.44', 'api.payments.example');
const MAIL = outside('192.0.2.25', 'smtp.mail.example');
const DATASETS = outside('192.0.2.80', 'datasets.example');
/** Storage of the data centre, beside the cluster. */
const NFS = ['10.0.50.11', '10.0.50.12'].map(ip => outside(ip));
const METADATA = outside('169.254.169.254');
const UNKNOWN = outside('203.0.113.66');
const PACKAGES = outside('192.0.2.90', 'packages.example');

const INGRESS = 'ingress-nginx/ingress-nginx-controller';
const PROMETHEUS = 'monitoring/prometheus';
const TRAINER = 'gpu-training/llm-trainer';
const NIGHTLY = { rhythm: Rhythm.NIGHTLY } as const;

const SHOP: readonly DemoEdge[] = [
  calls(INGRESS, 'shop/frontend', [8080, 1_200]),
  calls('shop/frontend', 'shop/catalog', [3550, 900]),
  calls('shop/frontend', 'shop/cart', [7070, 500]),
  calls('shop/frontend', 'shop/checkout', [5050, 60]),
  calls('shop/frontend', 'shop/recommendation', [8081, 400]),
  calls('shop/frontend', 'shop/ads', [9555, 700]),
  calls('shop/frontend', 'shop/currency', [7000, 800]),
  calls('shop/frontend', 'shop/shipping', [50052, 90]),
  calls('shop/recommendation', 'shop/catalog', [3550, 300]),
  calls('shop/checkout', 'shop/cart', [7070, 60]),
  calls('shop/checkout', 'shop/catalog', [3550, 60]),
  calls('shop/checkout', 'shop/payment', [50051, 60]),
  calls('shop/checkout', 'shop/shipping', [50052, 60]),
  calls('shop/checkout', 'shop/email', [8085, 60]),
  calls('shop/checkout', 'shop/currency', [7000, 60]),
  calls('shop/checkout', 'shop/postgres', [5432, 60]),
  calls('shop/cart', 'shop/redis', [6379, 600]),
  calls('shop/catalog', 'shop/postgres', [5432, 400]),
  calls('shop/postgres', 'shop/postgres', [5432, 4]),
  calls('shop/payment', PAYMENTS, [443, 60]),
  calls('shop/email', MAIL, [587, 60]),
  calls('shop/order-report', 'shop/postgres', [5432, 12], NIGHTLY),
  calls('shop/order-report', 'shop/email', [8085, 1], NIGHTLY),
];

const GPU: readonly DemoEdge[] = [
  calls(TRAINER, TRAINER, [29500, 12]),
  calls(TRAINER, TRAINER, [null, 40]),
  ...NFS.map(storage => calls(TRAINER, storage, [2049, 30])),
  calls('gpu-training/dataset-sync', DATASETS, [443, 20], NIGHTLY),
  ...NFS.map(storage => calls('gpu-training/dataset-sync', storage, [2049, 8], NIGHTLY)),
  calls(INGRESS, 'gpu-inference/llm-server', [8000, 200]),
  ...NFS.map(storage => calls('gpu-inference/llm-server', storage, [2049, 2])),
];

const PLATFORM: readonly DemoEdge[] = [
  ...CLIENTS.map(client => calls(client, INGRESS, [443, 400])),
  calls(INGRESS, 'monitoring/grafana', [3000, 10]),
  calls('monitoring/grafana', PROMETHEUS, [9090, 120]),
];

const metricsPort = ({ ports }: DemoWorkload): number | null =>
  ports.find(({ name }) => name === 'metrics')?.port ?? null;

/** Prometheus asks every workload that has a port for it. */
const SCRAPES: readonly DemoEdge[] = WORKLOADS.flatMap(workload => {
  const port = metricsPort(workload);
  return port === null ? [] : [calls(PROMETHEUS, workloadKey(workload), [port, 120])];
});

const DNS = 'kube-system/coredns';

/** All but the host network's and the DNS pods themselves ask the cluster's DNS. */
const LOOKUPS: readonly DemoEdge[] = WORKLOADS.filter(
  workload => !workload.hostNetwork && workloadKey(workload) !== DNS,
).flatMap(workload => {
  const rhythm = workload.kind === 'CronJob' ? Rhythm.NIGHTLY : Rhythm.STEADY;
  return [calls(workloadKey(workload), DNS, [53, 90], { protocol: 'UDP', rhythm })];
});

/** An answer that does not fit a datagram comes over TCP. */
const LONG_LOOKUPS = [calls('shop/catalog', DNS, [53, 2]), calls(PROMETHEUS, DNS, [53, 4])];

/** What is normal in this cluster. */
export const NORMAL: readonly DemoEdge[] = [
  ...SHOP,
  ...GPU,
  ...PLATFORM,
  ...SCRAPES,
  ...LOOKUPS,
  ...LONG_LOOKUPS,
];

const DENIED = { verdict: 'DENIED' } as const;

/**
 * The last day: somebody took over the pod of `shop/recommendation`, asks the cloud for credentials, calls home and
 * tries the database. Beside that a release of `shop/ads` calls `shop/currency`, which is new and nothing bad,
 * and a training job wants packages from the internet.
 */
export const INCIDENT: readonly DemoEdge[] = [
  calls('shop/recommendation', METADATA, [80, 6]),
  calls('shop/recommendation', UNKNOWN, [4444, 12]),
  calls('shop/recommendation', 'shop/postgres', [5432, 9], DENIED),
  calls('shop/ads', 'shop/currency', [7000, 700]),
  calls(TRAINER, PACKAGES, [443, 3], DENIED),
];

/** Whether an end is a workload that runs the whole time. */
export const isRunning = (end: DemoEnd): end is string =>
  typeof end === 'string' && podsOf(end).length > 0;
