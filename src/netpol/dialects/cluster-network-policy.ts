import { METADATA_NAME, type Requirement, type Selector } from '../labels.js';
import type { Peer, Policy, PortMatch } from '../policy.js';
import {
  type Described,
  type DescribedRule,
  hostOf,
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

const chunks = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / MOST) }, (_, place) =>
    all.slice(place * MOST, (place + 1) * MOST),
  );

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
  return [...pods, ...chunks(networks).map(some => ({ networks: some }))];
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
  chunks(peers).flatMap(somePeers =>
    (protocols === null ? [null] : chunks(protocols)).map(someProtocols => ({
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

function rulesFor(rules: readonly DescribedRule[] | null, place: Place): readonly object[] {
  if (rules === null) return [];
  const accepts = fewer(rules.flatMap(rule => acceptOf(rule, place)));
  return [
    ...accepts.flatMap(accept => acceptRules(accept, place.direction)),
    denyRest(place.direction),
  ];
}

const tooMany = (rules: readonly object[], direction: Place['direction']): readonly string[] =>
  rules.length > MOST
    ? [
        `${rules.length} ${direction} rules: the API takes ${MOST}, and refuses it as it is; name peers by fewer labels, or keep the NetworkPolicy`,
      ]
    : [];

const isOutside = ({ rule }: DescribedRule): boolean =>
  rule.peers === null || rule.peers.some(({ kind }) => kind === 'ip-block');

/**
 * A ClusterNetworkPolicy of the Baseline tier: what holds where no NetworkPolicy selects the pods. Its rules are in order, the
 * last denies the rest.
 */
export function clusterPolicy(described: Described): Rendering {
  const { policy } = described;
  const { ingress, egress } = rulesOf(described);
  const hosts = (egress ?? []).filter(({ word }) => hostOf(word) !== null);
  const inward = rulesFor(ingress, { policy, direction: 'ingress' });
  const outward = rulesFor(egress, { policy, direction: 'egress' });
  return {
    document: {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: metadataOf(policy, 'cluster'),
      spec: {
        tier: 'Baseline',
        priority: 500,
        subject: {
          pods: {
            namespaceSelector: named(policy.namespace),
            podSelector: selectorOf(policy.subject.pods),
          },
        },
        ...(inward.length > 0 && { ingress: inward }),
        ...(outward.length > 0 && { egress: outward }),
      },
    },
    cannot: [
      'it acts only where no NetworkPolicy selects the pods, and is not added to other policies: the first that matches decides',
      ...(ingress === null
        ? []
        : ['ingress from outside the cluster: such traffic is neither allowed nor denied']),
      ...((ingress ?? []).some(isOutside)
        ? ['ingress rules for addresses are left out: its ingress has no networks']
        : []),
      ...tooMany(inward, 'ingress'),
      ...tooMany(outward, 'egress'),
      ...(hosts.length > 0 ? ['hosts by name: its Baseline tier names networks only'] : []),
    ],
  };
}
