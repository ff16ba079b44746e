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

/** Null: this kind has no such peer. A peer of its ingress is pods or namespaces; egress knows networks too. */
function peerOf(peer: Peer, { policy, direction }: Place): object | null {
  if (peer.kind === 'pods')
    return {
      pods: {
        namespaceSelector:
          peer.namespaces === null ? named(policy.namespace) : selectorOf(peer.namespaces),
        podSelector: selectorOf(peer.pods),
      },
    };
  const isBlock = peer.kind === 'ip-block' && peer.except.length === 0;
  return isBlock && direction === 'egress' ? { networks: [peer.cidr] } : null;
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

function acceptOf({ rule, word }: DescribedRule, place: Place): readonly object[] {
  const peers =
    rule.peers === null
      ? everybody(place.direction)
      : rule.peers.flatMap(peer => peerOf(peer, place) ?? []);
  if (peers.length === 0) return [];
  return [
    {
      name: (word?.peer ?? 'rule').slice(0, 100),
      action: 'Accept',
      [place.direction === 'ingress' ? 'from' : 'to']: peers,
      ...(rule.ports !== null && { protocols: rule.ports.map(protocolOf) }),
    },
  ];
}

const denyRest = (direction: Place['direction']): object => ({
  name: 'everything else',
  action: 'Deny',
  [direction === 'ingress' ? 'from' : 'to']: everybody(direction),
});

const sectionOf = (rules: readonly DescribedRule[] | null, place: Place): object =>
  rules === null
    ? {}
    : {
        [place.direction]: [
          ...rules.flatMap(rule => acceptOf(rule, place)),
          denyRest(place.direction),
        ],
      };

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
        ...sectionOf(ingress, { policy, direction: 'ingress' }),
        ...sectionOf(egress, { policy, direction: 'egress' }),
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
      ...(hosts.length > 0 ? ['hosts by name: its Baseline tier names networks only'] : []),
    ],
  };
}
