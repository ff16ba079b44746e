import { DEFAULT_NAMESPACE } from './metadata.js';
import { isJsonObject, type KubernetesObject } from './objects.js';
import { groupOf } from './pod-templates.js';

/** An object named by kind and name, in the namespace of what it owns. */
export type Controller = { readonly kind: string; readonly name: string };

/** The controllers of an object, from the nearest to the last one that is known. */
export type Chain = {
  readonly owners: readonly Controller[];
};

type Reference = Controller & { readonly group: string };

/** Longer chains do not occur; a cycle must end. */
const LONGEST_CHAIN = 8;

/**
 * Who controls an object: "controller: If true, this reference points to the managing controller". A reference is
 * followed further only through objects of the input; names are never taken apart.
 *
 * Rows of the map stand for exactly what the input shows, and roxctl's do. `inventory/owner.ts` answers another
 * question: which deployment a pod belongs to for good, also where flows tell its name alone. It infers, and says so.
 */
export function chainsAmong(
  objects: readonly KubernetesObject[],
): (object: KubernetesObject) => Chain {
  const known = new Map<string, KubernetesObject>();
  for (const object of objects) {
    // Without namespace it is of namespace `default`, or of a kind that has none.
    known.set(keyOf(namespaceOf(object), referenceTo(object)), object);
    if (object.namespace === null) known.set(keyOf('', referenceTo(object)), object);
  }
  return object => {
    const namespace = namespaceOf(object);
    return chainFrom(
      object,
      owner => known.get(keyOf(namespace, owner)) ?? known.get(keyOf('', owner)),
    );
  };
}

export function namespaceOf(object: KubernetesObject): string {
  return object.namespace ?? DEFAULT_NAMESPACE;
}

function chainFrom(
  object: KubernetesObject,
  find: (reference: Reference) => KubernetesObject | undefined,
): Chain {
  const owners: Controller[] = [];
  let current: KubernetesObject | undefined = object;
  while (current !== undefined && owners.length < LONGEST_CHAIN) {
    const controller = controllerOf(current);
    if (controller === null) break;
    owners.push({ kind: controller.kind, name: controller.name });
    current = find(controller);
  }
  return { owners };
}

/** The managing controller. A static pod is owned by its node, which is no workload. */
function controllerOf(object: KubernetesObject): Reference | null {
  const metadata = object.value['metadata'];
  const references = isJsonObject(metadata) ? metadata['ownerReferences'] : undefined;
  if (!Array.isArray(references)) return null;
  const controller: unknown = references.find(
    each => isJsonObject(each) && each['controller'] === true,
  );
  if (!isJsonObject(controller)) return null;
  const { kind, name, apiVersion } = controller;
  if (typeof kind !== 'string' || typeof name !== 'string' || kind === 'Node') return null;
  return { kind, name, group: typeof apiVersion === 'string' ? groupOf(apiVersion) : '' };
}

function referenceTo(object: KubernetesObject): Reference {
  return { kind: object.kind, name: object.name ?? '', group: groupOf(object.apiVersion) };
}

function keyOf(namespace: string, reference: Reference): string {
  return `${namespace}/${reference.group}/${reference.kind}/${reference.name}`;
}
