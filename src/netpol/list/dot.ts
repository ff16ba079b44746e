import { dotQuoted as quoted } from '../visible.js';
import { namespaceOfPeer } from './row.js';
import { lines } from './text.js';

export type DotNode = { readonly peer: string; readonly color: string };
export type DotEdge = {
  readonly src: string;
  readonly dst: string;
  readonly label: string;
  readonly color: string;
};

const node = ({ peer, color }: DotNode, namespace: string | null): string => {
  const label = namespace === null ? peer : peer.slice(namespace.length + 1);
  return `${quoted(peer)} [label=${quoted(label)} color=${quoted(color)} fontcolor=${quoted(color)}]`;
};

const edge = ({ src, dst, label, color }: DotEdge): string =>
  `\t${quoted(src)} -> ${quoted(dst)} [label=${quoted(label)} color=${quoted(color)} fontcolor=${quoted(color)}]`;

const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** A digraph with one frame a namespace; nodes and edges in the order of their texts. */
export const digraph = (nodes: readonly DotNode[], edges: readonly DotEdge[]): string => {
  const groups = Map.groupBy(nodes, ({ peer }) => namespaceOfPeer(peer));
  const frames = [...groups]
    .flatMap(([namespace, inside]) => (namespace === null ? [] : [{ namespace, inside }]))
    .sort((one, other) => byText(one.namespace, other.namespace))
    .flatMap(({ namespace, inside }) => [
      `\tsubgraph ${quoted(`cluster_${namespace}`)} {`,
      ...inside.map(each => `\t\t${node(each, namespace)}`).sort(byText),
      `\t\tlabel=${quoted(namespace)}`,
      '\t}',
    ]);
  const free = (groups.get(null) ?? []).map(each => `\t${node(each, null)}`).sort(byText);
  return lines(['digraph {', ...frames, ...free, ...edges.map(edge).sort(byText), '}']);
};
