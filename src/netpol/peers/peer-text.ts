import { canonicalAddress, canonicalCidr } from '../addresses/canonical.js';
import { insideNameOf, isInsideName } from '../addresses/inside-name.js';

/** What a text says of a peer, before anything is looked up. */
export type PeerText =
  /** A pod, workload or Service; without a namespace perhaps a node or a domain. `ofKind` null: of any kind. */
  | {
      readonly kind: 'named';
      readonly namespace: string | null;
      readonly name: string;
      readonly ofKind: string | null;
    }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  /** All pods of a namespace. */
  | { readonly kind: 'namespace'; readonly name: string }
  /** A pod by a DNS name of the cluster: `db-0.db.shop.svc`, `10-1-2-3.shop.pod.cluster.local`. */
  | { readonly kind: 'pod-name'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  /** Outside of the cluster, by the name that lists of flows show: an address, a CIDR, a DNS name or an entity. */
  | { readonly kind: 'external'; readonly name: string }
  /** Somebody of whom flows tell and whom nobody knows. */
  | { readonly kind: 'unresolved'; readonly name: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'block'; readonly cidr: string }
  | { readonly kind: 'domain'; readonly name: string }
  | { readonly kind: 'ingress-controller' };

/** Why a text names no peer, with the cure, in one sentence. */
export type PeerFault = { readonly fault: string };

export const DEFAULT_NAMESPACE = 'default';

const INGRESS_CONTROLLER = '{ingress-controller}';
/** A host name of several parts whose last one is no number. */
const DOMAIN_NAME = /^(?:[a-z0-9](?:[\w-]*[a-z0-9])?\.)+[a-z](?:[\w-]*[a-z0-9])?\.?$/i;
const MARKED = /^(external|node|unresolved|svc|domain|ns|namespace):(.+)$/is;
/** No Kubernetes name looks like these. */
const LIKE_AN_ADDRESS = /^(?:\d+(?:\.\d+){3}|[\da-f:.]*:[\da-f:.]*)(?:%[^/]*)?(?:\/.*)?$/i;
const RANGE = /^(\d+(?:\.\d+){3})-(\d+(?:\.\d+){3})$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const NAME = '[^/\\s{}[\\]:]+';
const PLAIN = new RegExp(`^(?:(${NAME})/)?(${NAME})(?:\\[([^\\]/\\s]+)\\])?$`);
const WITH_KIND = new RegExp(`^(${NAME})/(${NAME})/(${NAME})$`);

export const FORMS =
  'write `namespace/name`, `namespace/name[Kind]`, `svc:namespace/name`, `ns:namespace`, `NODE:name`, `EXTERNAL:name`, an address, a CIDR (`0.0.0.0/0` for all outside), a DNS name or `{ingress-controller}`';

/** Whether a name is one of the DNS outside of the cluster: names of Services and pods are not. */
export const isDomainOutside = (name: string): boolean =>
  DOMAIN_NAME.test(name) && !isInsideName(name);

/**
 * Reads a peer: `namespace/name`, `namespace/name[Kind]`, `namespace/kind/name`,
 * `NODE:name`, `EXTERNAL:name`, `UNRESOLVED:name` (marks in any case), an address, a CIDR, `first-last` of one block,
 * `svc:namespace/name`, `ns:name` of a whole namespace, the DNS name of a Service or pod, `domain:name`, `{ingress-controller}`. Names are not looked up.
 */
export function parsePeerText(text: string): PeerText | PeerFault {
  return (
    (text === INGRESS_CONTROLLER ? { kind: 'ingress-controller' as const } : null) ??
    addressText(text) ??
    rangeText(text) ??
    markedText(text) ??
    insideText(text) ??
    namedText(text) ?? { fault: `\`${text}\` is no peer; ${FORMS}` }
  );
}

function addressText(text: string): PeerText | PeerFault | null {
  if (!LIKE_AN_ADDRESS.test(text)) return null;
  const address = canonicalAddress(text);
  if (address !== null) return { kind: 'address', address };
  const cidr = canonicalCidr(text);
  if (cidr !== null) return { kind: 'block', cidr };
  const what = text.includes('/') ? 'block of addresses' : 'address';
  return {
    fault: `\`${text}\` is no ${what}; write IPv4 without leading zeros, or IPv6 without a zone`,
  };
}

/** `10.0.0.0-10.255.255.255`, as the connectivity list writes a block. */
function rangeText(text: string): PeerText | PeerFault | null {
  const [, first = '', last = ''] = RANGE.exec(text) ?? [];
  if (first === '') return null;
  const size = numberOf(last) - numberOf(first) + 1;
  const bits = Math.log2(size);
  const areAddresses = canonicalAddress(first) !== null && canonicalAddress(last) !== null;
  if (!areAddresses || !Number.isInteger(bits) || numberOf(first) % size !== 0) {
    return { fault: `\`${text}\` is not one block of addresses; write a CIDR of it` };
  }
  return { kind: 'block', cidr: `${first}/${32 - bits}` };
}

const numberOf = (address: string): number =>
  address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);

