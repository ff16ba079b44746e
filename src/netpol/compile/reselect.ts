import { type Block, contains } from '../addresses/block.js';
import type { Column } from '../brand.js';
import type { Selector } from '../labels.js';
import { type Policy, Tier } from '../policy.js';
import type { ClassId } from './class-id.js';
import type { AddressPeer, CompiledRule, PodPeer } from './compiled-rule.js';
import type { PodClass } from './pod-classes.js';
import type { PodIndex } from './pod-index.js';
import type { CompiledPolicy } from './program.js';
import { selects } from './select.js';

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

/** The namespace of the policy, for selectors that mean no other; of no use to cluster policies. */
const ownOf = ({ namespace }: Policy): string => namespace ?? 'default';

/** Pods as a selector means them: in the namespace `own` where it names none. */
type Choice = {
  readonly own: string;
  readonly namespaces: Selector | null;
  readonly pods: Selector;
  readonly withHosts: boolean;
};

/** Whether a class belongs to the set that `item` describes. */
type Member<Item> = (index: PodIndex, item: Item, podClass: PodClass) => boolean;

const isChosen: Member<Choice> = (index, { own, namespaces, pods, withHosts }, podClass) => {
  const { namespace, labels, hostNetwork } = podClass;
  if (hostNetwork && !withHosts) return false;
  const inside =
    namespaces === null
      ? namespace === own
      : selects(namespaces, index.namespaces.labels.get(namespace) ?? {});
  return inside && selects(pods, labels);
};

const isWithin: Member<Block> = (_, block, { addresses }) =>
  addresses.some(address => contains(block, address));

/** What has to be looked at again, and on which index. */
type Recheck = { readonly index: PodIndex; readonly touched: readonly ClassId[] };

/** Sorted classes of a set after those of `touched` were looked at again; null where nothing is different. */
function regrouped<Item>(
  { index, touched }: Recheck,
  before: ArrayLike<ClassId>,
  item: Item,
  isMember: Member<Item>,
): Column<ClassId> | null {
  const { classes, sizes } = index;
  let changed: Set<ClassId> | null = null;
  for (const id of touched) {
    const podClass = classes[id];
    const hasPods = podClass !== undefined && (sizes[id] ?? 0) > 0;
    const inside = hasPods && isMember(index, item, podClass);
    if (inside === holds(before, id)) continue;
    changed ??= new Set();
    changed.add(id);
  }
  if (changed === null) return null;
  const left = changed;
  const stay = Array.from(before).filter(id => !left.has(id));
  const come = [...left].filter(id => !holds(before, id));
  return Int32Array.from([...stay, ...come]).sort() as Column<ClassId>;
}

/** The same items where nothing is different. */
function mapped<Item>(
  recheck: Recheck,
  items: readonly Item[],
  change: (recheck: Recheck, item: Item) => Item,
): readonly Item[] {
  let after: Item[] | null = null;
  for (const [place, item] of items.entries()) {
    const other = change(recheck, item);
    if (other === item) continue;
    after ??= [...items];
    after[place] = other;
  }
  return after ?? items;
}

function podPeer(recheck: Recheck, own: string, peer: PodPeer): PodPeer {
  const choice = { own, namespaces: peer.namespaces, pods: peer.pods, withHosts: true };
  const classes = regrouped(recheck, peer.classes, choice, isChosen);
  return classes === null ? peer : { ...peer, classes };
}

function addressPeer(recheck: Recheck, peer: AddressPeer): AddressPeer {
  const classes = regrouped(recheck, peer.classes, peer.block, isWithin);
  return classes === null ? peer : { ...peer, classes: [...classes] };
}

function recheckedRule(recheck: Recheck, rule: CompiledRule): CompiledRule {
  const own = ownOf(rule.policy);
  const pods = mapped(recheck, rule.pods, (_, peer) => podPeer(recheck, own, peer));
  const ipBlocks = mapped(recheck, rule.ipBlocks, addressPeer);
  const networks = mapped(recheck, rule.networks, addressPeer);
  const isSame = pods === rule.pods && ipBlocks === rule.ipBlocks && networks === rule.networks;
  return isSame ? rule : { ...rule, pods, ipBlocks, networks };
}

type Rules = CompiledPolicy['rules'];

function recheckedRules(recheck: Recheck, rules: Rules): Rules {
  const ingress = rules.INGRESS && mapped(recheck, rules.INGRESS, recheckedRule);
  const egress = rules.EGRESS && mapped(recheck, rules.EGRESS, recheckedRule);
  const isSame = ingress === rules.INGRESS && egress === rules.EGRESS;
  return isSame ? rules : { INGRESS: ingress, EGRESS: egress };
}

/**
 * The policy with the sets that it selects and names, as far as they hold `touched` classes or come to
 * hold them. The same object where nothing is different, and the same rules where only subjects are.
 */
export function reselected(recheck: Recheck, compiled: CompiledPolicy): CompiledPolicy {
  const { policy } = compiled;
  const { namespaces, pods } = policy.subject;
  const withHosts = policy.tier === Tier.NETWORK_POLICY;
  const choice = { own: ownOf(policy), namespaces, pods, withHosts };
  const subjects = regrouped(recheck, compiled.subjects, choice, isChosen) ?? compiled.subjects;
  const rules = recheckedRules(recheck, compiled.rules);
  const isSame = subjects === compiled.subjects && rules === compiled.rules;
  return isSame ? compiled : { ...compiled, subjects, rules };
}
