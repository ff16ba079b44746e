import type { Column } from '../brand.js';
import type { Facts, NamespaceFact, PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import { type Changed, changedItems } from './changed-items.js';
import type { ClassId } from './class-id.js';
import { type Namespaces, namespacesOf } from './namespaces.js';
import { type ClusterNodes, nodesOf } from './nodes.js';
import { arrange, countClasses, type PodIndex } from './pod-index.js';

/** Pods and namespaces that become different; what is put replaces its namesake in its place, or else comes last. */
export type FactsChange = {
  /** `remove`: keys. */
  readonly pods?: { readonly put?: readonly PodFact[]; readonly remove?: readonly string[] };
  /** `remove`: names. */
  readonly namespaces?: {
    readonly put?: readonly NamespaceFact[];
    readonly remove?: readonly string[];
  };
};

const podChange = (pods: readonly PodFact[], { pods: change }: FactsChange) =>
  changedItems(pods, ({ key }) => key, change?.put ?? [], change?.remove ?? []);

const changedNamespaces = (
  namespaces: readonly NamespaceFact[],
  { namespaces: change }: FactsChange,
): readonly NamespaceFact[] =>
  changedItems(namespaces, ({ name }) => name, change?.put ?? [], change?.remove ?? []).items;

export const changedFacts = (facts: Facts, change: FactsChange): Facts => ({
  ...facts,
  pods: podChange(facts.pods, change).items,
  namespaces: changedNamespaces(facts.namespaces, change),
});

/** HostNetwork pods tell addresses of nodes, and nodes are numbered: both reach far beyond one class. */
function nodesStay(before: ClusterNodes, after: ClusterNodes, hosts: readonly ClassId[]): boolean {
  return (
    hosts.length === 0 ||
    (before.all.length === after.all.length &&
      before.all.every(({ name }, place) => after.all[place]?.name === name))
  );
}

/** The class of each pod: known where the pod stays. */
function changedClasses(
  { facts, classOf, registry }: PodIndex,
  { items, gone }: Changed<PodFact>,
  nodes: ClusterNodes,
): Column<ClassId> {
  const left = new Set(gone);
  const { pods } = facts;
  let old = 0;
  const isLeft = (pod: PodFact | undefined): boolean => pod !== undefined && left.has(pod);
  return Int32Array.from(items, pod => {
    while (isLeft(pods[old])) old++;
    if (pods[old] === pod) return classOf[old++] ?? 0;
    return registry.classOf(pod, nodes);
  }) as Column<ClassId>;
}

const equalLabels = (one: Labels, other: Labels): boolean =>
  one === other ||
  (Object.keys(one).length === Object.keys(other).length &&
    Object.entries(one).every(([key, value]) => Object.hasOwn(other, key) && other[key] === value));

/** Namespaces of both states whose labels are not the same. */
function relabelled(before: Namespaces, after: Namespaces): ReadonlySet<string> {
  const names = [...after.labels].flatMap(([name, labels]) => {
    const old = before.labels.get(name);
    return old === undefined || equalLabels(old, labels) ? [] : [name];
  });
  return new Set(names);
}

/** Classes that have pods in one state only, or whose namespace has other labels. */
function touchedClasses(before: PodIndex, after: PodIndex): readonly ClassId[] {
  const names = relabelled(before.namespaces, after.namespaces);
  const hasPods = ({ sizes }: PodIndex, id: ClassId): boolean => (sizes[id] ?? 0) > 0;
  return after.classes.flatMap(({ id, namespace }) =>
    hasPods(before, id) !== hasPods(after, id) || names.has(namespace) ? [id] : [],
  );
}

export type ChangedIndex = {
  readonly index: PodIndex;
  /** Sorted classes that selectors and blocks may see differently than before. */
  readonly touched: readonly ClassId[];
};

/** The index of the changed facts, with the classes of the old one; null where too much hangs on the change. */
export function changedIndex(before: PodIndex, change: FactsChange): ChangedIndex | null {
  const pods = podChange(before.facts.pods, change);
  if ([...pods.gone, ...pods.come].some(({ hostNetwork }) => hostNetwork)) return null;
  const namespaces = changedNamespaces(before.facts.namespaces, change);
  const facts: Facts = { ...before.facts, pods: pods.items, namespaces };
  const nodes = nodesOf(facts);
  if (!nodesStay(before.nodes, nodes, before.hosts)) return null;
  const classOf = changedClasses(before, pods, nodes);
  const index = arrange({
    facts,
    namespaces: namespacesOf(facts),
    nodes,
    registry: before.registry,
    classOf,
    sizes: countClasses(classOf, before.registry.classes.length),
  });
  return { index, touched: touchedClasses(before, index) };
}
