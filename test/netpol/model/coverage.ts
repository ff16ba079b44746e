import { parseBlock } from './address.js';
import type { SmallWorld } from './arbitrary-world.js';
import type {
  AdminPolicy,
  AdminRule,
  KubeObject,
  NetworkPolicy,
  Peer,
  PolicyPort,
  PolicyRule,
} from './objects.js';
import { POINTS } from './points.js';

/** How often each construct was in a world, and each point of the law was passed by a verdict. */
export type Tally = Map<string, number>;

export const count = (tally: Tally, name: string): void => {
  tally.set(name, (tally.get(name) ?? 0) + 1);
};

const hasHostBits = (cidr: string): boolean => {
  const [host, length] = cidr.split('/');
  const width = host?.includes(':') ? 128 : 32;
  const own = parseBlock(`${host}/${width}`);
  return own?.first !== parseBlock(`${host}/${length}`)?.first;
};

const peerNames = ({ podSelector, namespaceSelector, ipBlock }: Peer): string[] => {
  if (!ipBlock) {
    const parts = [podSelector ? 'pods' : null, namespaceSelector ? 'namespaces' : null];
    return [`peer of ${parts.filter(part => part !== null).join(' and ') || 'nothing'}`];
  }
  return [
    ipBlock.cidr.includes(':') ? 'ipBlock IPv6' : 'ipBlock IPv4',
    ...((ipBlock.except ?? []).length > 0 ? ['ipBlock with except'] : []),
    ...(hasHostBits(ipBlock.cidr) ? ['ipBlock with host bits'] : []),
  ];
};

const portNames = ({ protocol, port, endPort }: PolicyPort): string[] => [
  protocol ? `port of ${protocol}` : 'port without protocol',
  port === undefined || port === null ? 'protocol without port' : `port as ${typeof port}`,
  ...(endPort ? ['endPort'] : []),
];

const stateOf = (list: readonly unknown[] | null | undefined): string => {
  if (list === undefined) return 'absent';
  if (list === null) return 'null';
  return list.length === 0 ? 'empty' : 'filled';
};

const ruleNames = (rule: PolicyRule, side: 'from' | 'to'): string[] => [
  `${side} ${stateOf(rule[side])}`,
  `ports ${stateOf(rule.ports)}`,
  ...(rule[side] ?? []).flatMap(peerNames),
  ...(rule.ports ?? []).flatMap(portNames),
];

const policyNames = ({ spec }: NetworkPolicy): string[] => [
  `policyTypes ${stateOf(spec.policyTypes)}`,
  `ingress ${stateOf(spec.ingress)}`,
  `egress ${stateOf(spec.egress)}`,
  `podSelector ${spec.podSelector === undefined ? 'absent' : spec.podSelector ? 'there' : 'null'}`,
  ...(spec.egress && !spec.ingress && !spec.policyTypes ? ['egress only without policyTypes'] : []),
  ...(spec.ingress ?? []).flatMap(rule => ruleNames(rule, 'from')),
  ...(spec.egress ?? []).flatMap(rule => ruleNames(rule, 'to')),
];

const adminRuleNames = (kind: string, rule: AdminRule): string[] => [
  `${kind} ${rule.action}`,
  ...[...(rule.from ?? []), ...(rule.to ?? [])].map(
    peer => `${kind} peer ${Object.keys(peer)[0] ?? 'of nothing'}`,
  ),
  ...(rule.ports ?? []).map(port => `${kind} ${Object.keys(port)[0]}`),
  ...(rule.protocols ?? []).flatMap(protocol =>
    Object.entries(protocol).map(([key, value]) =>
      key === 'tcp' && JSON.stringify(value) === '{}' ? `${kind} tcp: {}` : `${kind} ${key}`,
    ),
  ),
];

const adminNames = ({ kind, spec }: AdminPolicy): string[] => [
  `${kind} ${spec.tier ?? ''}`.trim(),
  `${kind} subject ${Object.keys(spec.subject)[0]}`,
  ...[...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(rule => adminRuleNames(kind, rule)),
];

const podNames = (object: KubeObject & { readonly kind: 'Pod' }): string[] => {
  const { spec, status, metadata } = object;
  const ips = status?.podIPs ?? [];
  const names = [...spec.containers].flatMap(({ ports }) => (ports ?? []).map(({ name }) => name));
  const repeated = names.some((name, index) => name && names.indexOf(name) !== index);
  return [
    `pod with ${ips.length} addresses`,
    ...(ips.some(({ ip }) => ip.includes(':')) ? ['pod with IPv6'] : []),
    ...(spec.hostNetwork ? ['pod on the host network'] : []),
    ...(status?.phase === 'Succeeded' ? ['pod that has ended'] : []),
    ...(metadata.namespace ? [] : ['pod without a namespace']),
    ...(repeated ? ['port name repeated in several containers'] : []),
    ...(spec.initContainers ?? []).map(({ restartPolicy }) =>
      restartPolicy ? 'sidecar init container' : 'plain init container',
    ),
  ];
};

const objectNames = (object: KubeObject): string[] => {
  switch (object.kind) {
    case 'Pod':
      return podNames(object);
    case 'NetworkPolicy':
      return policyNames(object);
    case 'Namespace':
      return object.metadata.labels?.['kubernetes.io/metadata.name']
        ? ['namespace with its name label']
        : ['namespace without its name label'];
    case 'AdminNetworkPolicy':
    case 'BaselineAdminNetworkPolicy':
    case 'ClusterNetworkPolicy':
      return adminNames(object);
    default:
      return [object.kind];
  }
};

const priorities = (objects: readonly KubeObject[]): string[] => {
  const baseline = objects.flatMap(object => {
    if (object.kind === 'BaselineAdminNetworkPolicy') return ['baseline 1000'];
    if (object.kind === 'ClusterNetworkPolicy' || object.kind === 'AdminNetworkPolicy') {
      const tier = object.spec.tier === 'Baseline' ? 'baseline' : 'admin';
      return [`${tier} ${object.spec.priority}`];
    }
    return [];
  });
  const tied = baseline.filter((each, index) => baseline.indexOf(each) !== index);
  return tied.map(
    each => `equal priorities, ${each === 'baseline 1000' ? each : each.split(' ')[0]}`,
  );
};

const impliedNamespaces = (objects: readonly KubeObject[]): string[] => {
  const declared = objects.flatMap(({ kind, metadata }) =>
    kind === 'Namespace' ? [metadata.name] : [],
  );
  const implied = objects.some(
    ({ kind, metadata }) => kind === 'Pod' && !declared.includes(metadata.namespace || 'default'),
  );
  return implied ? ['namespace implied by pods only'] : [];
};

export const countWorld = (tally: Tally, { objects, modes, form }: SmallWorld): void => {
  const names = [
    ...objects.flatMap(objectNames),
    ...priorities(objects),
    ...impliedNamespaces(objects),
    `mode hostNetwork ${modes.hostNetwork}`,
    `mode ipBlockPods ${modes.ipBlockPods}`,
    `written as ${form}`,
  ];
  for (const name of names) count(tally, name);
};

/** The points that were never reached. */
export const missingFrom = (tally: Tally): string[] => POINTS.filter(point => !tally.has(point));
