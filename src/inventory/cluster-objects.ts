import { addressInBlock, canonicalCidr, type KubernetesObject } from '../netpol/index.js';
import { type ClusterRange, RangeSource } from './cluster-range.js';
import { items, within } from './object-history.js';

const texts = (values: readonly unknown[]): readonly string[] =>
  values.filter(value => typeof value === 'string');

const cidrsIn = (values: readonly unknown[]): readonly string[] => [
  ...new Set(texts(values).flatMap(text => canonicalCidr(text) ?? [])),
];

const isNode = ({ kind, apiVersion }: KubernetesObject): boolean =>
  kind === 'Node' && apiVersion === 'v1';
const isCiliumNode = ({ kind, apiVersion }: KubernetesObject): boolean =>
  kind === 'CiliumNode' && apiVersion.startsWith('cilium.io/');

const annotation = ({ value }: KubernetesObject, key: string): unknown =>
  within(value, 'metadata', 'annotations', key);

/** OVN-Kubernetes: `{"default": ["10.128.0.0/23"]}`, of old releases one text. */
function ovnSubnetsOf(node: KubernetesObject): readonly string[] {
  const text = annotation(node, 'k8s.ovn.org/node-subnets');
  if (typeof text !== 'string') return [];
  try {
    return cidrsIn([within(JSON.parse(text), 'default')].flat());
  } catch {
    return [];
  }
}

/**
 * "podCIDRs represents the IP ranges assigned to the node for usage by Pods on that node." With Cilium's own address
 * management a CiliumNode has them, with OVN-Kubernetes an annotation.
 */
const podCidrsOf = (object: KubernetesObject): readonly string[] => {
  const { value } = object;
  if (isCiliumNode(object)) return cidrsIn(items(within(value, 'spec', 'ipam', 'podCIDRs')));
  const own = cidrsIn([
    within(value, 'spec', 'podCIDR'),
    ...items(within(value, 'spec', 'podCIDRs')),
  ]);
  return [...own, ...ovnSubnetsOf(object)];
};

/** Addresses that network plugins give the node itself, out of those of pods. */
const OWN_ADDRESSES = [
  'projectcalico.org/IPv4IPIPTunnelAddr',
  'projectcalico.org/IPv4VXLANTunnelAddr',
  'projectcalico.org/IPv6VXLANTunnelAddr',
  'projectcalico.org/IPv4WireguardInterfaceAddr',
  'projectcalico.org/IPv6WireguardInterfaceAddr',
  ...['network.cilium.io/ipv', 'io.cilium.network.ipv'].flatMap(prefix =>
    ['4-cilium-host', '6-cilium-host', '4-health-ip', '6-health-ip'].map(rest => prefix + rest),
  ),
] as const;

/** The network's own address is that of flannel's tunnel, the first one the bridge's; OVN's management port has the second. */
function firstOf(node: KubernetesObject, cidr: string): readonly string[] {
  const places = ovnSubnetsOf(node).includes(cidr) ? [0, 1, 2] : [0, 1];
  return places.flatMap(place => addressInBlock(cidr, place) ?? []);
}

const ciliumAddressesOf = ({ value }: KubernetesObject): readonly unknown[] => [
  ...items(within(value, 'spec', 'addresses')).map(one => within(one, 'ip')),
  within(value, 'spec', 'health', 'ipv4'),
  within(value, 'spec', 'health', 'ipv6'),
];

/** The addresses by which a node speaks to pods; a CiliumNode tells those of the node of its name. */
export function gatewaysOf(object: KubernetesObject): readonly string[] {
  const named = isCiliumNode(object)
    ? ciliumAddressesOf(object)
    : OWN_ADDRESSES.map(key => annotation(object, key));
  return [...podCidrsOf(object).flatMap(cidr => firstOf(object, cidr)), ...texts(named)];
}

/** By the node's name. */
export function gatewaysIn(
  objects: readonly KubernetesObject[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const object of objects) {
    if (!isNode(object) && !isCiliumNode(object)) continue;
    const name = object.name ?? '';
    found.set(name, [...(found.get(name) ?? []), ...gatewaysOf(object)]);
  }
  return found;
}

/** Blocks from which addresses of pods are taken on any node: of Calico, and of OpenShift. */
function poolsOf({ kind, apiVersion, value }: KubernetesObject): readonly string[] {
  if (kind === 'IPPool' && /^(?:crd\.)?projectcalico\.org\//.test(apiVersion))
    return cidrsIn([within(value, 'spec', 'cidr')]);
  if (kind === 'Network' && apiVersion.startsWith('config.openshift.io/'))
    return cidrsIn(
      items(within(value, 'status', 'clusterNetwork')).map(one => within(one, 'cidr')),
    );
  return [];
}

function serviceCidrsOf({ kind, apiVersion, value }: KubernetesObject): readonly string[] {
  if (kind === 'ServiceCIDR') return cidrsIn(items(within(value, 'spec', 'cidrs')));
  if (kind === 'Network' && apiVersion.startsWith('config.openshift.io/'))
    return cidrsIn(items(within(value, 'status', 'serviceNetwork')));
  return [];
}

/** Where objects say that the cluster's own addresses lie. */
export const rangesIn = (objects: readonly KubernetesObject[]): readonly ClusterRange[] =>
  objects.flatMap((object): readonly ClusterRange[] => {
    const pods = isNode(object) || isCiliumNode(object) ? podCidrsOf(object) : [];
    return [
      ...pods.map(cidr => ({ cidr, source: RangeSource.POD_CIDR })),
      ...poolsOf(object).map(cidr => ({ cidr, source: RangeSource.POD_POOL })),
      ...serviceCidrsOf(object).map(cidr => ({ cidr, source: RangeSource.SERVICE_CIDR })),
    ];
  });
