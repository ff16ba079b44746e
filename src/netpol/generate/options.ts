import type { Profile } from './profile.js';

/** For which directions a policy isolates its workload. */
export const Directions = {
  /** Those in which usable traffic was seen. */
  OBSERVED: 'OBSERVED',
  BOTH: 'BOTH',
  INGRESS: 'INGRESS',
  EGRESS: 'EGRESS',
} as const;
export type Directions = (typeof Directions)[keyof typeof Directions];

/** Who is let in through an entrance: a LoadBalancer, NodePort, Ingress, Gateway or Route. */
export const IngressSources = {
  /** Through routes the pods of the ingress controller, where they are known; everybody else through the rest. */
  CONTROLLER: 'CONTROLLER',
  ANYWHERE: 'ANYWHERE',
  /** `ingressBlocks`. */
  BLOCKS: 'BLOCKS',
  /** Clients that were seen, and nobody else. */
  OBSERVED: 'OBSERVED',
} as const;
export type IngressSources = (typeof IngressSources)[keyof typeof IngressSources];

/** Where the DNS rule leads, beside resolvers at addresses of their own. */
export const DnsPeers = {
  /** The pods that answer DNS. */
  PODS: 'PODS',
  /** All pods of their namespaces. */
  NAMESPACE: 'NAMESPACE',
  ALL_NAMESPACES: 'ALL_NAMESPACES',
} as const;
export type DnsPeers = (typeof DnsPeers)[keyof typeof DnsPeers];

/** How addresses outside are put together in rules. */
export const ExternalGrouping = {
  /** Exactly the addresses that were seen. */
  ADDRESS: 'ADDRESS',
  /** All addresses of a name, on all ports of any of them. */
  NAME: 'NAME',
  /** The named block that an address lies in. */
  BLOCK: 'BLOCK',
  /** All blocks of that block's name. */
  PROVIDER: 'PROVIDER',
} as const;
export type ExternalGrouping = (typeof ExternalGrouping)[keyof typeof ExternalGrouping];

/** A block of addresses outside that has a name; several may share one. */
export type NamedCidr = { readonly name: string; readonly cidr: string };

/** How policies are generated, in full. */
export type AllOptions = {
  /** Label that every generated policy carries. */
  readonly label: { readonly key: string; readonly value: string };
  /** Whether observed calls of the cloud metadata service become rules. */
  readonly allowMetadata: boolean;
  readonly directions: Directions;
  readonly ingressSources: IngressSources;
  /** With BLOCKS. */
  readonly ingressBlocks: readonly string[];
  readonly dnsPeers: DnsPeers;
  /** Further resolvers, on port 53. */
  readonly dnsBlocks: readonly string[];
  /** Where nodes may come to be; the addresses of the nodes that are known where empty. */
  readonly nodeBlocks: readonly string[];
  readonly external: ExternalGrouping;
  /** Whether rules, ports and blocks are merged where that allows exactly the same. */
  readonly minimise: boolean;
  /** Zones whose namespaces get policies for all of their pods; null: none. */
  readonly profile: Profile | null;
};

/** What is left out is as in `DEFAULT_OPTIONS`. */
export type GenerateOptions = Pick<AllOptions, 'label'> & Partial<AllOptions>;

export const DEFAULT_OPTIONS: Omit<AllOptions, 'label'> = {
  allowMetadata: false,
  directions: Directions.OBSERVED,
  ingressSources: IngressSources.CONTROLLER,
  ingressBlocks: [],
  dnsPeers: DnsPeers.PODS,
  dnsBlocks: [],
  nodeBlocks: [],
  external: ExternalGrouping.ADDRESS,
  minimise: false,
  profile: null,
};
