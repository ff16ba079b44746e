import { METADATA_NAME, type Requirement, type Selector } from '../labels.js';
import type { Peer, PortMatch } from '../policy.js';
import {
  chunks,
  type Described,
  type DescribedRule,
  hostsOf,
  isWhole,
  metadataOf,
  type Rendering,
  type RuleWord,
  rulesOf,
} from './dialect.js';

const NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const NAMESPACE_LABEL = 'k8s:io.cilium.k8s.namespace.labels.';

/** Everything that is matched by one value is in `matchLabels`, as people write it. */
function selectorOf(requirements: readonly Requirement[]): object {
  const isLabel = ({ operator, values }: Requirement) => operator === 'In' && values.length === 1;
  const labels = requirements.filter(isLabel).map(({ key, values }) => [key, values[0]] as const);
  const expressions = requirements
    .filter(one => !isLabel(one))
    .map(({ key, operator, values }) => ({ key, operator, ...(values.length > 0 && { values }) }));
  return {
    ...(labels.length > 0 && { matchLabels: Object.fromEntries(labels) }),
    ...(expressions.length > 0 && { matchExpressions: expressions }),
  };
}

const ofNamespace = ({ key, ...rest }: Requirement): Requirement => ({
  ...rest,
  key: key === METADATA_NAME ? NAMESPACE : NAMESPACE_LABEL + key,
});

/** Without a word on the namespace Cilium means the policy's own; of any namespace a pod just has one. */
function endpointOf(namespaces: Selector | null, pods: Selector): object {
  if (namespaces === null) return selectorOf(pods.requirements);
  const any: Requirement = { key: NAMESPACE, operator: 'Exists', values: [] };
  const where = namespaces.requirements.map(ofNamespace);
  return selectorOf([...pods.requirements, ...(where.length > 0 ? where : [any])]);
}

const OF_NODES: readonly string[] = ['host', 'remote-node'];

/** Cilium knows nodes and the API server by identity: their addresses match no CIDR. */
function entitiesOf(word: RuleWord | null): readonly string[] | null {
  const isApiServer = word?.origin === 'API_SERVER' || word?.peer === 'EXTERNAL:kube-apiserver';
  if (isApiServer) return ['kube-apiserver'];
  return /^(.* on )?cluster nodes$/.test(word?.peer ?? '') ? OF_NODES : null;
}

/** Nodes among other peers. */
const hasNodesBeside = (word: RuleWord | null): boolean =>
  entitiesOf(word) === null && / and cluster nodes$/.test(word?.peer ?? '');

/** Who comes through an entrance may have the address of the node that took the connection. */
const everybodyOf = (word: RuleWord | null): readonly string[] =>
  word?.origin === 'ENTRANCE' ? ['world', 'host', 'remote-node'] : ['world'];

const isEverybody = (peer: Peer): boolean =>
  peer.kind === 'ip-block' && /\/0$/.test(peer.cidr) && peer.except.length === 0;

const cidrSet = (peer: Peer): readonly object[] =>
  peer.kind === 'ip-block' && !isEverybody(peer)
    ? [{ cidr: peer.cidr, ...(peer.except.length > 0 && { except: peer.except }) }]
    : [];

/** The node-local cache of DNS has an address of the node. */
const isNodeLocal = (peer: Peer): boolean =>
  peer.kind === 'ip-block' && /^(169\.254\.20\.|169\.254\.25\.|fd00::10\/)/.test(peer.cidr);

const isNodeLocalDns = ({ rule, word }: DescribedRule): boolean =>
  word?.origin === 'DNS' && (rule.peers ?? []).some(isNodeLocal);

/** The entities instead of a rule's blocks; null: its blocks. */
function entitiesInstead({ rule, word }: DescribedRule): readonly string[] | null {
  const known = entitiesOf(word);
  if (known !== null) return known;
  return rule.peers?.some(isEverybody) === true ? everybodyOf(word) : null;
}

