import type { Block } from '../addresses/block.js';
import type { Column } from '../brand.js';
import type { Facts } from '../facts.js';
import type { Selector } from '../labels.js';
import type { Cuts } from './address-cells.js';
import type { ClassId } from './class-id.js';
import { type Namespaces, namespacesOf } from './namespaces.js';
import { type ClusterNodes, nodesOf } from './nodes.js';
import { type ClassRegistry, classRegistry, type PodClass } from './pod-classes.js';
import type { PortProfile } from './port-profile.js';
import { keyOfSelector, selects, selectsEverything } from './select.js';

/** The facts, arranged so that a selector or a block finds its pod classes without looking at all of them. */
export type PodIndex = {
  readonly facts: Facts;
  readonly namespaces: Namespaces;
  readonly nodes: ClusterNodes;
  readonly registry: ClassRegistry;
  /** By their ids; some may have no pods now. */
  readonly classes: readonly PodClass[];
  /** How many pods each class has. */
  readonly sizes: Int32Array;
  /** Classes that have pods, sorted. */
  readonly inhabited: readonly ClassId[];
  /** By their ids. */
  readonly profiles: readonly PortProfile[];
  /** By the pod's place in the facts. */
  readonly classOf: Column<ClassId>;
  /** Place in the facts of the pod with this key, the first of several. */
  podOfKey(key: string): number | undefined;
  /** Classes of hostNetwork pods. */
  readonly hosts: readonly ClassId[];
  /** Classes of pods whose address is not known. */
  readonly withoutAddress: readonly ClassId[];
  /** Sorted inhabited classes; `namespaces` null is the namespace `own`. */
  select(namespaces: Selector | null, own: string, pods: Selector): Column<ClassId>;
  /** Sorted inhabited classes with an address in the block. */
  within(block: Block): readonly ClassId[];
};

function classesByNamespace(
  classes: readonly PodClass[],
  inhabited: readonly ClassId[],
): ReadonlyMap<string, readonly ClassId[]> {
  return Map.groupBy(inhabited, id => classes[id]?.namespace ?? '');
}

/** The first of several pods with one key is the one that endpoints mean. */
function podsByKey({ pods }: Facts): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  pods.forEach(({ key }, position) => {
    if (!found.has(key)) found.set(key, position);
  });
  return found;
}

type Inhabitants = Pick<PodIndex, 'registry' | 'classes' | 'sizes' | 'inhabited' | 'namespaces'>;

function selectionOver({ registry, classes, sizes, inhabited, namespaces }: Inhabitants) {
  let byNamespace: ReadonlyMap<string, readonly ClassId[]> | null = null;
  const hasPods = (id: ClassId): boolean => (sizes[id] ?? 0) > 0;
  const everywhere = (pods: Selector): Column<ClassId> => {
    const selected = registry.byLabels.select(pods);
    return inhabited.length === registry.classes.length ? selected : selected.filter(hasPods);
  };
  const inNamespaces = (names: readonly string[], pods: Selector): Column<ClassId> => {
    byNamespace ??= classesByNamespace(classes, inhabited);
    const ids = names.flatMap(name => byNamespace?.get(name) ?? []);
    if (names.length > 1) ids.sort((a, b) => a - b);
    return Int32Array.from(
      ids.filter(id => selects(pods, classes[id]?.labels ?? {})),
    ) as Column<ClassId>;
  };
  const across = (selector: Selector, pods: Selector): Column<ClassId> => {
    if (selectsEverything(selector)) return everywhere(pods);
    const names = [...namespaces.byLabels.select(selector)].map(at => namespaces.names[at] ?? '');
    if (names.length * 4 < namespaces.names.length) return inNamespaces(names, pods);
    const inside = new Set(names);
    return everywhere(pods).filter(id => inside.has(classes[id]?.namespace ?? ''));
  };
  const known = new Map<string, Column<ClassId>>();
  return (selector: Selector | null, own: string, pods: Selector): Column<ClassId> => {
    const where = selector === null ? own : keyOfSelector(selector);
    const key = `${where} ${keyOfSelector(pods)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = selector === null ? inNamespaces([own], pods) : across(selector, pods);
    known.set(key, answer);
    return answer;
  };
}

type Arranged = Pick<PodIndex, 'facts' | 'namespaces' | 'nodes' | 'registry' | 'classOf' | 'sizes'>;

export function arrange(arranged: Arranged): PodIndex {
  const { facts, registry, sizes } = arranged;
  const classes = registry.classes.slice();
  const inhabited = classes.map(({ id }) => id).filter(id => (sizes[id] ?? 0) > 0);
  let byKey: ReadonlyMap<string, number> | null = null;
  return {
    ...arranged,
    classes,
    inhabited,
    profiles: registry.profiles.slice(),
    podOfKey: key => {
      byKey ??= podsByKey(facts);
      return byKey.get(key);
    },
    hosts: inhabited.filter(id => classes[id]?.hostNetwork === true),
    withoutAddress: inhabited.filter(id => classes[id]?.addresses.length === 0),
    select: selectionOver({ ...arranged, classes, inhabited }),
    within: block => registry.cells.classesIn(block).filter(id => (sizes[id] ?? 0) > 0),
  };
}

/** How often each class is among `classOf`. */
export function countClasses(classOf: Column<ClassId>, classes: number): Int32Array {
  const sizes = new Int32Array(classes);
  for (const id of classOf) sizes[id] = (sizes[id] ?? 0) + 1;
  return sizes;
}

export function podIndexOf(facts: Facts, cuts: Cuts): PodIndex {
  const nodes = nodesOf(facts);
  const registry = classRegistry(cuts);
  const classOf = Int32Array.from(facts.pods, pod =>
    registry.classOf(pod, nodes),
  ) as Column<ClassId>;
  return arrange({
    facts,
    namespaces: namespacesOf(facts),
    nodes,
    registry,
    classOf,
    sizes: countClasses(classOf, registry.classes.length),
  });
}
