import { type Ran, run } from '../run.js';

/** Runs command lines against one server. */
export const weirgateAt =
  (server: string) =>
  (argv: readonly string[], stdin = ''): Promise<Ran> =>
    run(['--server', server, ...argv], stdin);

const workload = (name: string, port: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: ${name}, ports: [{ name: http, containerPort: ${port} }] }] }
`;

/** Two deployments in `shop`. */
export const MANIFESTS = {
  'web.yaml': workload('web', 80),
  'api.yaml': workload('api', 8080),
} as const;

const end = (name: string) => ({ namespace: 'shop', workload: { kind: 'Deployment', name } });

/** One neutral record: `web` calls `api`, or whom it is told. */
export const record = (hour: number, destination: object = end('api'), port = 8080): string =>
  JSON.stringify({
    time: `2026-11-22T${String(hour).padStart(2, '0')}:10:00Z`,
    source: end('web'),
    destination,
    port,
    protocol: 'TCP',
    verdict: 'ALLOWED',
  });

export const lines = (records: readonly string[]): string =>
  records.map(each => `${each}\n`).join('');

/** A policy that lets `web` into `api` on one port. */
export const policyFor = (port: number): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: ${port} }]
`;
