import type { DeclaredServicePort, Endpoints } from './address.js';
import type { Labels } from './labels.js';
import type { DeclaredPort } from './peer.js';

type Interval = { readonly validFrom: string; readonly validTo: string | null };

/** What a Service was within a half-open interval. */
export type ServiceRevision = Interval & {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIps: readonly string[];
  readonly ports: readonly DeclaredServicePort[];
  /** Null: none, and Endpoints tell where it leads. */
  readonly selector: Labels | null;
  /** The DNS name or address that it stands for; null: it is no ExternalName. */
  readonly externalName: string | null;
  /** DNS names of its load balancer; null: none. */
  readonly hostnames: readonly string[] | null;
};

/** Where a Service without a selector led within a half-open interval. */
export type EndpointsRevision = Interval & {
  readonly namespace: string;
  readonly name: string;
  readonly endpoints: readonly Endpoints[];
};

/** What the pods of a deployment carried within a half-open interval. */
export type LabelRevision = Interval & {
  readonly peerId: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly ports: readonly DeclaredPort[] | null;
};

/** What leads from a node to a deployment: the pod's own port, or a `hostPort` and the port behind it. */
export type NodeDoor = Pick<DeclaredPort, 'port' | 'protocol'> & { readonly podPort?: number };

/** A deployment at ports of a node, within a half-open interval. */
export type HostPod = Interval & {
  readonly node: string;
  readonly peerId: string;
  readonly ports: readonly NodeDoor[];
};

/** Whether it held at a moment (ISO text). */
export const isWithin = ({ validFrom, validTo }: Interval, at: string): boolean =>
  validFrom <= at && (validTo === null || at < validTo);

/**
 * What held at a moment (ISO text), of revisions from the earliest on: the one that began last until then. The first
 * also covers what was before it, for a record that names a Service tells that there was one.
 */
export const revisionAt = <R extends Interval>(revisions: readonly R[], at: string): R | null =>
  revisions.findLast(({ validFrom }) => validFrom <= at) ?? revisions[0] ?? null;

const has = (labels: Labels, selector: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** "If the selector is empty, the Service is assumed to have an external process managing its endpoints". */
const isEmpty = (selector: Labels): boolean => Object.keys(selector).length === 0;

/** The first of each deployment: several of its label sets may fit. */
const oneEach = (revisions: readonly LabelRevision[]): readonly LabelRevision[] =>
  [...new Map(revisions.toReversed().map(one => [one.peerId, one])).values()].toReversed();

/**
 * The deployments that a selector found at a moment, one revision each. Where none of them is known to have been
 * there yet, those that were there first count.
 * @param revisions of one namespace, those of a deployment from the earliest on
 */
export function backendsAt(
  revisions: readonly LabelRevision[],
  selector: Labels,
  at: string,
): readonly LabelRevision[] {
  if (isEmpty(selector)) return [];
  const there = revisions.filter(one => isWithin(one, at) && has(one.labels, selector));
  if (there.length > 0) return oneEach(there);
  const known = new Set(revisions.filter(one => one.validFrom <= at).map(({ peerId }) => peerId));
  const since = new Map<string, string>();
  for (const one of revisions)
    if (!known.has(one.peerId) && !since.has(one.peerId)) since.set(one.peerId, one.validFrom);
  return oneEach(
    revisions.filter(one => since.get(one.peerId) === one.validFrom && has(one.labels, selector)),
  );
}

/** Those on the network of nodes at a moment. */
export const hostPodsAt = (pods: readonly HostPod[], at: string): readonly HostPod[] =>
  pods.filter(pod => isWithin(pod, at));
