import type { Requirement, Selector } from '../labels.js';
import type { Peer, PortMatch, Protocol } from '../policy.js';
import {
  type Described,
  type DescribedRule,
  hostOf,
  metadataOf,
  type Rendering,
  rulesOf,
} from './dialect.js';

const quoted = (text: string): string => `'${text}'`;

/** Calico's `not in` holds for resources without the label too, as NetworkPolicy's does. */
function expressionOf({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1
        ? `${key} == ${quoted(values[0] ?? '')}`
        : `${key} in { ${values.map(quoted).join(', ')} }`;
    case 'NotIn':
      return `${key} not in { ${values.map(quoted).join(', ')} }`;
    case 'Exists':
      return `has(${key})`;
    case 'DoesNotExist':
      return `!has(${key})`;
  }
}

const selectorText = ({ requirements }: Selector): string =>
  requirements.length === 0 ? 'all()' : requirements.map(expressionOf).join(' && ');

/** Each peer is a rule of its own: Calico takes one selector for each; blocks stand together. */
function entitiesOf(peers: readonly Peer[] | null): readonly object[] {
  if (peers === null) return [{}];
  const pods = peers.flatMap(peer =>
    peer.kind === 'pods'
      ? [
          {
            selector: selectorText(peer.pods),
            ...(peer.namespaces !== null && { namespaceSelector: selectorText(peer.namespaces) }),
          },
        ]
      : [],
  );
  const blocks = peers.flatMap(peer => (peer.kind === 'ip-block' ? [peer] : []));
  const whole = blocks.filter(({ except }) => except.length === 0).map(({ cidr }) => cidr);
  const cut = blocks.filter(({ except }) => except.length > 0);
  return [
    ...pods,
    ...(whole.length > 0 ? [{ nets: whole }] : []),
    ...cut.map(({ cidr, except }) => ({ nets: [cidr], notNets: except })),
  ];
}

const portText = (port: PortMatch): number | string => {
  if (port.kind === 'named') return port.name;
  return port.from === port.to ? port.from : `${port.from}:${port.to}`;
};

const isWhole = (port: PortMatch): boolean =>
  port.kind === 'range' && port.from === 1 && port.to === 65_535;

type Part = { readonly protocol?: Protocol; readonly ports?: readonly (number | string)[] };

/** One part for each protocol; none of them means all of it. */
function portParts(ports: readonly PortMatch[] | null): readonly Part[] {
  if (ports === null) return [{}];
  const byProtocol = Map.groupBy(ports, ({ protocol }) => protocol ?? 'TCP');
  return [...byProtocol].map(([protocol, same]) => ({
    protocol,
    ...(!same.some(isWhole) && { ports: same.map(portText) }),
  }));
}

function rulesText({ rule }: DescribedRule, direction: 'ingress' | 'egress'): readonly object[] {
  return entitiesOf(rule.peers).flatMap(entity =>
    portParts(rule.ports).map(({ protocol, ports }) => {
      const target = ports === undefined ? {} : { ports };
      const isIngress = direction === 'ingress';
      const destination = isIngress ? target : { ...entity, ...target };
      return {
        action: 'Allow',
        ...(protocol !== undefined && { protocol }),
        ...(isIngress && Object.keys(entity).length > 0 && { source: entity }),
        ...(Object.keys(destination).length > 0 && { destination }),
      };
    }),
  );
}

/** A NetworkPolicy of `projectcalico.org/v3`, at the order that Calico gives to Kubernetes' own. */
export function calicoPolicy(described: Described): Rendering {
  const { policy } = described;
  const { ingress, egress } = rulesOf(described);
  const hosts = (egress ?? []).flatMap(({ word }) => hostOf(word) ?? []);
  return {
    document: {
      apiVersion: 'projectcalico.org/v3',
      kind: 'NetworkPolicy',
      metadata: metadataOf(policy, 'namespace'),
      spec: {
        order: 1000,
        selector: selectorText(policy.subject.pods),
        types: [...(ingress === null ? [] : ['Ingress']), ...(egress === null ? [] : ['Egress'])],
        ...(ingress !== null && { ingress: ingress.flatMap(one => rulesText(one, 'ingress')) }),
        ...(egress !== null && { egress: egress.flatMap(one => rulesText(one, 'egress')) }),
      },
    },
    cannot: [
      ...(hosts.length > 0
        ? [
            `hosts by name (${[...new Set(hosts)].toSorted().join(', ')}): open-source Calico has no domains, so that the addresses seen are named`,
          ]
        : []),
    ],
  };
}
