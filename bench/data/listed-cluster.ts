import { randomFrom } from './random.js';

/** A cluster whose deployments are listed with their flows; the same at every call. */
export type ListedCluster = {
  readonly deployments: number;
  /** Flows from each deployment; about as many come to it. */
  readonly flows: number;
};

const NAMESPACES = 40;
const FIRST = Date.parse('2026-10-01T00:00:00Z');

type Workload = { readonly namespace: string; readonly name: string };

const workloadsOf = (count: number): readonly Workload[] =>
  Array.from({ length: count }, (_, number) => ({
    namespace: `team-${String(number % NAMESPACES).padStart(2, '0')}`,
    name: `service-${String(number).padStart(5, '0')}`,
  }));

const manifestOf = ({ namespace, name }: Workload): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name, creationTimestamp: '2026-09-01T00:00:00Z' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, tier: 'backend', 'app.kubernetes.io/part-of': namespace } },
      spec: {
        containers: [
          {
            name,
            image: `registry.example/${name}:1`,
            ports: [{ name: 'http', containerPort: 8080 }],
          },
        ],
      },
    },
  },
});

/** As `kubectl get deployments -o json` prints them. */
export const manifests = ({ deployments }: ListedCluster): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: workloadsOf(deployments).map(manifestOf),
  });

const peerOf = ({ namespace, name }: Workload): object => ({
  namespace,
  workload: { kind: 'Deployment', name },
});

/** Neutral records, one per line and flow: nine of ten go to another deployment, one to an address outside. */
export function flowRecords({ deployments, flows }: ListedCluster): string {
  const { number, pick } = randomFrom(1);
  const workloads = workloadsOf(deployments);
  const lines = workloads.flatMap((source, row) =>
    Array.from({ length: flows }, (_, place) => {
      const isOutside = place % 10 === 9;
      return JSON.stringify({
        time: new Date(FIRST + (row + place * deployments) * 1_000).toISOString(),
        source: peerOf(source),
        destination: isOutside ? { ip: `203.0.113.${number(256)}` } : peerOf(pick(workloads)),
        port: 8_000 + place,
        protocol: 'TCP',
        verdict: 'ALLOWED',
        connections: 1 + number(9),
        bytes: number(1_000_000),
      });
    }),
  );
  return `${lines.join('\n')}\n`;
}
