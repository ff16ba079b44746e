import { isJsonObject, type KubernetesObject } from './objects.js';
import { type Chain, type Controller, chainsAmong, namespaceOf } from './owners.js';
import { templatePaths } from './pod-templates.js';
import type { Path } from './source.js';

/** A pod, or an object with a pod template, and what controls it. */
export type Candidate = {
  readonly object: KubernetesObject;
  readonly chain: Chain;
  /** Where its template is; null for a pod. */
  readonly template: Path | null;
  /** Of an object with several templates the first speaks for it. */
  readonly place: number;
};

export function candidatesAmong(objects: readonly KubernetesObject[]): readonly Candidate[] {
  const chainOf = chainsAmong(objects);
  return objects.flatMap(object => {
    const templates = isPod(object) ? [null] : templatePaths(object);
    if (templates.length === 0) return [];
    const chain = chainOf(object);
    return templates.map((template, place) => ({ object, chain, template, place }));
  });
}

export function isPod(object: KubernetesObject): boolean {
  return object.kind === 'Pod' && object.apiVersion === 'v1';
}

/** "Succeeded: all containers in the pod have terminated in success. Failed: all containers … have terminated". */
export function phaseOfEnded(object: KubernetesObject): 'Succeeded' | 'Failed' | null {
  const status = object.value['status'];
  if (!isPod(object) || !isJsonObject(status)) return null;
  const { phase } = status;
  return phase === 'Succeeded' || phase === 'Failed' ? phase : null;
}

/** The last owner that is known: what a row of the connectivity list shows. */
export function rootOf({ object, chain }: Candidate): Controller {
  return chain.owners.at(-1) ?? { kind: object.kind, name: object.name ?? '' };
}

/** Tells owners of one input apart. */
export function ownerKey(object: KubernetesObject, owner: Controller): string {
  return `${namespaceOf(object)}/${owner.kind}/${owner.name}`;
}
