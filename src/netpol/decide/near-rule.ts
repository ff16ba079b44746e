import type { Compiled } from '../compile/compiled.js';
import type { CompiledRule, PodPeer } from '../compile/compiled-rule.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { PortProfile } from '../compile/port-profile.js';
import { type Labels, METADATA_NAME, type Requirement } from '../labels.js';
import { formatPortSet, isNoPorts, type PortSet } from '../ports/port-set.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import { selectorText } from '../selector-text.js';
import { addressesText } from './apart.js';
import { destinationProfile, type Question } from './direct.js';
import { blocksApply, matchPeer, NO, type Reading, sees } from './match.js';
import { blockMiss, blocksText } from './near-block.js';
import type { Party } from './party.js';
import { underAnotherKey, unmet, unmetText } from './unmet.js';

/** How far a rule is from matching, and what would have to differ; `met`: how much of what it asks for is there. */
type Miss = { readonly distance: number; readonly text: string; readonly met?: number };

const whereText = ({ namespaces }: PodPeer, own: string): string => {
  if (namespaces === null) return `namespace \`${own}\``;
  const [only, ...more] = namespaces.requirements;
  if (only === undefined) return 'any namespace';
  const isName = more.length === 0 && only.key === METADATA_NAME && only.values.length === 1;
  return isName
    ? `namespace \`${only.values[0]}\``
    : `namespaces with \`${selectorText(namespaces)}\``;
};

/** "has no label `app`, but `app.kubernetes.io/name=web`" */
function hasText(missed: readonly Requirement[], labels: Labels): string {
  const other = underAnotherKey(missed, labels);
  return `has ${unmetText(missed, labels)}${other === null ? '' : `, but \`${other}\``}`;
}

/** Of those that are as far, first what has most of what is asked for: it was meant for this peer sooner than the others. */
const nearestFirst = (one: Miss, other: Miss): number =>
  one.distance - other.distance || (other.met ?? 0) - (one.met ?? 0);

/** What a pod lacks to be one that a peer of a rule selects. */
function podMiss(
  { engine }: Compiled,
  rule: CompiledRule,
  peer: PodPeer,
  { namespace, labels }: PodClass,
): Miss {
  const own = rule.policy.namespace ?? 'default';
  const ofNamespace = engine.index.namespaces.labels.get(namespace) ?? {
    [METADATA_NAME]: namespace,
  };
  const missed = unmet(peer.pods.requirements, labels);
  const missedThere =
    peer.namespaces === null
      ? namespace === own
        ? []
        : [null]
      : unmet(peer.namespaces.requirements, ofNamespace);
  const pods = peer.pods.requirements.length === 0 ? 'all pods' : `\`${selectorText(peer.pods)}\``;
  const named = missedThere.flatMap(each =>
    each === null || each.key === METADATA_NAME ? [] : each,
  );
  const asked = peer.pods.requirements.length + (peer.namespaces?.requirements.length ?? 0);
  const has = [
    ...(missed.length > 0 ? [hasText(missed, labels)] : []),
    ...(missedThere.length > 0
      ? [
          `is in \`${namespace}\`${named.length > 0 ? `, which has ${unmetText(named, ofNamespace)}` : ''}`,
        ]
      : []),
  ];
  return {
    distance: missed.length + missedThere.length,
    met: asked - missed.length - named.length,
    text: `admits ${pods} in ${whereText(peer, own)}; the peer ${has.join(' and ')}`,
  };
}

/** Where a rule admits nothing that a peer of this kind can be. */
const admitted = ({ rule, domains, nodes, pods, allPods }: CompiledRule): string => {
  const parts = [
    ...(allPods || pods.length > 0 ? ['pods'] : []),
    ...[blocksText(rule.peers)].filter(text => text !== null),
    ...(nodes.length > 0 ? [`nodes with \`${nodes.map(selectorText).join('` or `')}\``] : []),
    ...domains.slice(0, 3).map(name => `\`${name}\``),
  ];
  return parts.length === 0 ? 'nobody' : parts.join(', ');
};

/** An address of a pod matters to an ipBlock in some readings only, to `networks` in all. */
function podBlockMiss(rule: CompiledRule, podClass: PodClass, reading: Reading): Miss {
  const [address] = podClass.addresses;
  const isSeen = rule.networks.length > 0 || blocksApply(podClass, reading);
  const miss = isSeen && address !== undefined ? blockMiss(rule.rule.peers, address) : null;
  if (miss !== null) return { distance: 2, text: miss };
  return {
    distance: 3,
    text: `admits ${admitted(rule)}; the peer is a pod, which no ipBlock matches here`,
  };
}

