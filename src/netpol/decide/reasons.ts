import type { Compiled } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import type { Program } from '../compile/program.js';
import { Action, type Policy, Tier } from '../policy.js';
import { portSetOf } from '../ports/port-set.js';
import { NOTHING, OTHER_PROTOCOLS, type TrafficId, type TrafficTable } from '../ports/traffic.js';
import { NO_RULE, type Reason } from '../verdict.js';
import { matchRules } from './direct.js';
import { nearestMiss } from './near-rule.js';
import type { Matched } from './outcome.js';
import { peersMet } from './peers-met.js';
import type { PointProtocol } from './point.js';
import { programFor, readingOf, type SideQuestion } from './side.js';

const policyOf = ({ kind, namespace, name }: Policy): Reason['policy'] => ({
  kind,
  namespace,
  name,
});

/** The traffic that is asked about: one port, or all of a protocol. */
function askedTraffic(
  table: TrafficTable,
  protocol: PointProtocol,
  port: number | null,
): TrafficId {
  if (protocol === null) return OTHER_PROTOCOLS;
  const range = { protocol, from: port ?? 1, to: port ?? 65_535 };
  return table.numberOf(portSetOf([range]), false);
}

type Trial = {
  readonly table: TrafficTable;
  readonly program: Program;
  readonly matched: Matched;
  readonly question: SideQuestion;
  /** Places of those of a rule's several peers that the other end is. */
  readonly peersOf: (rule: CompiledRule) => readonly number[];
  readonly missOf: (rules: readonly CompiledRule[], asked: TrafficId) => string | null;
};

const ruleReason = ({ question, peersOf }: Trial, compiled: CompiledRule): Reason => {
  const { policy, rule, action } = compiled;
  const peers = peersOf(compiled);
  return {
    direction: question.direction,
    tier: policy.tier,
    policy: policyOf(policy),
    rule: { index: rule.index, name: rule.name, action, ...(peers.length > 0 && { peers }) },
    place: rule.place,
  };
};

/** What a policy decided of the traffic that was asked; without a reason no policy did, which allows. */
export type Share = { readonly reason: Reason | null; readonly traffic: TrafficId };

/** Rules of an admin tier that decide part of `asked`, and what of it they leave. */
function firstMatches(trial: Trial, asked: TrafficId, [from, to]: readonly [number, number]) {
  const { table, program, matched } = trial;
  const shares: Share[] = [];
  let rest = asked;
  let passed: TrafficId = NOTHING;
  for (const [place, rule] of program.rules.entries()) {
    if (place < from || place >= to) continue;
    const sure = table.intersect(matched.surely[place] ?? NOTHING, rest);
    const unsure = table.intersect(matched.perhaps[place] ?? NOTHING, rest);
    const traffic = table.unite(sure, unsure);
    if (traffic !== NOTHING) shares.push({ reason: ruleReason(trial, rule), traffic });
    rest = table.subtract(rest, sure);
    if (rule.action === Action.PASS) passed = table.unite(passed, sure);
  }
  return { shares, left: table.unite(rest, passed) };
}

/** All matching rules of all NetworkPolicies; where none matches, the policies that isolate. */
function additive(trial: Trial, asked: TrafficId): readonly Share[] {
  const { table, program, matched, question } = trial;
  const found = program.rules.flatMap((rule, place): readonly Share[] => {
    if (place < program.adminEnd || place >= program.networkEnd) return [];
    const all = table.unite(matched.surely[place] ?? NOTHING, matched.perhaps[place] ?? NOTHING);
    const traffic = table.intersect(all, asked);
    return traffic === NOTHING ? [] : [{ reason: ruleReason(trial, rule), traffic }];
  });
  if (found.length > 0) return found;
  return program.policies
    .filter(({ policy }) => policy.tier === Tier.NETWORK_POLICY)
    .map(({ policy, rules }) => {
      const miss = trial.missOf(rules[question.direction] ?? [], asked);
      const reason = {
        direction: question.direction,
        tier: policy.tier,
        policy: policyOf(policy),
        rule: null,
        place: policy.place,
        miss: miss ?? NO_RULE[question.direction],
      };
      return { reason, traffic: asked };
    });
}

/**
 * What decided each part of `asked` (a number of the traffic table) in one direction, in the order in which it was asked:
 * policies and their rules, and last what they leave to the default.
 */
export function sharesOf(
  compiled: Compiled,
  question: SideQuestion,
  asked: TrafficId,
): readonly Share[] {
  const { subject, peer, direction, loop } = question;
  if (subject.kind !== 'pod') return [{ reason: null, traffic: asked }];
  const { table, index } = compiled.engine;
  const reading = readingOf(compiled);
  const program = programFor(compiled, direction, subject.podClass, reading);
  const { profile } = subject.podClass;
  const asking = { program, direction, profile, peer, reading };
  const matched = matchRules(table, asking, index.nodes.all);
  const missOf: Trial['missOf'] = (rules, part) => nearestMiss(compiled, rules, asking, part);
  const peersOf: Trial['peersOf'] = rule => peersMet(compiled, rule, asking);
  const trial: Trial = { table, program, matched, question, peersOf, missOf };
  const admin = firstMatches(trial, asked, [0, program.adminEnd]);
  if (admin.left === NOTHING) return admin.shares;
  if (program.isolated)
    return loop ? admin.shares : [...admin.shares, ...additive(trial, admin.left)];
  const below = firstMatches(trial, admin.left, [program.networkEnd, program.rules.length]);
  const shares = [...admin.shares, ...below.shares];
  return below.left === NOTHING ? shares : [...shares, { reason: null, traffic: below.left }];
}

/** The policies and rules that took part in one direction, in the order in which they were asked. */
export const reasonsOf = (
  compiled: Compiled,
  question: SideQuestion,
  protocol: PointProtocol,
  port: number | null,
): readonly Reason[] =>
  sharesOf(compiled, question, askedTraffic(compiled.engine.table, protocol, port)).flatMap(
    ({ reason }) => reason ?? [],
  );
