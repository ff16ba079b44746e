import type { RuleDraft } from './draft.js';
import { NODES } from './flow-rule.js';
import type { Surroundings } from './surroundings.js';

/** Whether people are told that nodes are among the peers of a rule: other kinds of policies name them otherwise than by addresses. */
export const isOfNodes = ({ title }: Pick<RuleDraft, 'title'>): boolean => title.endsWith(NODES);

/** `Ingress shop/site on cluster nodes`, `everyone and cluster nodes`: a rule that holds the addresses of all nodes says so. */
export function withNodesTold(
  drafts: readonly RuleDraft[],
  { nodes }: Pick<Surroundings, 'nodes'>,
): readonly RuleDraft[] {
  const known = new Set(nodes.map(node => JSON.stringify(node)));
  if (known.size === 0) return drafts;
  return drafts.map(draft => {
    if (isOfNodes(draft)) return draft;
    const peers = new Set(draft.peers.map(peer => JSON.stringify(peer)));
    if (![...known].every(node => peers.has(node))) return draft;
    return {
      ...draft,
      title: `${draft.title} ${peers.size === known.size ? 'on' : 'and'} ${NODES}`,
    };
  });
}
