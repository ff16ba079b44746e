import { type Address, parseAddress } from '../addresses/address.js';
import type { Facts } from '../facts.js';
import type { Labels } from '../labels.js';

export type ClusterNode = {
  readonly name: string;
  /** Null: only a pod names this node, nothing more is known of it. */
  readonly labels: Labels | null;
  readonly addresses: readonly Address[];
};

export type ClusterNodes = {
  readonly all: readonly ClusterNode[];
  readonly byName: ReadonlyMap<string, number>;
};

/** Texts that are no address are left out; what reads the input reports them. */
export function parseAddresses(texts: readonly string[]): readonly Address[] {
  const addresses = texts.map(parseAddress).filter(address => address !== null);
  return addresses.length < 2 ? addresses : [...new Set(addresses)];
}

/** A hostNetwork pod's address is its node's, so such pods tell the addresses of nodes that are not listed. */
export function nodesOf({ nodes, pods }: Facts): ClusterNodes {
  const labels = new Map<string, Labels | null>();
  const texts = new Map<string, string[]>();
  for (const node of nodes) {
    if (labels.has(node.name)) continue;
    labels.set(node.name, node.labels);
    texts.set(node.name, [...node.addresses]);
  }
  for (const pod of pods) {
    if (pod.node === null) continue;
    if (!labels.has(pod.node)) labels.set(pod.node, null);
    if (pod.hostNetwork) {
      texts.set(pod.node, [...(texts.get(pod.node) ?? []), ...pod.addresses]);
    }
  }
  const all = [...labels].map(([name, own]) => ({
    name,
    labels: own,
    addresses: parseAddresses(texts.get(name) ?? []),
  }));
  return { all, byName: new Map(all.map(({ name }, position) => [name, position])) };
}

const KNOWN = new WeakMap<ClusterNodes, ReadonlyMap<Address, ClusterNode>>();

/** Nodes of which the labels are known, by each of their addresses: what a rule for nodes means in addresses. */
export function nodesByAddress(nodes: ClusterNodes): ReadonlyMap<Address, ClusterNode> {
  const known = KNOWN.get(nodes);
  if (known !== undefined) return known;
  const found = new Map(
    nodes.all
      .filter(({ labels }) => labels !== null)
      .flatMap(node => node.addresses.map(address => [address, node] as const)),
  );
  KNOWN.set(nodes, found);
  return found;
}
