import { METADATA_NAME, type Requirement, type Selector } from '../labels.js';
import type { Peer, Policy, PortMatch } from '../policy.js';
import {
  chunks,
  type Described,
  type DescribedRule,
  hostsOf,
  metadataOf,
  type Rendering,
  rulesOf,
} from './dialect.js';

const selectorOf = ({ requirements }: Selector): object => ({
  ...(requirements.length > 0 && {
    matchExpressions: requirements.map(({ key, operator, values }: Requirement) => ({
      key,
      operator,
      ...(values.length > 0 && { values }),
    })),
  }),
});

const named = (name: string | null): object => ({ matchLabels: { [METADATA_NAME]: name ?? '' } });

type Place = { readonly policy: Policy; readonly direction: 'ingress' | 'egress' };

/** "A maximum of 25 rules is allowed"; so many peers, networks and protocols too. */
const MOST = 25;

const podsOf = (peer: Extract<Peer, { kind: 'pods' }>, { policy }: Place): object => ({
  pods: {
    namespaceSelector:
      peer.namespaces === null ? named(policy.namespace) : selectorOf(peer.namespaces),
    podSelector: selectorOf(peer.pods),
  },
});

/** Those that this kind has: of its ingress pods or namespaces; egress knows networks too. */
function peersOf(peers: readonly Peer[], place: Place): readonly object[] {
  const pods = peers.flatMap(peer => (peer.kind === 'pods' ? [podsOf(peer, place)] : []));
  const networks = peers.flatMap(peer =>
    place.direction === 'egress' && peer.kind === 'ip-block' && peer.except.length === 0
      ? [peer.cidr]
      : [],
  );
  return [...pods, ...chunks([...new Set(networks)], MOST).map(some => ({ networks: some }))];
}

const protocolOf = (port: PortMatch): object => {
  if (port.kind === 'named') return { destinationNamedPort: port.name };
  const { protocol, from, to } = port;
  const destinationPort = from === to ? { number: from } : { range: { start: from, end: to } };
  return { [protocol.toLowerCase()]: { destinationPort } };
};

const everybody = (direction: Place['direction']): readonly object[] => [
  { namespaces: {} },
  ...(direction === 'egress' ? [{ networks: ['0.0.0.0/0', '::/0'] }] : []),
];

type Accept = {
  readonly name: string;
  readonly peers: readonly object[];
  /** Null: all of them. */
  readonly protocols: readonly object[] | null;
};

function acceptOf({ rule, word }: DescribedRule, place: Place): readonly Accept[] {
  const peers = rule.peers === null ? everybody(place.direction) : peersOf(rule.peers, place);
  if (peers.length === 0) return [];
  const protocols = rule.ports === null ? null : rule.ports.map(protocolOf);
  return [{ name: word?.peer ?? 'rule', peers, protocols }];
}

/** Where there are too many, those for the same protocols are one: all of them accept. */
function fewer(accepts: readonly Accept[]): readonly Accept[] {
  if (accepts.length < MOST) return accepts;
  const same = Map.groupBy(accepts, ({ protocols }) => JSON.stringify(protocols));
  return [...same.values()].map(some => ({
    name: some.map(({ name }) => name).join(', '),
    peers: some.flatMap(({ peers }) => peers),
    protocols: some[0]?.protocols ?? null,
  }));
}

const acceptRules = (
  { name, peers, protocols }: Accept,
  direction: Place['direction'],
): readonly object[] =>
  chunks(peers, MOST).flatMap(somePeers =>
    (protocols === null ? [null] : chunks(protocols, MOST)).map(someProtocols => ({
      name: name.slice(0, 100),
      action: 'Accept',
      [direction === 'ingress' ? 'from' : 'to']: somePeers,
      ...(someProtocols !== null && { protocols: someProtocols }),
    })),
  );

const denyRest = (direction: Place['direction']): object => ({
  name: 'everything else',
  action: 'Deny',
  [direction === 'ingress' ? 'from' : 'to']: everybody(direction),
});

