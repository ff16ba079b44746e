import type { Column } from '../brand.js';
import type { Program } from '../compile/program.js';
import { Action } from '../policy.js';
import {
  EVERYTHING_ALLOWED,
  NOTHING,
  OTHER_PROTOCOLS,
  type TrafficId,
  type TrafficTable,
} from '../ports/traffic.js';

/** What one direction says of one pair of ends; traffic numbers. What is in neither set is denied. */
export type Outcome = {
  readonly allow: TrafficId;
  /** Allowed or denied: a fact is missing, or the API does not say. */
  readonly maybe: TrafficId;
  /** The part of `allow` that no rule allowed: nothing isolates, nothing denies. */
  readonly byDefault: TrafficId;
  /** `maybe` holds other protocols because the API does not define them under isolation. */
  readonly undefinedProtocol: boolean;
  /** Some policy of any tier selects the subject. */
  readonly governed: boolean;
};

/** The traffic that each rule of a program matches: for certain, or perhaps, when a fact is missing. */
export type Matched = {
  readonly surely: Column<TrafficId>;
  readonly perhaps: Column<TrafficId>;
};

export const UNGOVERNED: Outcome = {
  allow: EVERYTHING_ALLOWED,
  maybe: NOTHING,
  byDefault: EVERYTHING_ALLOWED,
  undefinedProtocol: false,
  governed: false,
};

const uniteAll = (
  table: TrafficTable,
  one: TrafficId,
  two: TrafficId,
  three: TrafficId,
): TrafficId => table.unite(table.unite(one, two), three);

type Actions = Readonly<Record<Action, TrafficId>>;

/** What the rules of an admin tier say of all traffic, each part by the first rule that matches it. */
type FirstMatch = {
  readonly surely: Actions;
  /** Where a rule perhaps matched before any did for certain. */
  readonly perhaps: Actions;
  /** Matched for certain by no rule. */
  readonly rest: TrafficId;
};

function firstMatch(
  table: TrafficTable,
  program: Program,
  matched: Matched,
  part: [number, number],
) {
  const surely = { ALLOW: NOTHING, DENY: NOTHING, PASS: NOTHING };
  const perhaps = { ALLOW: NOTHING, DENY: NOTHING, PASS: NOTHING };
  let rest = EVERYTHING_ALLOWED;
  for (let i = part[0]; i < part[1] && rest !== NOTHING; i++) {
    const action = program.rules[i]?.action ?? Action.PASS;
    const unsure = table.intersect(matched.perhaps[i] ?? NOTHING, rest);
    const sure = table.intersect(matched.surely[i] ?? NOTHING, rest);
    perhaps[action] = table.unite(perhaps[action], unsure);
    surely[action] = table.unite(surely[action], sure);
    rest = table.subtract(rest, sure);
  }
  return { surely, perhaps, rest } satisfies FirstMatch;
}

/** What a tier leaves: the traffic it can allow, and the traffic it can deny; both where a fact is missing. */
type Possible = {
  readonly allow: TrafficId;
  readonly deny: TrafficId;
  readonly byDefault: TrafficId;
};

/** What NetworkPolicies leave whose rules match this traffic, for certain and perhaps. */
function isolation(table: TrafficTable, surely: TrafficId, perhaps: TrafficId): Possible {
  // The API defines TCP, UDP and SCTP: of an isolated pod's other traffic it says nothing.
  const allow = table.unite(table.unite(surely, perhaps), OTHER_PROTOCOLS);
  const deny = table.subtract(EVERYTHING_ALLOWED, table.subtract(surely, OTHER_PROTOCOLS));
  return { allow, deny, byDefault: NOTHING };
}

/** Allows add up: the union of all rules of all policies that select the subject. */
function networkPolicies(table: TrafficTable, program: Program, matched: Matched): Possible {
  const { adminEnd, networkEnd } = program;
  const unionOf = (rules: Column<TrafficId>): TrafficId =>
    table.uniteAll(rules.subarray(adminEnd, networkEnd) as Column<TrafficId>);
  return isolation(table, unionOf(matched.surely), unionOf(matched.perhaps));
}

/** What `evaluate` says where no admin tier stands above NetworkPolicies that isolate; the union of their rules decides. */
export function onlyNetworkPolicies(
  table: TrafficTable,
  surely: TrafficId,
  perhaps: TrafficId,
): Outcome {
  const { allow, deny } = isolation(table, surely, perhaps);
  return {
    allow: table.subtract(allow, deny),
    maybe: table.intersect(allow, deny),
    byDefault: NOTHING,
    undefinedProtocol: true,
    governed: true,
  };
}

/** "If no baseline rule matches, the connection is allowed"; Pass in this tier is that default. */
function baseline(table: TrafficTable, program: Program, matched: Matched): Possible {
  const rules: [number, number] = [program.networkEnd, program.rules.length];
  const { surely, perhaps, rest } = firstMatch(table, program, matched, rules);
  const byDefault = uniteAll(table, rest, surely.PASS, perhaps.PASS);
  return {
    allow: uniteAll(table, surely.ALLOW, perhaps.ALLOW, byDefault),
    deny: table.unite(surely.DENY, perhaps.DENY),
    byDefault,
  };
}

const EVERYTHING: Possible = { allow: EVERYTHING_ALLOWED, deny: NOTHING, byDefault: NOTHING };

function belowAdmin(table: TrafficTable, program: Program, matched: Matched, loop: boolean) {
  if (program.isolated) return loop ? EVERYTHING : networkPolicies(table, program, matched);
  return baseline(table, program, matched);
}

/**
 * Row 24, all tiers as sets: `A ∪ ((All∖A∖D) ∩ (selected ? NP : All∖BD))`, with the traffic that
 * lacks a fact on both sides. `loop`: a Service led a pod back to itself, which NetworkPolicy
 * always allows and the admin tiers do not (row 32).
 */
export function evaluate(
  table: TrafficTable,
  program: Program,
  matched: Matched,
  loop: boolean,
): Outcome {
  if (!program.governed) return UNGOVERNED;
  const admin = firstMatch(table, program, matched, [0, program.adminEnd]);
  const left = uniteAll(table, admin.rest, admin.surely.PASS, admin.perhaps.PASS);
  const below = belowAdmin(table, program, matched, loop);
  const { surely, perhaps } = admin;
  const allowed = table.intersect(left, below.allow);
  const denied = table.intersect(left, below.deny);
  const canAllow = uniteAll(table, surely.ALLOW, perhaps.ALLOW, allowed);
  const canDeny = uniteAll(table, surely.DENY, perhaps.DENY, denied);
  const allow = table.subtract(canAllow, canDeny);
  const isolates = program.isolated && !loop;
  return {
    allow,
    maybe: table.intersect(canAllow, canDeny),
    byDefault: table.intersect(table.intersect(left, below.byDefault), allow),
    undefinedProtocol: isolates && table.at(left).other,
    governed: true,
  };
}