function podPeerMiss(
  compiled: Compiled,
  rule: CompiledRule,
  podClass: PodClass,
  reading: Reading,
): Miss {
  if (rule.pods.length > 0 && !sees(rule, podClass, reading)) {
    return {
      distance: 1,
      text: 'admits pods; the peer is on the host network, where no selector sees it: an ipBlock for its node would',
    };
  }
  const [nearest] = rule.pods
    .map(peer => podMiss(compiled, rule, peer, podClass))
    .sort(nearestFirst);
  return nearest ?? podBlockMiss(rule, podClass, reading);
}

/** Who no selector of pods can mean, and what would. */
function strangerText({ kind }: Party): string {
  if (kind === 'address')
    return 'an address outside of the pods, which no selector means: an ipBlock would';
  return kind === 'node'
    ? 'a node, which no selector of pods means: an ipBlock for its address would'
    : 'none of them';
}

/** What the peer would have to be. */
function peerMiss(compiled: Compiled, rule: CompiledRule, party: Party, question: Question): Miss {
  const { peers } = rule.rule;
  if (party.kind === 'pod') return podPeerMiss(compiled, rule, party.podClass, question.reading);
  const address = party.kind === 'address' ? party.address : undefined;
  const own = party.kind === 'node' ? party.node.addresses[0] : address;
  const text = party.kind === 'address' ? addressesText(party) : undefined;
  const miss = own === undefined ? null : blockMiss(peers, own, text);
  if (miss !== null) return { distance: 1, text: miss };
  const who = strangerText(party);
  return { distance: 4, text: `admits ${admitted(rule)}; the peer is ${who}` };
}

/** "By name and protocol": a name that the destination has for another protocol opens nothing, and one that it has not neither. */
function namedMiss({ named }: CompiledRule, profile: PortProfile): string {
  const names = named.map(({ name }) => `\`${name}\``).join(', ');
  const ofOther = profile.named.find(port => named.some(({ name }) => name === port.name));
  if (ofOther !== undefined) {
    return `port \`${ofOther.name}\` by name for ${named.find(({ name }) => name === ofOther.name)?.protocol}, and the destination declares it for ${ofOther.protocol}`;
  }
  const declared = profile.named.map(
    ({ name, protocol, port }) => `\`${name}\` (${protocol} ${port})`,
  );
  const others =
    declared.length === 0 ? '' : `; it declares ${declared.slice(0, MOST_NAMES).join(', ')}`;
  return `port ${names} by name, which the destination does not declare${others}`;
}

const MOST_NAMES = 5;

/** What a rule opens instead of what was asked. */
const openedInstead = (
  rule: CompiledRule,
  profile: PortProfile,
  { opened, asked }: { readonly opened: PortSet; readonly asked: PortSet },
): string =>
  isNoPorts(opened)
    ? `it opens ${namedMiss(rule, profile)}`
    : `it opens ${formatPortSet(opened)}, not ${askedText(asked)}`;

const askedText = (ports: PortSet): string =>
  isNoPorts(ports) ? 'this protocol' : formatPortSet(ports);

function missOf(
  compiled: Compiled,
  rule: CompiledRule,
  question: Question,
  asked: TrafficId,
): Miss {
  const { table, index } = compiled.engine;
  const profile = destinationProfile(rule, question);
  const ports = rule.portsOn(profile);
  const isOpen = table.intersect(ports, asked) !== NOTHING;
  const isMet = matchPeer(rule, question.peer, question.reading, index.nodes.all) !== NO;
  const other = openedInstead(rule, profile, {
    opened: table.at(ports).ports,
    asked: table.at(asked).ports,
  });
  if (isMet) return { distance: 1, text: `admits the peer, but ${other}` };
  const miss = peerMiss(compiled, rule, question.peer, question);
  const met = (miss.met ?? 0) + (isOpen && rule.rule.ports !== null ? 1 : 0);
  return isOpen
    ? { ...miss, met }
    : { ...miss, distance: miss.distance + 1, text: `${miss.text}; and ${other}` };
}

/** Of rules that do not match, the one for which least would have to differ, and what; null where there are none. */
export function nearestMiss(
  compiled: Compiled,
  rules: readonly CompiledRule[],
  question: Question,
  asked: TrafficId,
): string | null {
  const [nearest] = rules
    .map(rule => ({ rule, miss: missOf(compiled, rule, question, asked) }))
    .sort((one, other) => nearestFirst(one.miss, other.miss));
  if (nearest === undefined) return null;
  const path = `spec.${question.direction.toLowerCase()}[${nearest.rule.rule.index}]`;
  return `${path} ${nearest.miss.text}`;
}
