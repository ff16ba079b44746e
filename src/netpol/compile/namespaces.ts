import type { Facts } from '../facts.js';
import { type Labels, METADATA_NAME } from '../labels.js';
import { type LabelIndex, labelIndex } from './select.js';

/**
 * "The Kubernetes control plane sets an immutable label kubernetes.io/metadata.name on all
 * namespaces", also on those that the input only implies.
 */
const named = (name: string, labels: Labels): Labels =>
  Object.hasOwn(labels, METADATA_NAME) ? labels : { ...labels, [METADATA_NAME]: name };

export type Namespaces = {
  readonly names: readonly string[];
  readonly labels: ReadonlyMap<string, Labels>;
  /** Those of which nothing but the name is known; empty where the facts are of a whole cluster. */
  readonly unlabelled: ReadonlySet<string>;
  readonly byLabels: LabelIndex<number>;
};

export function namespacesOf({ namespaces, pods, partial }: Facts): Namespaces {
  const labels = new Map<string, Labels>();
  const unlabelled = new Set<string>();
  for (const namespace of namespaces) {
    if (!labels.has(namespace.name)) {
      labels.set(namespace.name, named(namespace.name, namespace.labels));
    }
  }
  for (const { namespace } of pods) {
    if (labels.has(namespace)) continue;
    labels.set(namespace, named(namespace, {}));
    if (partial === true) unlabelled.add(namespace);
  }
  const byLabels = labelIndex([...labels.values()]);
  return { names: [...labels.keys()], labels, unlabelled, byLabels };
}
