import { canonicalAddress } from '../../netpol/index.js';
import type { ObservedPeer } from '../observation.js';

/** What a name of the cluster's own DNS leads to. */
export type DnsTarget =
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'address'; readonly address: string };

export type ClusterName = {
  readonly target: DnsTarget;
  /** False: it may be a name of the world's, unless there is such a Service. */
  readonly isSure: boolean;
};

const ZONE = 'cluster.local';

/** "10-1-0-40": dots, and colons of IPv6, are dashes. */
const dashed = (text: string): string | null =>
  canonicalAddress(text.replaceAll('-', '.')) ?? canonicalAddress(text.replaceAll('-', ':'));

/**
 * `SERVICE.NAMESPACE.svc[.ZONE]`, `POD.SERVICE.NAMESPACE.svc[.ZONE]`, `10-1-0-40.SERVICE.NAMESPACE.svc[.ZONE]`, `10-1-0-40.NAMESPACE.pod[.ZONE]` and the short form
 * `SERVICE.NAMESPACE`, by the specification of Kubernetes' DNS; null for anything else.
 */
export function clusterNameOf(dnsName: string): ClusterName | null {
  const [first = '', second = '', third, ...rest] = dnsName.split('.');
  if (second === '') return null;
  const isOwn = (zone: readonly string[]): boolean => zone.length === 0 || zone.join('.') === ZONE;
  const service = (name: string, namespace: string, isSure: boolean): ClusterName => ({
    target: { kind: 'service', namespace, name },
    isSure,
  });
  if (third === undefined) return service(first, second, false);
  if (third === 'svc') return service(first, second, isOwn(rest));
  if (third === 'pod') {
    const address = dashed(first);
    return address === null || !isOwn(rest)
      ? null
      : { target: { kind: 'address', address }, isSure: true };
  }
  const [mark, ...zone] = rest;
  if (mark !== 'svc' || !isOwn(zone)) return null;
  const address = dashed(first);
  if (address !== null) return { target: { kind: 'address', address }, isSure: true };
  return { target: { kind: 'pod', namespace: third, name: first }, isSure: true };
}

/** The first name of a peer that is the cluster's own; a bare name is a Service beside its client. */
export function clusterNameIn({ dnsNames, namespace }: ObservedPeer): ClusterName | null {
  for (const dnsName of dnsNames) {
    if (!dnsName.includes('.') && namespace !== null)
      return { target: { kind: 'service', namespace, name: dnsName }, isSure: true };
    const found = clusterNameOf(dnsName);
    if (found !== null) return found;
  }
  return null;
}
