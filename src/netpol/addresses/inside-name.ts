import { canonicalAddress } from './canonical.js';
import { dnsNameOf } from './dns-name.js';

/** What a DNS name inside of a cluster stands for. */
export type InsideName =
  /** `host`: the pod behind it that bears the host name, as pods of a StatefulSet do; null: the Service. */
  | {
      readonly kind: 'service';
      readonly namespace: string;
      readonly name: string;
      readonly host: string | null;
    }
  /** Null: an address that is none. */
  | { readonly kind: 'pod'; readonly namespace: string; readonly address: string | null };

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
/** `api.shop.svc`, `db-0.db.shop.svc.cluster.local`, `_http._tcp.api.shop.svc`; the cluster's domain may be any. */
const OF_SERVICE = new RegExp(
  `^(?:(${LABEL})\\.|_[a-z0-9-]+\\._[a-z]+\\.)?(${LABEL})\\.(${LABEL})\\.svc(?:\\..*)?$`,
);
/** `10-1-2-3.shop.pod.cluster.local`. */
const OF_POD = new RegExp(`^([a-f0-9-]+)\\.(${LABEL})\\.pod(?:\\..*)?$`);
/** Nothing under it is outside, whatever it is. */
const DEFAULT_DOMAIN = /(?:^|\.)cluster\.local$/;

/** `10-1-2-3` is 10.1.2.3, `fd00--1` is fd00::1. */
const addressIn = (dashed: string): string | null =>
  canonicalAddress(dashed.replaceAll('-', '.')) ?? canonicalAddress(dashed.replaceAll('-', ':'));

/** Names of Services and pods as a cluster's DNS gives them ("DNS for Services and Pods"); null for any other name. */
export function insideNameOf(name: string): InsideName | null {
  const plain = dnsNameOf(name);
  const [, host = null, service, ofService] = OF_SERVICE.exec(plain) ?? [];
  if (service !== undefined && ofService !== undefined) {
    return { kind: 'service', namespace: ofService, name: service, host };
  }
  const [, dashed = '', namespace] = OF_POD.exec(plain) ?? [];
  return namespace === undefined ? null : { kind: 'pod', namespace, address: addressIn(dashed) };
}

/** Whether a name is of the cluster's own DNS, so that it cannot be outside. */
export const isInsideName = (name: string): boolean =>
  insideNameOf(name) !== null || DEFAULT_DOMAIN.test(dnsNameOf(name));

/** `db.shop`, `db-0.db.shop`: what a pod's resolver completes, where the namespace is one of the cluster. */
export function shortNameOf(
  name: string,
  isNamespace: (name: string) => boolean,
): InsideName | null {
  const parts = dnsNameOf(name).split('.');
  const [last = '', service = '', host = null, ...more] = parts.toReversed();
  return service === '' || more.length > 0 || !isNamespace(last)
    ? null
    : { kind: 'service', namespace: last, name: service, host };
}