const accepted = (rules: readonly DescribedRule[], place: Place): readonly object[] =>
  fewer(rules.flatMap(rule => acceptOf(rule, place))).flatMap(accept =>
    acceptRules(accept, place.direction),
  );

const tooMany = (rules: readonly object[], direction: Place['direction']): readonly string[] =>
  rules.length > MOST
    ? [
        `${rules.length} ${direction} rules: the API takes ${MOST}, and refuses it as it is; name peers by fewer labels, or keep the NetworkPolicy`,
      ]
    : [];

const isOutside = ({ rule }: DescribedRule): boolean =>
  rule.peers === null || rule.peers.some(({ kind }) => kind === 'ip-block');

const hasNamedPorts = ({ rule }: DescribedRule): boolean =>
  rule.ports?.some(({ kind }) => kind === 'named') === true &&
  rule.peers?.some(({ kind }) => kind === 'ip-block') === true;

/**
 * Of a lower number first. What is for all pods of a namespace accepts before the policies of its workloads, and denies the rest after
 * them, since the rules of NetworkPolicies add up and here the first that matches decides.
 */
const PRIORITY = { FIRST: 400, WORKLOAD: 500, LAST: 600 } as const;

type Rules = Readonly<Record<Place['direction'], readonly object[]>>;

const SIDES = ['ingress', 'egress'] as const;

function documentOf(policy: Policy, priority: number, rules: Rules, suffix = ''): object {
  const metadata = metadataOf(policy, 'cluster');
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { ...metadata, name: `${metadata.name}${suffix}` },
    spec: {
      tier: 'Baseline',
      priority,
      subject: {
        pods: {
          namespaceSelector: named(policy.namespace),
          podSelector: selectorOf(policy.subject.pods),
        },
      },
      ...(rules.ingress.length > 0 && { ingress: rules.ingress }),
      ...(rules.egress.length > 0 && { egress: rules.egress }),
    },
  };
}

function documentsOf(policy: Policy, accepts: Rules, denies: Rules): readonly object[] {
  const both = {
    ingress: [...accepts.ingress, ...denies.ingress],
    egress: [...accepts.egress, ...denies.egress],
  };
  if (policy.subject.pods.requirements.length > 0)
    return [documentOf(policy, PRIORITY.WORKLOAD, both)];
  if (SIDES.every(side => accepts[side].length === 0))
    return [documentOf(policy, PRIORITY.LAST, denies)];
  return [
    documentOf(policy, PRIORITY.FIRST, accepts),
    documentOf(policy, PRIORITY.LAST, denies, '.rest'),
  ];
}

/**
 * A ClusterNetworkPolicy of the Baseline tier: what holds where no NetworkPolicy selects the pods. Its rules are in order, the
 * last denies the rest; of a policy for all pods of a namespace that is a document of its own.
 */
export function clusterPolicy(described: Described): Rendering {
  const { policy } = described;
  const { ingress, egress } = rulesOf(described);
  const all = [...(ingress ?? []), ...(egress ?? [])];
  const accepts = {
    ingress: accepted(ingress ?? [], { policy, direction: 'ingress' }),
    egress: accepted(egress ?? [], { policy, direction: 'egress' }),
  };
  const denies = {
    ingress: ingress === null ? [] : [denyRest('ingress')],
    egress: egress === null ? [] : [denyRest('egress')],
  };
  return {
    documents: documentsOf(policy, accepts, denies),
    cannot: [
      'it acts only where no NetworkPolicy selects the pods, and the first rule that matches decides: rules of two policies for the same pods do not add up, but for those of all pods of a namespace',
      ...(ingress === null
        ? []
        : ['ingress from outside the cluster: such traffic is neither allowed nor denied']),
      ...((ingress ?? []).some(isOutside)
        ? ['ingress rules for addresses are left out: its ingress has no networks']
        : []),
      ...SIDES.flatMap(side => tooMany([...accepts[side], ...denies[side]], side)),
      ...(all.some(hasNamedPorts) ? ['ports by name towards addresses: they mean pods only'] : []),
      ...((egress ?? []).some(one => hostsOf(one).length > 0)
        ? ['hosts by name: its Baseline tier names networks only']
        : []),
    ],
  };
}
