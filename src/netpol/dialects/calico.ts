import type { Requirement, Selector } from '../labels.js';
import type { Peer, PortMatch, Protocol } from '../policy.js';
import {
  chunks,
  type Described,
  type DescribedRule,
  hostsOf,
  isWhole,
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

type Entity = {
  readonly selector?: string;
  readonly namespaceSelector?: string;
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly ports?: readonly (number | string)[];
};

type CalicoRule = {
  readonly action: 'Allow';
  readonly protocol?: Protocol;
  readonly source?: Entity;
  readonly destination?: Entity;
};

type Spec = {
  readonly selector: string;
  readonly ingress?: readonly CalicoRule[];
  readonly egress?: readonly CalicoRule[];
};

/** So many blocks, ports, rules and characters of a selector its API takes. */
const MOST_NETS = 256;
const MOST_PORTS = 50;
const MOST_RULES = 1024;
const LONGEST_SELECTOR = 1024;

/** Each peer is a rule of its own: Calico takes one selector for each; blocks stand together. */
function entitiesOf(peers: readonly Peer[] | null): readonly Entity[] {
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
  const whole = [
    ...new Set(blocks.filter(({ except }) => except.length === 0).map(({ cidr }) => cidr)),
  ];
  const cut = blocks.filter(({ except }) => except.length > 0);
  return [
    ...pods,
    ...chunks(whole, MOST_NETS).map(nets => ({ nets })),
    ...cut.map(({ cidr, except }) => ({ nets: [cidr], notNets: [...new Set(except)] })),
  ];
}

const portText = (port: PortMatch): number | string => {
  if (port.kind === 'named') return port.name;
  return port.from === port.to ? port.from : `${port.from}:${port.to}`;
};

type Part = { readonly protocol?: Protocol; readonly ports?: readonly (number | string)[] };

/** One part for each protocol, or more where there are many ports; without ports it means all of it. */
function portParts(ports: readonly PortMatch[] | null): readonly Part[] {
  if (ports === null) return [{}];
  const byProtocol = Map.groupBy(ports, ({ protocol }) => protocol ?? 'TCP');
  return [...byProtocol].flatMap(([protocol, same]): readonly Part[] =>
    same.some(isWhole)
      ? [{ protocol }]
      : chunks(same.map(portText), MOST_PORTS).map(ports => ({ protocol, ports })),
  );
}

function rulesText(
  { rule }: DescribedRule,
  direction: 'ingress' | 'egress',
): readonly CalicoRule[] {
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

/** What its API would refuse. */
function tooMuch({ spec }: { readonly spec: Spec }): readonly string[] {
  const rules = [...(spec.ingress ?? []), ...(spec.egress ?? [])];
  const most = Math.max(spec.ingress?.length ?? 0, spec.egress?.length ?? 0);
  const excepted = rules.some(({ source, destination }) =>
    [source, destination].some(entity => (entity?.notNets?.length ?? 0) > MOST_NETS),
  );
  const selectors = [
    spec.selector,
    ...rules.flatMap(({ source, destination }) =>
      [source, destination].flatMap(entity => [
        entity?.selector ?? '',
        entity?.namespaceSelector ?? '',
      ]),
    ),
  ];
  return [
    ...(most > MOST_RULES
      ? [`${most} rules of a direction: the API takes ${MOST_RULES}, and refuses it as it is`]
      : []),
    ...(excepted
      ? [`more than ${MOST_NETS} excepted blocks of one rule, which the API refuses`]
      : []),
    ...(selectors.some(text => text.length > LONGEST_SELECTOR)
      ? [`a selector longer than ${LONGEST_SELECTOR} characters, which the API refuses`]
      : []),
  ];
}

/** A NetworkPolicy of `projectcalico.org/v3`, at the order that Calico gives to Kubernetes' own: rules of both add up. */
export function calicoPolicy(described: Described): Rendering {
  const { policy } = described;
  const { ingress, egress } = rulesOf(described);
  const hosts = (egress ?? []).flatMap(hostsOf);
  const document = {
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
  };
  return {
    documents: [document],
    cannot: [
      ...(hosts.length > 0
        ? [
            `hosts by name (${[...new Set(hosts)].toSorted().join(', ')}): open-source Calico has no domains, so that the addresses seen are named`,
          ]
        : []),
      ...tooMuch(document),
    ],
  };
}
