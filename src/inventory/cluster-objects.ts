import { canonicalCidr, gatewayOf, type KubernetesObject } from '../netpol/index.js';
import { type ClusterRange, RangeSource } from './cluster-range.js';
import { items, within } from './object-history.js';

const cidrsIn = (values: readonly unknown[]): readonly string[] => [
  ...new Set(
    values.flatMap(value => (typeof value === 'string' ? (canonicalCidr(value) ?? []) : [])),
  ),
];

/** "podCIDRs represents the IP ranges assigned to the node for usage by Pods on that node." */
const podCidrsOf = ({ value }: KubernetesObject): readonly string[] =>
  cidrsIn([within(value, 'spec', 'podCIDR'), ...items(within(value, 'spec', 'podCIDRs'))]);

/** The addresses by which a node speaks to its own pods. */
export const gatewaysOf = (node: KubernetesObject): readonly string[] =>
  podCidrsOf(node).flatMap(cidr => gatewayOf(cidr) ?? []);

const serviceCidrsOf = ({ value }: KubernetesObject): readonly string[] =>
  cidrsIn(items(within(value, 'spec', 'cidrs')));

/** Where nodes and ServiceCIDRs say that the cluster's own addresses lie. */
export const rangesIn = (objects: readonly KubernetesObject[]): readonly ClusterRange[] =>
  objects.flatMap((object): readonly ClusterRange[] => {
    if (object.kind === 'Node' && object.apiVersion === 'v1')
      return podCidrsOf(object).map(cidr => ({ cidr, source: RangeSource.POD_CIDR }));
    if (object.kind === 'ServiceCIDR')
      return serviceCidrsOf(object).map(cidr => ({ cidr, source: RangeSource.SERVICE_CIDR }));
    return [];
  });