function markedText(text: string): PeerText | PeerFault | null {
  const [, mark = '', name = ''] = MARKED.exec(text) ?? [];
  switch (mark.toLowerCase()) {
    case 'external':
      return insideText(name) ?? { kind: 'external', name };
    case 'node':
      return { kind: 'node', name };
    case 'unresolved':
      return { kind: 'unresolved', name };
    case 'domain':
      return insideText(name) ?? { kind: 'domain', name };
    case 'svc':
      return serviceText(text, name);
    case 'ns':
    case 'namespace':
      return NAMESPACE.test(name)
        ? { kind: 'namespace', name }
        : { fault: `\`${text}\` is no namespace; write \`ns:name\`` };
    default:
      return null;
  }
}

function serviceText(text: string, written: string): PeerText | PeerFault {
  const named = namedText(written);
  if (named?.kind !== 'named' || named.ofKind !== null) {
    return { fault: `\`${text}\` is no Service; write \`svc:namespace/name\`` };
  }
  return {
    kind: 'service',
    namespace: named.namespace ?? DEFAULT_NAMESPACE,
    name: named.name,
  };
}

/** "A name inside the cluster is never outside it", whatever it was marked as. */
function insideText(text: string): PeerText | null {
  const inside = insideNameOf(text);
  if (inside === null) return null;
  const { namespace } = inside;
  return inside.kind === 'service' && inside.host === null
    ? { kind: 'service', namespace, name: inside.name }
    : { kind: 'pod-name', name: text.toLowerCase() };
}

function namedText(text: string): PeerText | null {
  const [, inNamespace = '', kind = '', own = ''] = WITH_KIND.exec(text) ?? [];
  if (own !== '') return { kind: 'named', namespace: inNamespace, name: own, ofKind: kind };
  const [, namespace = null, name = '', ofKind = null] = PLAIN.exec(text) ?? [];
  return name === '' ? null : { kind: 'named', namespace, name, ofKind };
}

/** Writes a peer in the form that `parsePeerText` reads back; a domain as its plain name where that tells it. */
export function formatPeerText(peer: PeerText): string {
  switch (peer.kind) {
    case 'named': {
      const name = peer.namespace === null ? peer.name : `${peer.namespace}/${peer.name}`;
      return peer.ofKind === null ? name : `${name}[${peer.ofKind}]`;
    }
    case 'service':
      return `svc:${peer.namespace}/${peer.name}`;
    case 'pod-name':
      return peer.name;
    case 'namespace':
      return `ns:${peer.name}`;
    case 'node':
      return `NODE:${peer.name}`;
    case 'external':
      return `EXTERNAL:${peer.name}`;
    case 'unresolved':
      return `UNRESOLVED:${peer.name}`;
    case 'address':
      return peer.address;
    case 'block':
      return peer.cidr;
    case 'domain':
      return isDomainOutside(peer.name) ? peer.name : `domain:${peer.name}`;
    case 'ingress-controller':
      return INGRESS_CONTROLLER;
  }
}
