import type { ModelNode, ModelPod, Party } from './inventory.js';
import { anyOf, either, inBlock, type Match } from './match.js';
import type {
  AdminPeer,
  AdminPolicy,
  AdminPort,
  AdminProtocol,
  AdminRule,
  Answer,
  LabelSelector,
  NamespacedPod,
  TransportMatch,
} from './objects.js';
import { selects, selectsOrAbsent } from './selector.js';
import { listener, portNumber, protocolOf, type Situation } from './situation.js';

/** "`*.` wildcard of one or more labels". */
export const domainMatches = (pattern: string, name: string): boolean => {
  const wanted = pattern.toLowerCase().replace(/\.$/, '');
  const asked = name.toLowerCase().replace(/\.$/, '');
  if (!wanted.startsWith('*.')) return wanted === asked;
  return asked.endsWith(wanted.slice(1)) && asked.length > wanted.length - 1;
};

/** Row 26: hostNetwork pods are never subjects nor pods of a peer, in either mode. */
const namespacedPodMatches = (
  { namespaceSelector, podSelector }: NamespacedPod,
  pod: ModelPod,
  situation: Situation,
): boolean =>
  !pod.hostNetwork &&
  selectsOrAbsent(namespaceSelector, pod.namespaceLabels, situation.touch) &&
  selectsOrAbsent(podSelector, pod.labels, situation.touch);

const isSubject = ({ spec }: AdminPolicy, situation: Situation): boolean => {
  const { namespaces, pods } = spec.subject;
  const chosen: NamespacedPod = pods ?? { namespaceSelector: namespaces ?? {} };
  return namespacedPodMatches(chosen, situation.subject, situation);
};

const sameAddress = (party: Party, node: ModelNode): boolean =>
  party.addresses.some(one =>
    node.addresses.some(other => one.family === other.family && one.value === other.value),
  );

const isEmpty = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length + (matchExpressions ?? []).length === 0;

/** API: "It selects the nodeIPs as the peer type by matching on the IPs present in node.Status.Addresses". */
const nodesMatch = (
  selector: LabelSelector,
  nodes: readonly ModelNode[],
  situation: Situation,
): Match => {
  const { peer, touch } = situation;
  if (peer.domain !== null) return false;
  const isNode = peer.node !== null;
  if (!isNode && peer.pod !== null && !peer.pod.hostNetwork) return false;
  if (peer.pod !== null && peer.addresses.length === 0 && peer.pod.node === null) {
    // It runs on some node, not known on which.
    return isEmpty(selector) || 'missing-inventory';
  }
  const found = nodes.some(
    node =>
      (peer.node?.name === node.name || peer.pod?.node === node.name || sameAddress(peer, node)) &&
      selects(selector, node.labels, touch),
  );
  touch(`nodes peer against ${isNode ? 'a node' : 'another end'}: ${found}`);
  return found;
};

/** Row 27: networks match pods of the cluster by address. */
const networksMatch = (networks: readonly string[], { peer, touch }: Situation): Match => {
  const match = anyOf(networks.map(cidr => inBlock(peer, cidr)));
  touch(`networks against ${peer.pod === null ? 'an outside end' : 'a pod'}: ${match}`);
  return match;
};

const domainsMatch = (names: readonly string[], { peer, touch }: Situation): Match => {
  const { domain } = peer;
  if (domain !== null) {
    const found = names.some(name => domainMatches(name, domain));
    touch(`domainNames: ${found}`);
    return found;
  }
  return peer.pod === null && peer.node === null ? 'missing-inventory' : false;
};

const isKnown = (peer: AdminPeer): boolean =>
  [peer.namespaces, peer.pods, peer.nodes, peer.networks, peer.domainNames].some(
    field => field !== null && field !== undefined,
  );

const peerMatches = (peer: AdminPeer, nodes: readonly ModelNode[], situation: Situation): Match => {
  const pod = situation.peer.pod;
  if (peer.namespaces) {
    return (
      pod !== null && namespacedPodMatches({ namespaceSelector: peer.namespaces }, pod, situation)
    );
  }
  if (peer.pods) return pod !== null && namespacedPodMatches(peer.pods, pod, situation);
  if (peer.nodes) return nodesMatch(peer.nodes, nodes, situation);
  if (peer.networks) return networksMatch(peer.networks, situation);

  return domainsMatch(peer.domainNames ?? [], situation);
};

/** "`namedPort` (takes the protocol of the pod's port)". */
const namedPortMatches = (name: string, situation: Situation): boolean => {
  const pod = listener(situation);
  if (pod === null || pod.hostNetwork) return false;
  const found = pod.ports.some(
    port =>
      port.name === name &&
      protocolOf(port) === situation.protocol &&
      port.containerPort === situation.port,
  );
  situation.touch(`admin named port ${found ? 'resolved' : 'not found'}`);
  return found;
};

