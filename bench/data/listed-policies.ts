import { randomFrom } from './random.js';

/** Policies for the deployments of a `ListedCluster`. The first deployment gets none of them. */
export type ListedPolicies = {
  readonly policies: number;
  readonly deployments: number;
  /** Begins their names: policies of another prefix are others. */
  readonly prefix: string;
};

const NAMESPACES = 40;

const appOf = (number: number): string => `service-${String(number).padStart(5, '0')}`;
const namespaceOf = (number: number): string =>
  `team-${String(number % NAMESPACES).padStart(2, '0')}`;

const policyOf = (name: string, subject: number, spec: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: namespaceOf(subject), name },
  spec: { podSelector: { matchLabels: { app: appOf(subject) } }, ...spec },
});

/** Two of three open a deployment to another namespace, and to a few apps, on ten ports; the others let one out. */
function specOf(number: number, deployments: number, any: (below: number) => number): object {
  const ports = [{ protocol: 'TCP', port: 8_000, endPort: 8_009 }];
  const other = {
    namespaceSelector: {
      matchLabels: { 'kubernetes.io/metadata.name': namespaceOf(any(NAMESPACES)) },
    },
  };
  const apps = {
    podSelector: { matchLabels: { app: appOf(any(deployments)) } },
    namespaceSelector: {},
  };
  if (number % 3 < 2)
    return { policyTypes: ['Ingress'], ingress: [{ from: [other, apps], ports }] };
  const outside = { ipBlock: { cidr: '203.0.113.0/25' } };
  return { policyTypes: ['Egress'], egress: [{ to: [other, apps, outside], ports }] };
}

/** As `kubectl get networkpolicies -o json` prints them; the same at every call. */
export function policyList({ policies, deployments, prefix }: ListedPolicies): string {
  const { number: any } = randomFrom(2);
  const items = Array.from({ length: policies }, (_, number) =>
    policyOf(
      `${prefix}-${number}`,
      1 + (number % (deployments - 1)),
      specOf(number, deployments, any),
    ),
  );
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** One policy of the first deployment, which lets everything through in both directions, or nothing. */
export const firstPolicy = (open: boolean): string =>
  JSON.stringify(
    policyOf('changing', 0, {
      policyTypes: ['Ingress', 'Egress'],
      ...(open && { ingress: [{}], egress: [{}] }),
    }),
  );

/** Closes every namespace, in both directions. */
export const DENY_ALL = Array.from({ length: NAMESPACES }, (_, number) =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: namespaceOf(number), name: 'deny-all' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  }),
).join('\n---\n');
