import type { Address } from '../addresses/address.js';
import { type Block, contains } from '../addresses/block.js';
import { dnsNameOf } from '../addresses/dns-name.js';
import type { Column } from '../brand.js';
import type { ClassId } from '../compile/class-id.js';
import type { AddressPeer, CompiledRule, PodPeer } from '../compile/compiled-rule.js';
import type { ClusterNode } from '../compile/nodes.js';
import type { PodClass } from '../compile/pod-classes.js';
import { selects, selectsEverything } from '../compile/select.js';
import { Tier } from '../policy.js';
import type { ControllerPod, Party } from './party.js';

/** How the engine reads what the API leaves open: rows 11 and 17. */
export type Reading = {
  /** An ipBlock matches pods by their address. */
  readonly byAddress: boolean;
  /** NetworkPolicy sees hostNetwork pods as ordinary ones. */
  readonly hostsAsPods: boolean;
};

export const NO = 0;
export const YES = 1;
/** A fact is missing that would tell. */
export const MAYBE = 2;
export type Match = typeof NO | typeof YES | typeof MAYBE;

/** One peer that matches is enough; else one that may. */
const either = (one: Match, other: Match): Match =>
  one === YES || other === YES ? YES : one === NO ? other : one;

/** NetworkPolicy sees hostNetwork pods in one reading; the admin tiers never do. */
export const sees = (rule: CompiledRule, podClass: PodClass, reading: Reading): boolean =>
  !podClass.hostNetwork || (reading.hostsAsPods && rule.policy.tier === Tier.NETWORK_POLICY);

/** In mode `nodes` a hostNetwork pod is its node, whose address ipBlocks match in every mode. */
export const blocksApply = (podClass: PodClass, reading: Reading): boolean =>
  reading.byAddress || (podClass.hostNetwork && !reading.hostsAsPods);

const coversNothing = ({ v4, v6 }: Block): boolean => v4.length + v6.length === 0;

const holdsOneOf = (block: Block, addresses: readonly Address[]): boolean =>
  addresses.some(address => contains(block, address));

/** Any of several addresses is enough; none known: perhaps. */
function inBlocks(peers: readonly AddressPeer[], addresses: readonly Address[]): Match {
  if (peers.length === 0) return NO;
  if (addresses.length > 0) {
    return peers.some(({ block }) => holdsOneOf(block, addresses)) ? YES : NO;
  }
  return peers.some(({ block }) => !coversNothing(block)) ? MAYBE : NO;
}

function nodeSelected(rule: CompiledRule, { labels }: Pick<ClusterNode, 'labels'>): Match {
  let answer: Match = NO;
  for (const selector of rule.nodes) {
    if (labels === null ? selectsEverything(selector) : selects(selector, labels)) return YES;
    if (labels === null) answer = MAYBE;
  }
  return answer;
}

