import type { Column } from '../brand.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import type { ClusterNode } from '../compile/nodes.js';
import { NO_PROFILE, type PortProfile } from '../compile/port-profile.js';
import type { Program } from '../compile/program.js';
import { Direction, Protocol } from '../policy.js';
import { LAST_PORT, portSetOf } from '../ports/port-set.js';
import { NOTHING, type TrafficId, type TrafficTable } from '../ports/traffic.js';
import { MAYBE, type Match, matchPeer, NO, type Reading, sees, YES } from './match.js';
import type { Matched } from './outcome.js';
import type { Party } from './party.js';

/** One subject's program, held against one peer. */
export type Question = {
  readonly program: Program;
  readonly direction: Direction;
  /** The named ports of the subject, which is the destination of ingress. */
  readonly profile: PortProfile;
  readonly peer: Party;
  readonly reading: Reading;
};

/** Every port that a rule's names could mean on a pod of which nothing is known. */
const anyNamed = (table: TrafficTable, { named }: CompiledRule): TrafficId =>
  table.numberOf(
    portSetOf(
      named
        .flatMap(({ protocol }) => (protocol === null ? Object.values(Protocol) : [protocol]))
        .map(protocol => ({ protocol, from: 1, to: LAST_PORT })),
    ),
    false,
  );

/**
 * A port name means a port of the destination pod, and nothing on an address or a node; a
 * hostNetwork pod that the rule does not see is a node.
 */
export const destinationProfile = (
  rule: CompiledRule,
  { direction, profile, peer, reading }: Question,
): PortProfile => {
  if (direction === Direction.INGRESS) return profile;
  if (peer.kind === 'controller') return peer.configured?.profile ?? NO_PROFILE;
  return peer.kind === 'pod' && sees(rule, peer.podClass, reading)
    ? peer.podClass.profile
    : NO_PROFILE;
};

const guessesNames = ({ direction, peer }: Question): boolean =>
  direction === Direction.EGRESS &&
  (peer.kind === 'stranger' ||
    (peer.kind === 'controller' && peer.configured?.profile === undefined));

/** Room for what each rule of a program matches. */
export const noMatches = ({ rules }: Program): Matched => ({
  surely: new Int32Array(rules.length) as Column<TrafficId>,
  perhaps: new Int32Array(rules.length) as Column<TrafficId>,
});

/** The traffic of one rule that matches, and of one that may, added to what is known of the others. */
export function addMatch(
  table: TrafficTable,
  question: Question,
  [place, match]: readonly [place: number, match: Match],
  { surely, perhaps }: Matched,
): void {
  const rule = question.program.rules[place];
  if (match === NO || rule === undefined) return;
  const ports = rule.portsOn(destinationProfile(rule, question));
  const guessed = guessesNames(question) ? anyNamed(table, rule) : NOTHING;
  if (match === YES) surely[place] = ports;
  if (match === YES) perhaps[place] = guessed;
  if (match === MAYBE) perhaps[place] = table.unite(ports, guessed);
}

/** Tests each rule on its own: for one pair, and as the law that the rows of many are held against. */
export function matchRules(
  table: TrafficTable,
  question: Question,
  nodes: readonly ClusterNode[],
): Matched & { readonly matches: readonly Match[] } {
  const { rules } = question.program;
  const matched = noMatches(question.program);
  const matches = rules.map(rule => matchPeer(rule, question.peer, question.reading, nodes));
  for (const [place, match] of matches.entries())
    addMatch(table, question, [place, match], matched);
  return { ...matched, matches };
}