const isBetween = (first: number, last: number, situation: Situation): boolean =>
  first <= portNumber(situation) && portNumber(situation) <= last;

const oldPortMatches = (port: AdminPort, situation: Situation): boolean => {
  if (port.namedPort) return namedPortMatches(port.namedPort, situation);
  const { portNumber: one, portRange: range } = port;
  const protocol = one?.protocol || range?.protocol || 'TCP';
  if (protocol !== situation.protocol) return false;
  if (one) return isBetween(one.port, one.port, situation);
  return range ? isBetween(range.start, range.end, situation) : false;
};

/** "`tcp: {}` is all TCP ports". */
const transportMatches = (transport: TransportMatch, situation: Situation): boolean => {
  const wanted = transport.destinationPort;
  if (!wanted) return true;
  if (wanted.range) return isBetween(wanted.range.start, wanted.range.end, situation);
  return wanted.number ? isBetween(wanted.number, wanted.number, situation) : false;
};

const newProtocolMatches = (protocol: AdminProtocol, situation: Situation): boolean => {
  if (protocol.destinationNamedPort) {
    return namedPortMatches(protocol.destinationNamedPort, situation);
  }
  const transports: Record<string, TransportMatch | null | undefined> = {
    TCP: protocol.tcp,
    UDP: protocol.udp,
    SCTP: protocol.sctp,
  };
  const transport = transports[situation.protocol];
  return transport ? transportMatches(transport, situation) : false;
};

/** Row 29: a rule without ports matches every protocol, so that it can decide ICMP. */
const portsMatch = (rule: AdminRule, situation: Situation): boolean => {
  if (rule.ports) return rule.ports.some(port => oldPortMatches(port, situation));
  if (rule.protocols) {
    return rule.protocols.some(protocol => newProtocolMatches(protocol, situation));
  }
  return true;
};

/** What a rule does here, and whether it applies. */
type Effect = { readonly action: string; readonly match: Match };

/** Row 28: Allow matches nothing, Deny and Pass deny every peer and every port. */
const effectOf = (rule: AdminRule, nodes: readonly ModelNode[], situation: Situation): Effect => {
  const action = rule.action === 'Accept' ? 'Allow' : rule.action;
  const peers = (situation.direction === 'ingress' ? rule.from : rule.to) ?? [];
  if (!peers.every(isKnown)) {
    situation.touch(`unknown peer in a rule that says ${action}`);
    return { action: 'Deny', match: action !== 'Allow' };
  }
  if (!portsMatch(rule, situation)) return { action, match: false };

  return { action, match: anyOf(peers.map(peer => peerMatches(peer, nodes, situation))) };
};

const priorityOf = (policy: AdminPolicy): number =>
  policy.kind === 'BaselineAdminNetworkPolicy' ? 1000 : (policy.spec.priority ?? 0);

export const isBaseline = (policy: AdminPolicy): boolean =>
  policy.kind === 'BaselineAdminNetworkPolicy' || policy.spec.tier === 'Baseline';

/** One tier: its policies in document order, and what is asked when no rule decides. */
export type AdminTier = {
  readonly name: string;
  readonly policies: readonly AdminPolicy[];
  readonly nodes: readonly ModelNode[];
  readonly below: () => Answer;
};

/** Row 23: by ascending priority, rules from the top, the first match decides. Row 33: equal priorities in the order of the input. */
export const askAdminTier = (tier: AdminTier, situation: Situation): Answer => {
  const ordered = [...tier.policies].sort((a, b) => priorityOf(a) - priorityOf(b));
  const rules = ordered
    .filter(policy => isSubject(policy, situation))
    .flatMap(policy => policy.spec[situation.direction] ?? []);
  const act = (action: string): Answer => {
    situation.touch(`${action} in the ${tier.name} tier`);
    if (action === 'Pass') return tier.below();
    return { verdict: action === 'Allow' ? 'ALLOWED' : 'DENIED', basis: 'policy' };
  };
  const walk = (from: number): Answer => {
    const rule = rules[from];
    if (rule === undefined) return tier.below();
    const { action, match } = effectOf(rule, tier.nodes, situation);
    if (match === true) return act(action);
    if (match === false || situation.purpose === 'map') return walk(from + 1);
    situation.touch(`admin rule that may match: ${match}`);

    const answer = either(act(action), walk(from + 1), match);
    situation.touch(`${action} that may match: ${answer.verdict}`);
    return answer;
  };
  return walk(0);
};
