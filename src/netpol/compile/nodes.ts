import { type Address, parseAddress } from '../addresses/address.js';
import type { Facts, NodeFact } from '../facts.js';
import type { Labels } from '../labels.js';

export type ClusterNode = {
  readonly name: string;
  /** Null: only a pod names this node, nothing more is known of it. */
  readonly labels: Labels | null;
  readonly addresses: readonly Address[];
  /** Out of those of pods: who asks for one means the node, and no rule on its addresses does. */
  readonly among: readonly Address[];
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

const firstOfEach = (nodes: Facts['nodes']): ReadonlyMap<string, NodeFact> =>
  new Map(nodes.toReversed().map(node => [node.name, node]));

const amongPods = ({ tunnels = [], gateways = [] }: Partial<NodeFact>): readonly Address[] =>
  parseAddresses([...tunnels, ...gateways]);

/** A hostNetwork pod's address is its node's, so such pods tell the addresses of nodes that are not listed. */
export function nodesOf({ nodes, pods }: Facts): ClusterNodes {
  const listed = firstOfEach(nodes);
  const texts = new Map(nodes.map(({ name }) => [name, [...(listed.get(name)?.addresses ?? [])]]));
  for (const { node, hostNetwork, addresses } of pods) {
    if (node === null) continue;
    const known = texts.get(node) ?? [];
    texts.set(node, hostNetwork ? [...known, ...addresses] : known);
  }
  const all = [...texts].map(([name, known]) => ({
    name,
    labels: listed.get(name)?.labels ?? null,
    addresses: parseAddresses(known),
    among: amongPods(listed.get(name) ?? {}),
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
