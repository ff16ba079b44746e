import type { PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import { isJsonObject, type KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';

/** "`.spec.selector` … It cannot be changed after the creation": of these, and Argo Rollouts keep to it. */
const KEPT: readonly string[] = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Rollout'];

const keyOf = (namespace: string, kind: string, name: string): string =>
  `${kind} ${namespace}/${name}`;

function matchLabelsOf({ kind, value: { spec } }: KubernetesObject): Labels | null {
  const selector = isJsonObject(spec) && KEPT.includes(kind) ? spec['selector'] : null;
  const labels = isJsonObject(selector) ? selector['matchLabels'] : null;
  if (!isJsonObject(labels)) return null;
  const texts = Object.entries(labels).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return texts.length === 0 ? null : Object.fromEntries(texts);
}

/** Pods and templates with what the objects of their workloads select them by. */
export function withSelectors(
  pods: readonly PodFact[],
  objects: readonly KubernetesObject[],
): readonly PodFact[] {
  const selectors = new Map<string, Labels>();
  for (const object of objects) {
    const labels = matchLabelsOf(object);
    if (labels !== null)
      selectors.set(keyOf(namespaceOf(object), object.kind, object.name ?? ''), labels);
  }
  return pods.map(pod => {
    const { kind, name } = pod.workload;
    const selector = selectors.get(keyOf(pod.namespace, kind, name));
    return selector === undefined ? pod : { ...pod, selector };
  });
}
