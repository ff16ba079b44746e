import { clusterNameFault } from '../../inventory/cluster-name.js';
import {
  canonicalAddress,
  canonicalCidr,
  faultOfDnsLabel,
  faultOfLabelKey,
  faultOfLabelValue,
  faultOfSubdomain,
} from '../../netpol/index.js';
import type { ObservedPeer } from '../observation.js';

/** What is wrong with one field of an end, and where in it. */
export type NameFault = { readonly path: string; readonly message: string };

type Rule = (name: string) => string | null;

const KIND = /^[A-Za-z][A-Za-z0-9]{0,62}$/;
const DNS_NAME = /^[a-z0-9_*](?:[a-z0-9._*-]{0,251}[a-z0-9_*])?$/;
const RESERVED = /^[\w.*/-]{1,320}$/;

const NO_ADDRESS = 'is not an IP address';

const faultOfKind: Rule = kind =>
  KIND.test(kind) ? null : 'must consist of at most 63 letters and digits, as `Deployment` does';

/** A name that was looked up; underscores stand in names of services (RFC 2782). */
export const faultOfDnsName: Rule = name =>
  DNS_NAME.test(name) ? null : 'is not a DNS name of at most 253 characters';

const faultOfReserved: Rule = name =>
  RESERVED.test(name) ? null : 'must consist of letters, digits, `-`, `_`, `.`, `/` and `*`';

const faultOfCluster: Rule = name =>
  clusterNameFault(name) === null ? null : 'cannot be the name of a cluster';

const faultOfIp: Rule = ip => (canonicalAddress(ip) === null ? NO_ADDRESS : null);

const faultOfCidr: Rule = cidr =>
  canonicalCidr(cidr) === null ? 'is not a block of addresses' : null;

const LONGEST_SHOWN = 60;

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
};

const told = (what: string, value: unknown, fault: string): string =>
  `${what} \`${shown(value)}\` ${fault}`;

/** Other than text: the JSON of a source may hold anything. */
const fieldFault = (path: string, what: string, value: unknown, rule: Rule): NameFault | null => {
  if (value === null) return null;
  const fault = typeof value === 'string' ? rule(value) : 'is not text';
  return fault === null ? null : { path, message: told(what, value, fault) };
};

/** What is wrong with labels: each key and value as the API server takes them. */
export function faultOfLabels(labels: Readonly<Record<string, unknown>> | null): NameFault | null {
  for (const key in labels ?? {}) {
    const wrong = faultOfLabelKey(key);
    if (wrong !== null) return { path: 'labels', message: told('label key', key, wrong) };
    const fault = fieldFault('labels', `label \`${key}\``, labels?.[key], faultOfLabelValue);
    if (fault !== null) return fault;
  }
  return null;
}

type Field = readonly [path: string, what: string, value: unknown, rule: Rule];

const fieldsOf = (peer: ObservedPeer): readonly Field[] => [
  ['namespace', 'namespace', peer.namespace, faultOfDnsLabel],
  ['pod', 'pod', peer.pod, faultOfSubdomain],
  ['workload.kind', 'kind', peer.workload?.kind ?? null, faultOfKind],
  ['workload.name', 'workload', peer.workload?.name ?? null, faultOfSubdomain],
  ['ip', 'address', peer.ip, faultOfIp],
  ['cidr', 'block', peer.cidr, faultOfCidr],
  ['node', 'node', peer.node, faultOfSubdomain],
  ['service', 'namespace', peer.service?.namespace ?? null, faultOfDnsLabel],
  ['service', 'Service', peer.service?.name ?? null, faultOfDnsLabel],
  ['cluster', 'cluster', peer.cluster, faultOfCluster],
  ['reserved', 'identity', peer.reserved, faultOfReserved],
];

/** The first name, label or address of an end that Kubernetes, DNS or a column cannot have; null: none. */
export function faultOfPeer(peer: ObservedPeer): NameFault | null {
  for (const [path, what, value, rule] of fieldsOf(peer)) {
    const fault = fieldFault(path, what, value, rule);
    if (fault !== null) return fault;
  }
  for (const name of peer.dnsNames) {
    const fault = fieldFault('dnsName', 'name', name, faultOfDnsName);
    if (fault !== null) return fault;
  }
  return faultOfLabels(peer.labels) ?? faultOfLabels(peer.namespaceLabels);
}
