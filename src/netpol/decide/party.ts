import type { Address } from '../addresses/address.js';
import type { ClusterNode } from '../compile/nodes.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { PortProfile } from '../compile/port-profile.js';
import type { Labels } from '../labels.js';

/** One end of a connection, as far as it is known. */
export type Party =
  /** `pod` is its place in the facts; -1 where only the class is meant. */
  | {
      readonly kind: 'pod';
      readonly pod: number;
      readonly podClass: PodClass;
      /** Of a workload with several label sets: this one is a single pod. */
      readonly alone?: boolean;
    }
  | { readonly kind: 'node'; readonly node: ClusterNode }
  | {
      readonly kind: 'address';
      readonly address: Address;
      /** It stands for all up to this one, which no rule tells apart. */
      readonly until?: Address;
      /** The domain name under which it was reached. */
      readonly name: string | null;
      /** It may be a node's, with unknown labels. */
      readonly perhapsNode: boolean;
    }
  /** The ingress controller: a pod of which nothing more is known than is configured. */
  | { readonly kind: 'controller'; readonly configured: ControllerPod | null }
  /** Some pod; nothing is known of it. */
  | { readonly kind: 'stranger' };

export type ControllerPod = {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  /** Its named ports; not given: not known. */
  readonly profile?: PortProfile;
};

/** As the map draws an address: that of a node is the node's, since rules may ask for its labels. */
export const drawnAt = (nodes: ReadonlyMap<Address, ClusterNode>, address: Address): Party => {
  const node = nodes.get(address);
  return node === undefined ? outside(address) : { kind: 'node', node };
};

export const outside = (address: Address): Party => ({
  kind: 'address',
  address,
  name: null,
  perhapsNode: false,
});
