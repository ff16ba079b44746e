import type {
  Expression,
  LabelSelector,
  NetworkPolicy,
  Peer,
  PolicyPort,
} from '../../test/netpol/model/objects.js';
import type { ClusterSize, Role, Workload } from './cluster.js';
import type { Random } from './random.js';

type Spec = NetworkPolicy['spec'];

/** What the policies of one namespace are made from. */
type Place = {
  readonly random: Random;
  readonly namespaces: number;
  /** Of this namespace. */
  readonly workloads: readonly Workload[];
};

const tcp = (port: number | string, endPort?: number): PolicyPort =>
  endPort === undefined ? { protocol: 'TCP', port } : { protocol: 'TCP', port, endPort };

const where = (...matchExpressions: Expression[]): LabelSelector => ({ matchExpressions });
const inside = (key: string, ...values: string[]): Expression => ({ key, operator: 'In', values });
const outside = (key: string, ...values: string[]): Expression => ({
  key,
  operator: 'NotIn',
  values,
});

const teamOf = ({ random, namespaces }: Place): string => `team-${random.number(namespaces)}`;

const appOf = ({ random, workloads }: Place, role?: Role): string => {
  const fitting = workloads.filter(each => role === undefined || each.role === role);
  return random.pick(fitting.length > 0 ? fitting : workloads).name;
};

/** Networks outside the cluster, a few hundred distinct ones; every tenth is of IPv6, or covers pods. */
const networkOf = ({ random }: Place): Peer => {
  const kind = random.number(20);
  if (kind === 0) return { ipBlock: { cidr: `2001:db8:${random.number(40).toString(16)}::/48` } };
  if (kind === 1)
    return { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '192.168.0.0/16'] } };
  const [a, b] = [random.number(40), random.number(8) * 32];
  if (kind < 12) return { ipBlock: { cidr: `198.51.${a}.0/24`, except: [`198.51.${a}.${b}/27`] } };
  return { ipBlock: { cidr: `203.0.${a}.${b}/27` } };
};

/** A quarter of the namespaces close both directions, half of them ingress only, the rest nothing. */
const CLOSED: readonly Spec[] = [
  { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  { podSelector: {}, policyTypes: ['Ingress'] },
  { podSelector: {}, policyTypes: ['Ingress'] },
  { podSelector: { matchLabels: { quarantine: 'true' } }, policyTypes: ['Ingress', 'Egress'] },
];

const defaultDeny = (namespace: number): Spec => CLOSED[namespace % CLOSED.length] ?? DNS;

const DNS: Spec = {
  podSelector: { matchLabels: { role: 'worker' } },
  policyTypes: ['Egress'],
  egress: [
    {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'team-0' } },
          podSelector: where(inside('role', 'data'), { key: 'critical', operator: 'Exists' }),
        },
      ],
      ports: [{ protocol: 'UDP', port: 53 }, tcp(53)],
    },
  ],
};

const ingress = (subject: LabelSelector, from: readonly Peer[], ports: PolicyPort[]): Spec => ({
  podSelector: subject,
  policyTypes: ['Ingress'],
  ingress: [{ from, ports }],
});

const egress = (subject: LabelSelector, to: readonly Peer[], ports: PolicyPort[]): Spec => ({
  podSelector: subject,
  policyTypes: ['Egress'],
  egress: [{ to, ports }],
});

const app = (name: string): LabelSelector => ({ matchLabels: { app: name } });

/** What teams write, in turns. */
const SHAPES: readonly ((place: Place) => Spec)[] = [
  place =>
    ingress(
      app(appOf(place, 'api')),
      [{ podSelector: where(inside('app', appOf(place), appOf(place), appOf(place, 'web'))) }],
      [tcp('http')],
    ),
  place =>
    egress(
      app(appOf(place)),
      [{ podSelector: app(appOf(place, 'data')) }, { podSelector: app(appOf(place, 'api')) }],
      [tcp('db'), tcp('http'), tcp(9090, 9093)],
    ),
  place =>
    ingress(
      where(inside('role', 'api')),
      [
        {
          namespaceSelector: where(inside('environment', 'production', 'staging')),
          podSelector: where(
            outside('role', 'data'),
            inside('suite', `suite-${place.random.number(50)}`),
          ),
        },
      ],
      [tcp('grpc'), tcp('http')],
    ),
  place =>
    egress(
      where(inside('role', 'worker')),
      [networkOf(place), networkOf(place)],
      [tcp(443), tcp(8000, 8100)],
    ),
  place => ingress(app(appOf(place, 'web')), [networkOf(place)], [tcp('http'), tcp('https')]),
  place =>
    ingress(
      where(inside('role', 'data')),
      [
        { podSelector: where(inside('role', 'api', 'worker')) },
        { namespaceSelector: ofTeam(teamOf(place)), podSelector: where(inside('role', 'worker')) },
      ],
      [tcp('db')],
    ),
  () =>
    ingress(
      where({ key: 'legacy', operator: 'DoesNotExist' }),
      [{ namespaceSelector: where({ key: 'platform', operator: 'Exists' }) }],
      [tcp('metrics')],
    ),
  place =>
    egress(
      where({ key: 'critical', operator: 'Exists' }, outside('version', 'v3')),
      [
        {
          namespaceSelector: ofTeam(teamOf(place)),
          podSelector: where(inside('role', 'web', 'api')),
        },
      ],
      [tcp('http'), tcp('grpc'), tcp(443)],
    ),
];

function ofTeam(team: string): LabelSelector {
  return { matchLabels: { team } };
}

/** Each namespace: a default deny, DNS, and the shapes in turns. */
export function policiesOf(
  { namespaces, policies }: ClusterSize,
  workloads: readonly Workload[],
  random: Random,
): readonly NetworkPolicy[] {
  const byNamespace = Map.groupBy(workloads, ({ namespace }) => namespace);
  return Array.from({ length: policies }, (_, number): NetworkPolicy => {
    const [home, turn] = [number % namespaces, Math.floor(number / namespaces)];
    const namespace = `team-${home}`;
    const place = { random, namespaces, workloads: byNamespace.get(namespace) ?? [] };
    const shape = SHAPES[(turn - 2) % SHAPES.length];
    const spec = turn === 0 ? defaultDeny(home) : (shape?.(place) ?? DNS);
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace, name: `policy-${turn}` },
      spec,
    };
  });
}
