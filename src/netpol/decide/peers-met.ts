import type { Compiled } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import type { Reason } from '../verdict.js';
import type { Question } from './direct.js';
import { matchPeer, YES } from './match.js';

const SPLIT = new WeakMap<CompiledRule, readonly CompiledRule[]>();

/** A rule as one rule for each of its peers; none where it has one or means everybody. */
function splitByPeer({ engine }: Compiled, compiled: CompiledRule): readonly CompiledRule[] {
  const known = SPLIT.get(compiled);
  if (known !== undefined) return known;
  const { policy, rule } = compiled;
  const peers = rule.peers ?? [];
  const split =
    peers.length < 2 ? [] : peers.map(peer => engine.make(policy, { ...rule, peers: [peer] }));
  SPLIT.set(compiled, split);
  return split;
}

/** Places of those of a rule's several peers that the other end is for certain. */
export const peersMet = (
  compiled: Compiled,
  rule: CompiledRule,
  { peer, reading }: Pick<Question, 'peer' | 'reading'>,
): readonly number[] =>
  splitByPeer(compiled, rule).flatMap((one, place) =>
    matchPeer(one, peer, reading, compiled.engine.index.nodes.all) === YES ? place : [],
  );

const withoutPeers = (reason: Reason): Reason => {
  if (reason.rule?.peers === undefined) return reason;
  const { peers: _, ...rule } = reason.rule;
  return { ...reason, rule };
};

/** Tells reasons apart by all but the peer of the rule that matched. */
export const keyOfReason = (reason: Reason): string => JSON.stringify(withoutPeers(reason));

/** One reason of several that are alike: the peer that matched is told where it is the same in all. */
export function mergedReason([first, ...others]: readonly [Reason, ...Reason[]]): Reason {
  const own = String(first.rule?.peers);
  return others.every(({ rule }) => String(rule?.peers) === own) ? first : withoutPeers(first);
}
