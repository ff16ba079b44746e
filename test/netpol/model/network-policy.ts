import { anyOf, bothOf, inBlock, type Match } from './match.js';
import type { Answer, NetworkPolicy, Peer, PolicyPort, PolicyRule } from './objects.js';
import { selects, selectsOrAbsent } from './selector.js';
import {
  type Direction,
  listener,
  PROTOCOLS,
  portNumber,
  protocolOf,
  type Situation,
} from './situation.js';

const namespaceOf = (policy: NetworkPolicy): string => policy.metadata.namespace || 'default';

/**
 * Row 1: missing or empty means ingress always, and egress with at least one egress rule. Sections that given
 * policyTypes do not list are ignored.
 */
const concerns = (policy: NetworkPolicy, direction: Direction): boolean => {
  const types = policy.spec.policyTypes ?? [];
  if (types.length > 0) return types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  return direction === 'ingress' || (policy.spec.egress ?? []).length > 0;
};

/** Rows 2 and 17. */
const isSubject = (policy: NetworkPolicy, situation: Situation): boolean => {
  const { subject, modes, touch } = situation;
  if (namespaceOf(policy) !== subject.namespace) return false;
  if (subject.hostNetwork && modes.hostNetwork === 'nodes') return false;
  return selectsOrAbsent(policy.spec.podSelector, subject.labels, touch);
};

/** Row 5: both selectors of one item must hold; an absent namespaceSelector is the policy's own namespace. */
const podPeerMatches = (policy: NetworkPolicy, peer: Peer, situation: Situation): boolean => {
  const { modes, touch } = situation;
  const pod = situation.peer.pod;
  if (pod === null) return false;
  if (pod.hostNetwork && modes.hostNetwork === 'nodes') return false;
  if (peer.namespaceSelector === null || peer.podSelector === null)
    touch('null selector in a peer');
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, pod.namespaceLabels, touch)
    : pod.namespace === namespaceOf(policy);
  return inNamespace && selectsOrAbsent(peer.podSelector, pod.labels, touch);
};

/** Rows 10, 11 and 17: the address of a node matches in mode `never` too. */
const blockMatches = (peer: Peer, situation: Situation): Match => {
  const { modes, touch } = situation;
  const pod = situation.peer.pod;
  const stands = pod?.hostNetwork && modes.hostNetwork === 'nodes' ? null : pod;
  if (stands !== null && modes.ipBlockPods === 'never') return false;
  const { cidr = '', except } = peer.ipBlock ?? {};
  const match = inBlock(situation.peer, cidr, except ?? []);
  const whom = pod === null ? 'an outside end' : 'a pod';
  touch(`ipBlock against ${whom}: ${match}`);
  if (match === false && inBlock(situation.peer, cidr) === true) touch('except holds out');
  return match;
};

const peersMatch = (policy: NetworkPolicy, rule: PolicyRule, situation: Situation): Match => {
  const peers = (situation.direction === 'ingress' ? rule.from : rule.to) ?? [];
  if (peers.length === 0) return true;
  return anyOf(
    peers.map(peer =>
      peer.ipBlock ? blockMatches(peer, situation) : podPeerMatches(policy, peer, situation),
    ),
  );
};

/** Row 13: by name and protocol, on the pod that listens; repeated names are a union. */
const namedPortMatches = (name: string, protocol: string, situation: Situation): boolean => {
  const pod = listener(situation);
  if (pod === null) return false;
  if (pod.hostNetwork && situation.modes.hostNetwork === 'nodes') return false;
  const found = pod.ports.some(
    port =>
      port.name === name &&
      protocolOf(port) === protocol &&
      port.containerPort === portNumber(situation),
  );
  situation.touch(`NetworkPolicy named port ${found ? 'resolved' : 'not found'}`);
  return found;
};

/** Row 12. */
const portMatches = (port: PolicyPort, situation: Situation): boolean => {
  const protocol = port.protocol || 'TCP';
  if (protocol !== situation.protocol) return false;
  if (port.port === null || port.port === undefined) return true;
  if (typeof port.port === 'string') return namedPortMatches(port.port, protocol, situation);
  const last = port.endPort ?? port.port;
  return port.port <= portNumber(situation) && portNumber(situation) <= last;
};

const portsMatch = (rule: PolicyRule, situation: Situation): boolean => {
  const ports = rule.ports ?? [];
  return ports.length === 0 || ports.some(port => portMatches(port, situation));
};

const rulesOf = (policy: NetworkPolicy, direction: Direction): readonly PolicyRule[] =>
  policy.spec[direction] ?? [];

/** The answer of the NetworkPolicy tier; null when no policy selects the subject in this direction. */
export const askNetworkPolicies = (
  policies: readonly NetworkPolicy[],
  situation: Situation,
): Answer | null => {
  const { direction, protocol, touch } = situation;
  const selecting = policies.filter(
    policy => concerns(policy, direction) && isSubject(policy, situation),
  );
  if (selecting.length === 0) return null;
  if (selecting.length > 1) touch('several policies select a pod');
  if (!PROTOCOLS.includes(protocol)) {
    return { verdict: 'UNDECIDABLE', basis: 'undefined-protocol' };
  }
  const match = anyOf(
    selecting.flatMap(policy =>
      rulesOf(policy, direction).map(rule =>
        bothOf(portsMatch(rule, situation), peersMatch(policy, rule, situation)),
      ),
    ),
  );
  if (match === true) return { verdict: 'ALLOWED', basis: 'policy' };
  if (match === false || situation.purpose === 'map') return { verdict: 'DENIED', basis: 'policy' };
  return { verdict: 'UNDECIDABLE', basis: match };
};
