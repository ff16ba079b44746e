import type { Block } from '../addresses/block.js';
import type { Facts } from '../facts.js';
import type { Selector } from '../labels.js';
import type { AddressCells, Cuts } from './address-cells.js';
import { type Namespaces, namespacesOf } from './namespaces.js';
import { type ClusterNodes, nodesOf } from './nodes.js';
import { type PodClass, podClassesOf } from './pod-classes.js';
import type { PortProfile } from './port-profile.js';
import { keyOfSelector, labelIndex, selects, selectsEverything } from './select.js';

/** The facts, arranged so that a selector or a block finds its pod classes without looking at all of them. */
export type PodIndex = {
  readonly facts: Facts;
  readonly namespaces: Namespaces;
  readonly nodes: ClusterNodes;
  readonly classes: readonly PodClass[];
  /** By their ids. */
  readonly profiles: readonly PortProfile[];
  /** By the pod's place in the facts. */
  readonly classOf: Int32Array;
  readonly podOfKey: ReadonlyMap<string, number>;
  /** Classes of hostNetwork pods. */
  readonly hosts: readonly number[];
  /** Classes of pods whose address is not known. */
  readonly withoutAddress: readonly number[];
  readonly cells: AddressCells;
  readonly cuts: Cuts;
  /** Sorted classes; `namespaces` null is the namespace `own`. */
  select(namespaces: Selector | null, own: string, pods: Selector): Int32Array;
  /** Sorted classes with an address in the block. */
  within(block: Block): readonly number[];
};

function classesByNamespace(classes: readonly PodClass[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { id, namespace } of classes) {
    const ids = found.get(namespace);
    if (ids === undefined) found.set(namespace, [id]);
    else ids.push(id);
  }
  return found;
}

/** The first of several pods with one key is the one that endpoints mean. */
function podsByKey({ pods }: Facts): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [position, { key }] of pods.entries()) {
    if (!found.has(key)) found.set(key, position);
  }
  return found;
}

function selectionOver(classes: readonly PodClass[], namespaces: Namespaces) {
  const byNamespace = classesByNamespace(classes);
  const byLabels = labelIndex(classes.map(({ labels }) => labels));
  const inNamespaces = (names: readonly string[], pods: Selector): Int32Array => {
    const ids = names.flatMap(name => byNamespace.get(name) ?? []);
    if (names.length > 1) ids.sort((a, b) => a - b);
    return Int32Array.from(ids.filter(id => selects(pods, classes[id]?.labels ?? {})));
  };
  const across = (selector: Selector, pods: Selector): Int32Array => {
    if (selectsEverything(selector)) return byLabels.select(pods);
    const names = [...namespaces.byLabels.select(selector)].map(at => namespaces.names[at] ?? '');
    if (names.length * 4 < namespaces.names.length) return inNamespaces(names, pods);
    const inside = new Set(names);
    return byLabels.select(pods).filter(id => inside.has(classes[id]?.namespace ?? ''));
  };
  const known = new Map<string, Int32Array>();
  return (selector: Selector | null, own: string, pods: Selector): Int32Array => {
    const where = selector === null ? own : keyOfSelector(selector);
    const key = `${where} ${keyOfSelector(pods)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = selector === null ? inNamespaces([own], pods) : across(selector, pods);
    known.set(key, answer);
    return answer;
  };
}

export function podIndexOf(facts: Facts, cuts: Cuts): PodIndex {
  const namespaces = namespacesOf(facts);
  const nodes = nodesOf(facts);
  const { classes, classOf, cells, profiles } = podClassesOf(facts, nodes, cuts);
  return {
    facts,
    namespaces,
    nodes,
    classes,
    profiles,
    classOf,
    podOfKey: podsByKey(facts),
    hosts: classes.filter(({ hostNetwork }) => hostNetwork).map(({ id }) => id),
    withoutAddress: classes.filter(({ addresses }) => addresses.length === 0).map(({ id }) => id),
    cells,
    cuts,
    select: selectionOver(classes, namespaces),
    within: block => cells.classesIn(block),
  };
}
