import { addressInBlock, type KubernetesObject } from '../netpol/index.js';
import { annotation, isCiliumNode, isNode, ovnSubnetsOf, podCidrsOf, said } from './node-object.js';
import { items, validAddresses, within } from './object-history.js';

/** The addresses of one node beside those of its status. */
export type NodeAddresses = {
  /** Of its own interfaces, as network plugins and distributions tell them. */
  readonly own: readonly string[];
  /** Out of those of pods, by which it speaks to pods of other nodes: of a tunnel, of `cilium_host`, of OVN's management port. */
  readonly tunnels: readonly string[];
  /** Others out of those of pods: of a bridge, a health check, an ingress. */
  readonly gateways: readonly string[];
};

const OWN = [
  'projectcalico.org/IPv4Address',
  'projectcalico.org/IPv6Address',
  'flannel.alpha.coreos.com/public-ip',
  'flannel.alpha.coreos.com/public-ipv6',
  'k3s.io/internal-ip',
  'k3s.io/external-ip',
  'rke2.io/internal-ip',
  'rke2.io/external-ip',
  'alpha.kubernetes.io/provided-node-ip',
  'k8s.ovn.org/node-primary-ifaddr',
  'k8s.ovn.org/host-cidrs',
  'k8s.ovn.org/host-addresses',
] as const;

const CILIUM = ['network.cilium.io/ipv', 'io.cilium.network.ipv'] as const;

const TUNNELS = [
  'projectcalico.org/IPv4IPIPTunnelAddr',
  'projectcalico.org/IPv4VXLANTunnelAddr',
  'projectcalico.org/IPv6VXLANTunnelAddr',
  'projectcalico.org/IPv4WireguardInterfaceAddr',
  'projectcalico.org/IPv6WireguardInterfaceAddr',
  'kilo.squat.ai/wireguard-ip',
  'k8s.ovn.org/node-gateway-router-lrp-ifaddr',
  'k8s.ovn.org/node-gateway-router-lrp-ifaddrs',
  ...CILIUM.flatMap(prefix => [`${prefix}4-cilium-host`, `${prefix}6-cilium-host`]),
] as const;

const GATEWAYS = CILIUM.flatMap(prefix => [`${prefix}4-health-ip`, `${prefix}6-health-ip`]);

/** All texts that a value holds: `{"default": {"ipv4": "100.64.0.2/16"}}`, `["192.0.2.1/24"]`, `192.0.2.1,2001:db8::1`. */
const leaves = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.split(',');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leaves);
};

/** Of an interface, `192.0.2.1/24` is the address with the length of its network. */
const addressesIn = (values: readonly unknown[]): readonly string[] =>
  validAddresses(values.flatMap(leaves).map(text => text.trim().replace(/\/\d+$/, '')));

const annotated = (object: KubernetesObject, keys: readonly string[]): readonly string[] =>
  addressesIn(keys.map(key => said(object, key)));

const FLANNEL = 'flannel.alpha.coreos.com/backend-type';
const ANTREA = 'node.antrea.io/mac-address';

/**
 * Which addresses of a node's podCIDR, counted from the first, are those of the interface by which it speaks to pods of
 * other nodes: of flannel's tunnel (not where it only routes), of Antrea's gateway, of OVN's management port.
 */
function tunnelPlaces(node: KubernetesObject, cidr: string): readonly number[] {
  const backend = annotation(node, FLANNEL);
  const flannel = backend !== null && backend !== 'host-gw';
  return [
    ...(flannel ? [0] : []),
    ...(annotation(node, ANTREA) === null ? [] : [1]),
    ...(ovnSubnetsOf(node).includes(cidr) ? [2] : []),
  ];
}

/** The network's own address is never a pod's, the first one is the bridge's. */
const GATEWAY_PLACES = [0, 1];

const inPodCidrs = (
  object: KubernetesObject,
  places: (cidr: string) => readonly number[],
): readonly string[] =>
  podCidrsOf(object).flatMap(cidr =>
    places(cidr).flatMap(place => addressInBlock(cidr, place) ?? []),
  );

const ROUTER = 'CiliumInternalIP';

function ofCiliumNode(object: KubernetesObject): NodeAddresses {
  const spec = within(object.value, 'spec');
  const all = items(within(spec, 'addresses'));
  const ofRouter = all.filter(one => within(one, 'type') === ROUTER);
  const others = all.filter(one => within(one, 'type') !== ROUTER);
  const ips = (list: readonly unknown[]) => addressesIn(list.map(one => within(one, 'ip')));
  return {
    own: ips(others),
    tunnels: ips(ofRouter),
    gateways: [
      ...addressesIn([within(spec, 'health'), within(spec, 'ingress')]),
      ...inPodCidrs(object, () => GATEWAY_PLACES),
    ],
  };
}

const ofNode = (object: KubernetesObject): NodeAddresses => ({
  own: annotated(object, OWN),
  tunnels: [
    ...annotated(object, TUNNELS),
    ...inPodCidrs(object, cidr => tunnelPlaces(object, cidr)),
  ],
  gateways: [...annotated(object, GATEWAYS), ...inPodCidrs(object, () => GATEWAY_PLACES)],
});

const NONE: NodeAddresses = { own: [], tunnels: [], gateways: [] };

/** Each address once, as the most telling of what it was told to be. */
function told(shown: readonly string[], { own, tunnels, gateways }: NodeAddresses): NodeAddresses {
  const ofTunnels = new Set(tunnels);
  const ofInterfaces = new Set([...shown, ...own].filter(address => !ofTunnels.has(address)));
  return {
    own: [...ofInterfaces],
    tunnels: [...ofTunnels],
    gateways: [...new Set(gateways)].filter(
      address => !ofTunnels.has(address) && !ofInterfaces.has(address),
    ),
  };
}

/**
 * What Nodes and CiliumNodes tell of the addresses of each node, by its name.
 * @returns for a node and the addresses of its status all that are its own
 */
export function nodeAddressesIn(
  objects: readonly KubernetesObject[],
): (name: string, shown: readonly string[]) => NodeAddresses {
  const found = new Map<string, NodeAddresses>();
  for (const object of objects) {
    if (!isNode(object) && !isCiliumNode(object)) continue;
    const name = object.name ?? '';
    const { own, tunnels, gateways } = found.get(name) ?? NONE;
    const more = isNode(object) ? ofNode(object) : ofCiliumNode(object);
    found.set(name, {
      own: [...own, ...more.own],
      tunnels: [...tunnels, ...more.tunnels],
      gateways: [...gateways, ...more.gateways],
    });
  }
  return (name, shown) => told(shown, found.get(name) ?? NONE);
}