/** A sorted list holds `id`. */
function includes(classes: Column<ClassId>, id: ClassId): boolean {
  let low = 0;
  let high = classes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = classes[middle] ?? id;
    if (found === id) return true;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** Perhaps, where it depends on labels of a namespace that is not in the facts. */
function selectedBy({ allPods, pods }: CompiledRule, { id }: PodClass): Match {
  if (allPods) return YES;
  let answer: Match = NO;
  for (const { classes, undecided } of pods) {
    if (undecided !== undefined && includes(undecided, id)) answer = MAYBE;
    else if (includes(classes, id)) return YES;
  }
  return answer;
}

/** Nothing of an ordinary pod counts but its labels. */
const isByLabelsAlone = (rule: CompiledRule, podClass: PodClass, reading: Reading): boolean =>
  !podClass.hostNetwork &&
  rule.networks.length === 0 &&
  (rule.ipBlocks.length === 0 || !reading.byAddress);

function podMatch(
  rule: CompiledRule,
  podClass: PodClass,
  reading: Reading,
  nodes: readonly ClusterNode[],
): Match {
  const selected = sees(rule, podClass, reading) ? selectedBy(rule, podClass) : NO;
  if (selected === YES || isByLabelsAlone(rule, podClass, reading)) return selected;
  const node = nodes[podClass.node] ?? UNKNOWN_NODE;
  const oneOf = podClass.nodes.flatMap(place => nodes[place] ?? []);
  const placed =
    oneOf.length > 0
      ? wherever(oneOf.map(place => placeMatch(rule, podClass, reading, place)))
      : placeMatch(rule, podClass, reading, {
          labels: node.labels,
          addresses: podClass.addresses,
        });
  return either(selected, placed);
}

const UNKNOWN_NODE: ClusterNode = { name: '', labels: null, addresses: [], among: [] };

/** A pod that is at one of several places: what holds at all of them is certain. */
const wherever = ([first = NO, ...others]: readonly Match[]): Match =>
  others.every(match => match === first) ? first : MAYBE;

/** A pod by its addresses, and one in the host network by the labels of its node. */
function placeMatch(
  rule: CompiledRule,
  podClass: PodClass,
  reading: Reading,
  { addresses, labels }: Pick<ClusterNode, 'addresses' | 'labels'>,
): Match {
  const found = either(
    inBlocks(rule.networks, addresses),
    blocksApply(podClass, reading) ? inBlocks(rule.ipBlocks, addresses) : NO,
  );
  return podClass.hostNetwork ? either(found, nodeSelected(rule, { labels })) : found;
}

/** `*.example.com` stands for one or more labels before `.example.com`; case does not matter. */
export function namesMatch(pattern: string, name: string): boolean {
  const [wanted, given] = [dnsNameOf(pattern), dnsNameOf(name)];
  if (!wanted.startsWith('*.')) return wanted === given;
  return given.endsWith(wanted.slice(1)) && given.length > wanted.length - 1;
}

/** Nobody knows which names an address outside has. */
function nameMatch({ domains }: CompiledRule, name: string | null): Match {
  if (domains.length === 0) return NO;
  if (name === null) return MAYBE;
  return domains.some(pattern => namesMatch(pattern, name)) ? YES : NO;
}

const namespaceMatches = (
  { namespaces }: PodPeer,
  own: string | null,
  controller: ControllerPod,
): boolean =>
  namespaces === null
    ? own === controller.namespace
    : selects(namespaces, controller.namespaceLabels);

/** A pod whose address is not known. */
function controllerMatch(
  rule: CompiledRule,
  controller: ControllerPod | null,
  reading: Reading,
): Match {
  if (rule.allPods) return YES;
  let byLabels: Match = NO;
  for (const peer of rule.pods) {
    if (controller === null) byLabels = MAYBE;
    else if (
      namespaceMatches(peer, rule.policy.namespace, controller) &&
      selects(peer.pods, controller.labels)
    )
      return YES;
  }
  const placed = either(
    inBlocks(rule.networks, []),
    reading.byAddress ? inBlocks(rule.ipBlocks, []) : NO,
  );
  return either(byLabels, placed);
}

const inAnyBlock = ({ networks, ipBlocks }: CompiledRule, addresses: readonly Address[]): Match =>
  either(inBlocks(networks, addresses), inBlocks(ipBlocks, addresses));

/** Whether one of the rule's peers is `party`. */
export function matchPeer(
  rule: CompiledRule,
  party: Party,
  reading: Reading,
  nodes: readonly ClusterNode[],
): Match {
  if (rule.everyone) return YES;
  switch (party.kind) {
    case 'pod':
      return podMatch(rule, party.podClass, reading, nodes);
    case 'node':
      return either(nodeSelected(rule, party.node), inAnyBlock(rule, party.node.addresses));
    case 'address':
      return either(
        inAnyBlock(rule, [party.address]),
        either(
          nameMatch(rule, party.name),
          party.perhapsNode && rule.nodes.length > 0 ? MAYBE : NO,
        ),
      );
    case 'controller':
      return controllerMatch(rule, party.configured, reading);
    case 'stranger':
      return controllerMatch(rule, null, reading);
  }
}
