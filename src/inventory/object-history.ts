import { canonicalAddress, type JsonObject, type KubernetesObject } from '../netpol/index.js';
import type { Labels } from './labels.js';
import { objectTime } from './object-times.js';
import type { Owned, OwnerReference } from './owner.js';

/** Where kubectl puts an object that names no namespace, unless told otherwise. */
const DEFAULT_NAMESPACE = 'default';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path; undefined where nothing does. */
export const within = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((held, key) => (isObject(held) ? held[key] : undefined), value);

export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const timeAt = ({ value }: KubernetesObject, ...path: readonly string[]): string | null => {
  const text = within(value, ...path);
  return typeof text === 'string' ? objectTime(text) : null;
};

export const namespaceOf = ({ namespace }: KubernetesObject): string =>
  namespace ?? DEFAULT_NAMESPACE;

export const createdAt = (object: KubernetesObject): string | null =>
  timeAt(object, 'metadata', 'creationTimestamp');

/** "RFC 3339 date and time at which the object was acknowledged by the Kubelet". */
export const startedAt = (pod: KubernetesObject): string | null =>
  timeAt(pod, 'status', 'startTime') ?? createdAt(pod);

const ENDED: readonly unknown[] = ['Succeeded', 'Failed'];

/** "Succeeded: all containers in the pod have terminated in success. Failed: all containers … have terminated". */
export const hasEnded = ({ kind, value }: KubernetesObject): boolean =>
  kind === 'Pod' && ENDED.includes(within(value, 'status', 'phase'));

/** When the last container of an ended pod finished; null where the status does not tell. */
export function finishedAt({ value }: KubernetesObject): string | null {
  const times = items(within(value, 'status', 'containerStatuses')).map(container => {
    const text = within(container, 'state', 'terminated', 'finishedAt');
    return typeof text === 'string' ? objectTime(text) : null;
  });
  return times.reduce((last, time) => ((time ?? '') > (last ?? '') ? time : last), null);
}

/** The addresses that are such; a fixture made by hand may hold anything. */
export const validAddresses = (addresses: readonly string[]): readonly string[] => [
  ...new Set(addresses.map(canonicalAddress).filter(address => address !== null)),
];

function referenceOf(value: unknown): readonly OwnerReference[] {
  const kind = within(value, 'kind');
  const name = within(value, 'name');
  if (typeof kind !== 'string' || typeof name !== 'string') return [];
  return [{ kind, name, controller: within(value, 'controller') === true }];
}

const labelsOf = (value: unknown): Labels =>
  Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

/** The part of an object that tells who owns it. */
export const ownedOf = (object: KubernetesObject): Owned => ({
  kind: object.kind,
  namespace: namespaceOf(object),
  name: object.name ?? '',
  labels: labelsOf(within(object.value, 'metadata', 'labels')),
  ownerReferences: items(within(object.value, 'metadata', 'ownerReferences')).flatMap(referenceOf),
});

/** The same pod as it was before it ended. */
export const asRunning = (pod: KubernetesObject): KubernetesObject => {
  const status = within(pod.value, 'status');
  return {
    ...pod,
    value: { ...pod.value, status: { ...(isObject(status) ? status : {}), phase: 'Running' } },
  };
};