/** The peers of a rule, each kind in a rule of its own: Cilium takes one kind for each. */
function peerParts(described: DescribedRule, side: 'from' | 'to'): readonly object[] {
  const { rule } = described;
  if (rule.peers === null) return [{ [`${side}Entities`]: ['all'] }];
  const endpoints = rule.peers.flatMap(peer =>
    peer.kind === 'pods' ? [endpointOf(peer.namespaces, peer.pods)] : [],
  );
  const hosts = side === 'to' ? hostsOf(described) : [];
  const entities = entitiesInstead(described);
  const cidrs = entities !== null || hosts.length > 0 ? [] : rule.peers.flatMap(cidrSet);
  const hasBlocks = rule.peers.some(({ kind }) => kind === 'ip-block');
  return [
    ...(endpoints.length > 0 ? [{ [`${side}Endpoints`]: endpoints }] : []),
    ...(entities !== null && hasBlocks ? [{ [`${side}Entities`]: entities }] : []),
    ...(entities === null && hosts.length > 0
      ? [{ toFQDNs: hosts.map(matchName => ({ matchName })) }]
      : []),
    ...(cidrs.length > 0 ? [{ [`${side}CIDRSet`]: cidrs }] : []),
    ...(hasNodesBeside(described.word) ? [{ [`${side}Entities`]: OF_NODES }] : []),
    ...(isNodeLocalDns(described) ? [{ toEntities: ['host'] }] : []),
  ];
}

const portOf = (port: PortMatch): object => {
  if (port.kind === 'named') return { port: port.name, protocol: port.protocol ?? 'ANY' };
  const { protocol, from, to } = port;
  if (isWhole(port)) return { port: '0', protocol };
  return { port: `${from}`, ...(to > from && { endPort: to }), protocol };
};

/** Names are known to Cilium only from the answers that pass its DNS proxy. */
const proxied = ({ word }: DescribedRule, isNamed: boolean): object =>
  word?.origin === 'DNS' && isNamed ? { rules: { dns: [{ matchPattern: '*' }] } } : {};

/** "too many ports, the max is 40" */
const MOST_PORTS = 40;

function ruleParts(described: DescribedRule, side: 'from' | 'to', isNamed: boolean) {
  const ports = described.rule.ports;
  const toPorts =
    ports === null
      ? {}
      : {
          toPorts: chunks(ports.map(portOf), MOST_PORTS).map(some => ({
            ports: some,
            ...proxied(described, isNamed),
          })),
        };
  return peerParts(described, side).map(part => ({ ...part, ...toPorts }));
}

/** "An empty rule" isolates the direction and allows nothing. */
const orNothing = (rules: readonly object[]): readonly object[] =>
  rules.length > 0 ? rules : [{}];

type Sides = ReturnType<typeof rulesOf>;

const isAnyNamed = ({ egress }: Sides): boolean =>
  (egress ?? []).some(one => hostsOf(one).length > 0);

function cannotOf(sides: Sides): readonly string[] {
  const egress = sides.egress ?? [];
  const all = [...(sides.ingress ?? []), ...egress];
  const isNamed = isAnyNamed(sides);
  const hasRange = all.some(({ rule }) =>
    rule.ports?.some(port => port.kind === 'range' && port.to > port.from && !isWhole(port)),
  );
  return [
    ...(isNamed
      ? [
          'hosts are allowed by name, at whatever address DNS answers, instead of the addresses seen',
        ]
      : []),
    ...(isNamed && !egress.some(({ word }) => word?.origin === 'DNS')
      ? ['hosts by name need a rule for DNS that passes the proxy of Cilium: the policy has none']
      : []),
    ...(egress.some(isNodeLocalDns)
      ? [
          'the node-local cache of DNS is the host; where a redirect policy leads to pods of it, these need a rule',
        ]
      : []),
    ...(hasRange ? ['ranges of ports (endPort) need Cilium 1.16 or later'] : []),
    ...(all.some(({ word }) => entitiesOf(word) !== null || hasNodesBeside(word))
      ? ['nodes and the API server are entities, whatever addresses the NetworkPolicy names']
      : []),
  ];
}

/** A CiliumNetworkPolicy: nodes, the API server and everybody by entity, hosts by name. */
export function ciliumPolicy(described: Described): Rendering {
  const { policy } = described;
  const sides = rulesOf(described);
  const isNamed = isAnyNamed(sides);
  const inward = sides.ingress?.flatMap(one => ruleParts(one, 'from', false));
  const outward = sides.egress?.flatMap(one => ruleParts(one, 'to', isNamed));
  return {
    documents: [
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: metadataOf(policy, 'namespace'),
        spec: {
          endpointSelector: selectorOf(policy.subject.pods.requirements),
          ...(inward !== undefined && { ingress: orNothing(inward) }),
          ...(outward !== undefined && { egress: orNothing(outward) }),
        },
      },
    ],
    cannot: cannotOf(sides),
  };
}
