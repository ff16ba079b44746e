import type { Address } from '../addresses/address.js';
import type { Facts, PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import {
  type AddressCells,
  addressCells,
  type Cuts,
  cellOf,
  type PodAddress,
} from './address-cells.js';
import { type ClusterNodes, parseAddresses } from './nodes.js';
import { type PortProfile, profileTable } from './port-profile.js';

/** Pods that no policy can tell apart: one row of every table. */
export type PodClass = {
  readonly id: number;
  readonly namespace: string;
  readonly labels: Labels;
  readonly profile: PortProfile;
  readonly hostNetwork: boolean;
  /** Those of one of its pods: they stand for all. Empty: not known. */
  readonly addresses: readonly Address[];
  /** The node of hostNetwork pods, whose address and labels are theirs; else -1. */
  readonly node: number;
};

export type PodClasses = {
  readonly classes: readonly PodClass[];
  /** By the pod's place in the facts. */
  readonly classOf: Int32Array;
  readonly cells: AddressCells;
  /** By their ids. */
  readonly profiles: readonly PortProfile[];
};

const keyOfLabels = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));

/** A hostNetwork pod has its node's addresses, and its own, which should be among them. */
function addressesOf(pod: PodFact, nodes: ClusterNodes): readonly Address[] {
  const own = parseAddresses(pod.addresses);
  if (!pod.hostNetwork || pod.node === null) return own;
  const node = nodes.all[nodes.byName.get(pod.node) ?? -1];
  return [...new Set([...own, ...(node?.addresses ?? [])])];
}

export function podClassesOf({ pods }: Facts, nodes: ClusterNodes, cuts: Cuts): PodClasses {
  const profiles = profileTable();
  const classes: PodClass[] = [];
  const numbers = new Map<string, number>();
  const placed: PodAddress[] = [];
  const classOf = Int32Array.from(pods, pod => {
    const addresses = addressesOf(pod, nodes);
    const cells = addresses.map(address => cellOf(cuts, address));
    const profile = profiles.of(pod.ports);
    const node = pod.hostNetwork && pod.node !== null ? (nodes.byName.get(pod.node) ?? -1) : -1;
    const key = [
      pod.namespace,
      keyOfLabels(pod.labels),
      profile.id,
      pod.hostNetwork ? `host ${node}` : '',
      [...new Set(cells)].sort().join(' '),
    ].join('\n');
    let id = numbers.get(key);
    if (id === undefined) {
      id = classes.length;
      numbers.set(key, id);
      const { namespace, labels, hostNetwork } = pod;
      classes.push({ id, namespace, labels, profile, hostNetwork, addresses, node });
    }
    for (const [place, address] of addresses.entries()) {
      placed.push({ cell: cells[place] ?? '', address, podClass: id });
    }
    return id;
  });
  return { classes, classOf, cells: addressCells(placed), profiles: profiles.all };
}
