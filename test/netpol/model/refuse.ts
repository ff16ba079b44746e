import { isStrictlyInside, parseBlock } from './address.js';
import type {
  AdminPolicy,
  AdminRule,
  IpBlock,
  KubeObject,
  LabelSelector,
  Maybe,
  NetworkPolicy,
  Peer,
  PolicyPort,
  PolicyRule,
} from './objects.js';
import { PROTOCOLS } from './situation.js';

const isSelector = (selector: Maybe<LabelSelector>): boolean =>
  (selector?.matchExpressions ?? []).every(({ operator, values }) => {
    if (operator === 'In' || operator === 'NotIn') return (values ?? []).length > 0;
    return (operator === 'Exists' || operator === 'DoesNotExist') && (values ?? []).length === 0;
  });

const isPortNumber = (port: number): boolean =>
  Number.isInteger(port) && port >= 1 && port <= 65535;

const isProtocol = (protocol: Maybe<string>): boolean => !protocol || PROTOCOLS.includes(protocol);

const isBlock = ({ cidr, except }: IpBlock): boolean => {
  const outer = parseBlock(cidr);
  return (
    outer !== null &&
    (except ?? []).every(text => {
      const inner = parseBlock(text);
      return inner !== null && isStrictlyInside(inner, outer);
    })
  );
};

const isPeer = ({ podSelector, namespaceSelector, ipBlock }: Peer): boolean => {
  if (ipBlock) return !podSelector && !namespaceSelector && isBlock(ipBlock);
  if (!podSelector && !namespaceSelector) return false;
  return isSelector(podSelector) && isSelector(namespaceSelector);
};

const isPort = ({ protocol, port, endPort }: PolicyPort): boolean => {
  if (!isProtocol(protocol)) return false;
  if (typeof port === 'number' && !isPortNumber(port)) return false;
  if (endPort === null || endPort === undefined) return true;
  return typeof port === 'number' && isPortNumber(endPort) && endPort >= port;
};

const isRule = ({ from, to, ports }: PolicyRule): boolean =>
  [...(from ?? []), ...(to ?? [])].every(isPeer) && (ports ?? []).every(isPort);

const isNetworkPolicy = ({ spec }: NetworkPolicy): boolean =>
  isSelector(spec.podSelector) &&
  (spec.policyTypes ?? []).every(type => type === 'Ingress' || type === 'Egress') &&
  [...(spec.ingress ?? []), ...(spec.egress ?? [])].every(isRule);

const ACTIONS = {
  AdminNetworkPolicy: ['Allow', 'Deny', 'Pass'],
  BaselineAdminNetworkPolicy: ['Allow', 'Deny'],
  ClusterNetworkPolicy: ['Accept', 'Deny', 'Pass'],
} as const;

const isAdminRule = (policy: AdminPolicy, { action, from, to }: AdminRule): boolean => {
  const actions: readonly string[] = ACTIONS[policy.kind];
  const selectors = [...(from ?? []), ...(to ?? [])].flatMap(peer => [
    peer.namespaces,
    peer.pods?.namespaceSelector,
    peer.pods?.podSelector,
    peer.nodes,
  ]);
  const blocks = [...(from ?? []), ...(to ?? [])].flatMap(({ networks }) => networks ?? []);
  return (
    actions.includes(action) &&
    selectors.every(isSelector) &&
    blocks.every(text => parseBlock(text) !== null)
  );
};

const isAdminPolicy = (policy: AdminPolicy): boolean => {
  const { subject, ingress, egress } = policy.spec;
  const selectors = [
    subject.namespaces,
    subject.pods?.namespaceSelector,
    subject.pods?.podSelector,
  ];
  return (
    selectors.every(isSelector) &&
    [...(ingress ?? []), ...(egress ?? [])].every(rule => isAdminRule(policy, rule))
  );
};

/** Row 22: a problem with line and column, and the whole document is refused. */
export const isRefused = (object: KubeObject): boolean => {
  switch (object.kind) {
    case 'NetworkPolicy':
      return !isNetworkPolicy(object);
    case 'AdminNetworkPolicy':
    case 'BaselineAdminNetworkPolicy':
    case 'ClusterNetworkPolicy':
      return !isAdminPolicy(object);
    default:
      return false;
  }
};
