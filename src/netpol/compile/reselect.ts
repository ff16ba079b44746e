import { contains } from '../addresses/block.js';
import type { Selector } from '../labels.js';
import { Direction, Tier } from '../policy.js';
import type { AddressPeer, CompiledRule, PodPeer } from './compiled-rule.js';
import type { PodClass } from './pod-classes.js';
import type { PodIndex } from './pod-index.js';
import type { CompiledPolicy } from './program.js';
import { selects } from './select.js';

/** Whether a class belongs to a set. */
type Member = (podClass: PodClass) => boolean;

function holds(sorted: ArrayLike<number>, id: number): boolean {
  let [low, high] = [0, sorted.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle] ?? id;
    if (found === id) return true;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** Sorted classes after those of `touched` were looked at again; null where nothing is different. */
function regrouped(
  { classes, sizes }: PodIndex,
  before: ArrayLike<number>,
  touched: readonly number[],
  isMember: Member,
): Int32Array | null {
  const inside = (id: number): boolean => {
    const podClass = classes[id];
    return podClass !== undefined && (sizes[id] ?? 0) > 0 && isMember(podClass);
  };
  const changed = new Set(touched.filter(id => holds(before, id) !== inside(id)));
  if (changed.size === 0) return null;
  const stay = Array.from(before).filter(id => !changed.has(id));
  const come = [...changed].filter(id => !holds(before, id));
  return Int32Array.from([...stay, ...come]).sort();
}

const selectedBy =
  (index: PodIndex, namespaces: Selector | null, own: string, pods: Selector): Member =>
  ({ namespace, labels }) => {
    const inside =
      namespaces === null
        ? namespace === own
        : selects(namespaces, index.namespaces.labels.get(namespace) ?? {});
    return inside && selects(pods, labels);
  };

/** The same items where nothing is different. */
function mapped<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const after = items.map(change);
  return after.every((item, place) => item === items[place]) ? items : after;
}

type Regroup = (before: ArrayLike<number>, isMember: Member) => Int32Array | null;

function rechecked(index: PodIndex, rule: CompiledRule, regroup: Regroup): CompiledRule {
  const own = rule.policy.namespace ?? 'default';
  const podPeer = (peer: PodPeer): PodPeer => {
    const classes = regroup(peer.classes, selectedBy(index, peer.namespaces, own, peer.pods));
    return classes === null ? peer : { ...peer, classes };
  };
  const addressPeer = (peer: AddressPeer): AddressPeer => {
    const inBlock: Member = ({ addresses }) => addresses.some(one => contains(peer.block, one));
    const classes = regroup(peer.classes, inBlock);
    return classes === null ? peer : { ...peer, classes: [...classes] };
  };
  const pods = mapped(rule.pods, podPeer);
  const ipBlocks = mapped(rule.ipBlocks, addressPeer);
  const networks = mapped(rule.networks, addressPeer);
  const isSame = pods === rule.pods && ipBlocks === rule.ipBlocks && networks === rule.networks;
  return isSame ? rule : { ...rule, pods, ipBlocks, networks };
}

/**
 * The policy with the sets that it selects and names, as far as they hold `touched` classes or come to
 * hold them. The same object where nothing is different, and the same rules where only subjects are.
 */
export function reselected(
  index: PodIndex,
  policy: CompiledPolicy,
  touched: readonly number[],
): CompiledPolicy {
  const { subject, namespace, tier } = policy.policy;
  const selected = selectedBy(index, subject.namespaces, namespace ?? 'default', subject.pods);
  const isSubject: Member = podClass =>
    (tier === Tier.NETWORK_POLICY || !podClass.hostNetwork) && selected(podClass);
  const regroup: Regroup = (before, isMember) => regrouped(index, before, touched, isMember);
  const rulesIn = (direction: Direction) => {
    const rules = policy.rules[direction];
    return rules === null ? null : mapped(rules, rule => rechecked(index, rule, regroup));
  };
  const subjects = regroup(policy.subjects, isSubject) ?? policy.subjects;
  const rules = { INGRESS: rulesIn(Direction.INGRESS), EGRESS: rulesIn(Direction.EGRESS) };
  const sameRules = rules.INGRESS === policy.rules.INGRESS && rules.EGRESS === policy.rules.EGRESS;
  if (subjects === policy.subjects && sameRules) return policy;
  return { ...policy, subjects, rules: sameRules ? policy.rules : rules };
}
