import { canonicalCidr, type KubernetesObject } from '../netpol/index.js';
import { items, within } from './object-history.js';

export const isNode = ({ kind, apiVersion }: KubernetesObject): boolean =>
  kind === 'Node' && apiVersion === 'v1';

export const isCiliumNode = ({ kind, apiVersion }: KubernetesObject): boolean =>
  kind === 'CiliumNode' && apiVersion.startsWith('cilium.io/');

const texts = (values: readonly unknown[]): readonly string[] =>
  values.filter(value => typeof value === 'string');

export const cidrsIn = (values: readonly unknown[]): readonly string[] => [
  ...new Set(texts(values).flatMap(text => canonicalCidr(text) ?? [])),
];

/** The text of an annotation; null: it has none of that name. */
export function annotation({ value }: KubernetesObject, key: string): string | null {
  const text = within(value, 'metadata', 'annotations', key);
  return typeof text === 'string' ? text : null;
}

/** What an annotation that holds JSON says; the text itself where it is none. */
export function said(object: KubernetesObject, key: string): unknown {
  const text = annotation(object, key);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** OVN-Kubernetes: `{"default": ["10.128.0.0/23"]}`, of old releases one text. */
export const ovnSubnetsOf = (node: KubernetesObject): readonly string[] =>
  cidrsIn([within(said(node, 'k8s.ovn.org/node-subnets'), 'default')].flat());

/**
 * "podCIDRs represents the IP ranges assigned to the node for usage by Pods on that node." With Cilium's own address
 * management a CiliumNode has them, with OVN-Kubernetes an annotation.
 */
export const podCidrsOf = (object: KubernetesObject): readonly string[] => {
  const { value } = object;
  if (isCiliumNode(object)) return cidrsIn(items(within(value, 'spec', 'ipam', 'podCIDRs')));
  const own = cidrsIn([
    within(value, 'spec', 'podCIDR'),
    ...items(within(value, 'spec', 'podCIDRs')),
  ]);
  return [...own, ...ovnSubnetsOf(object)];
};
