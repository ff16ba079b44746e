import { addressInBlock, blockFinder } from '../netpol/index.js';

/** What tells that addresses are a cluster's own. */
export const RangeSource = {
  /** A user, by `setClusterRanges`. */
  DECLARED: 'DECLARED',
  /** Of one node: its `spec.podCIDRs`, those of its CiliumNode, or OVN-Kubernetes' annotation. */
  POD_CIDR: 'POD_CIDR',
  /** Of all nodes: an IPPool of Calico, or OpenShift's Network. */
  POD_POOL: 'POD_POOL',
  /** A ServiceCIDR, or OpenShift's Network. */
  SERVICE_CIDR: 'SERVICE_CIDR',
} as const;
export type RangeSource = (typeof RangeSource)[keyof typeof RangeSource];

export type ClusterRange = { readonly cidr: string; readonly source: RangeSource };

/** What is known of where a cluster's own addresses lie. */
export type ClusterRanges = {
  readonly cidrs: readonly string[];
  /** Those of them that one node has. */
  readonly podCidrs: readonly string[];
  /** No pod or Service was ever shown with an address. */
  readonly isBlank: boolean;
};

/** Ranges that are nobody's on the internet: RFC 1918, RFC 6598 (many CNIs use it for pods), RFC 4193. */
export const PRIVATE_RANGES = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
] as const;

/** The same for many questions: the ranges are read once. */
export type KnownRanges = {
  readonly isBlank: boolean;
  /**
   * Whether an address that nobody is known to hold must have been the cluster's own. It is never guessed from the
   * addresses of pods nearby; only while nothing at all is known may every private address be the cluster's.
   */
  readonly isInside: (address: string) => boolean;
  /** The node's own address of the podCIDR that an address lies in; null: it lies in none. */
  readonly gatewayBeside: (address: string) => string | null;
};

export function knownRanges({ cidrs, podCidrs, isBlank }: ClusterRanges): KnownRanges {
  const around = blockFinder(isBlank && cidrs.length === 0 ? PRIVATE_RANGES : cidrs);
  const podCidrOf = blockFinder(podCidrs);
  return {
    isBlank,
    isInside: address => around(address) !== null,
    gatewayBeside: address => {
      const cidr = podCidrOf(address);
      return cidr === null ? null : addressInBlock(cidr, 1);
    },
  };
}
