import type { Address } from '../addresses/address.js';
import type { ContainerPort, PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import { type AddressCells, addressCells, type Cuts, cellOf } from './address-cells.js';
import type { ClassId } from './class-id.js';
import { type ClusterNodes, parseAddresses } from './nodes.js';
import { type PortProfile, profileTable } from './port-profile.js';
import { type LabelIndex, labelIndex } from './select.js';

/** Pods that no policy can tell apart: one row of every table. */
export type PodClass = {
  readonly id: ClassId;
  readonly namespace: string;
  readonly labels: Labels;
  readonly profile: PortProfile;
  readonly hostNetwork: boolean;
  /** Those of one of its pods: they stand for all. Empty: not known. */
  readonly addresses: readonly Address[];
  /** The node of hostNetwork pods, whose address and labels are theirs; else -1. */
  readonly node: number;
  /** Of hostNetwork pods whose node is not known: the nodes of which it is one. Empty: not known either. */
  readonly nodes: readonly number[];
};

/**
 * All classes of a set and of the sets that came of it by changes, numbered once and for all: a class
 * whose last pod goes keeps its number, and has it again when such a pod comes back.
 */
export type ClassRegistry = {
  /** By their ids; grows. */
  readonly classes: readonly PodClass[];
  /** By their ids; grows. */
  readonly profiles: readonly PortProfile[];
  /** That of a pod with these ports, which may be none of the facts. */
  readonly profileOf: (ports: readonly ContainerPort[]) => PortProfile;
  readonly byLabels: LabelIndex<ClassId>;
  readonly cells: AddressCells;
  readonly cuts: Cuts;
  /** The class of a pod, made where there is none yet. */
  classOf(pod: PodFact, nodes: ClusterNodes): ClassId;
};

const keyOfLabels = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));

/**
 * A key of what stands in the pod, in the order in which it stands there: replicas have equal ones, and then nothing
 * needs sorting. U+0000 can be in no name, so that no two pods get one key by chance.
 */
function keyAsWritten({ namespace, labels, ports }: PodFact, rest: string): string {
  let key = `${namespace}\0${rest}\0`;
  for (const label in labels) key += `${label}\0${labels[label]}\0`;
  for (const { name, port, protocol } of ports) {
    if (name !== null) key += `\0${name}\0${port}${protocol}`;
  }
  return key;
}

/** A hostNetwork pod has its node's addresses, and its own, which should be among them. */
function addressesOf(pod: PodFact, nodes: ClusterNodes): readonly Address[] {
  const own = parseAddresses(pod.addresses);
  if (!pod.hostNetwork || pod.node === null) return own;
  const node = nodes.all[nodes.byName.get(pod.node) ?? -1];
  return [...new Set([...own, ...(node?.addresses ?? [])])];
}

/** Empty where one of them is no node of the facts. */
function nodesOneOf({ hostNetwork, nodes = [] }: PodFact, known: ClusterNodes): readonly number[] {
  if (!hostNetwork) return [];
  const places = nodes.map(name => known.byName.get(name) ?? -1);
  return places.includes(-1) ? [] : places.toSorted((one, other) => one - other);
}

export function classRegistry(cuts: Cuts): ClassRegistry {
  const profiles = profileTable();
  const cells = addressCells();
  const classes: PodClass[] = [];
  const labelsOf: Labels[] = [];
  const numbers = new Map<string, ClassId>();
  const asWritten = new Map<string, ClassId>();
  const register = (podClass: Omit<PodClass, 'id'>, key: string): ClassId => {
    const id = classes.length as ClassId;
    numbers.set(key, id);
    classes.push({ id, ...podClass });
    labelsOf.push(podClass.labels);
    return id;
  };
  const numbered = (parts: Omit<PodClass, 'id'>, ofCells: string): ClassId => {
    const { namespace, labels, profile, hostNetwork, node, nodes } = parts;
    const host = hostNetwork ? `host ${node} ${nodes.join()}` : '';
    const key = [namespace, keyOfLabels(labels), profile.id, host, ofCells].join('\n');
    return numbers.get(key) ?? register(parts, key);
  };
  const classOf = (pod: PodFact, nodes: ClusterNodes): ClassId => {
    const { namespace, labels, hostNetwork } = pod;
    const addresses = addressesOf(pod, nodes);
    const inCells = addresses.map(address => cellOf(cuts, address));
    const node = hostNetwork && pod.node !== null ? (nodes.byName.get(pod.node) ?? -1) : -1;
    const oneOf = node < 0 && addresses.length === 0 ? nodesOneOf(pod, nodes) : [];
    const ofCells = [...new Set(inCells)].sort().join(' ');
    const host = hostNetwork ? `${node} ${oneOf.join()}` : '';
    const written = keyAsWritten(pod, `${host}\0${ofCells}`);
    const profile = profiles.of(pod.ports);
    const id =
      asWritten.get(written) ??
      numbered({ namespace, labels, profile, hostNetwork, addresses, node, nodes: oneOf }, ofCells);
    asWritten.set(written, id);
    addresses.forEach((address, place) => void cells.add(inCells[place] ?? '', address, id));
    return id;
  };
  return {
    classes,
    profiles: profiles.all,
    profileOf: profiles.of,
    byLabels: labelIndex(labelsOf),
    cells,
    cuts,
    classOf,
  };
}
