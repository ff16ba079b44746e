import type { PeerDraft, RuleDraft } from './draft.js';
import { NODES } from './flow-rule.js';
import type { Surroundings } from './surroundings.js';

/** Whether people are told that nodes are among the peers of a rule: other kinds of policies name them otherwise than by addresses. */
export const isOfNodes = ({ title }: Pick<RuleDraft, 'title'>): boolean => title.endsWith(NODES);

const known = new WeakMap<readonly PeerDraft[], ReadonlySet<string>>();

/** Of all nodes: once for all subjects. */
function textsOf(nodes: readonly PeerDraft[]): ReadonlySet<string> {
  const texts = known.get(nodes) ?? new Set(nodes.map(node => JSON.stringify(node)));
  known.set(nodes, texts);
  return texts;
}

/** `Ingress shop/site on cluster nodes`, `everyone and cluster nodes`: a rule that holds the addresses of all nodes says so. */
export function withNodesTold(
  drafts: readonly RuleDraft[],
  { nodes }: Pick<Surroundings, 'nodes'>,
): readonly RuleDraft[] {
  return drafts.map(draft => {
    const all = textsOf(nodes[draft.direction]);
    if (all.size === 0) return draft;
    if (isOfNodes(draft) || draft.peers.length < all.size) return draft;
    const peers = new Set(draft.peers.map(peer => JSON.stringify(peer)));
    if (![...all].every(node => peers.has(node))) return draft;
    return {
      ...draft,
      title: `${draft.title} ${peers.size === all.size ? 'on' : 'and'} ${NODES}`,
    };
  });
}
