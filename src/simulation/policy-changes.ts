import type { Candidate } from '../enforcement/candidate.js';
import type { Evaluated } from '../enforcement/kept-sets.js';
import {
  allowedBetween,
  type Compiled,
  compareSets,
  compile,
  isNoPorts,
  isTwin,
  type Modes,
  type Policy,
  type PortSet,
  policyKey,
  render,
  subtractPorts,
  withChange,
  withTwins,
} from '../netpol/index.js';
import { type PolicyChange, PolicyEffect, PolicyStatus } from './simulation.js';

/** More changes than these have no effect worked out: each takes some milliseconds, and nobody reads so many. */
const MOST_EFFECTS = 200;

type Changed = {
  readonly status: PolicyStatus;
  readonly was: Policy | null;
  readonly is: Policy | null;
};

function changed(live: readonly Policy[], { policies, removed }: Candidate): readonly Changed[] {
  const namesakes = new Map(live.map(policy => [policyKey(policy), policy]));
  const put = policies.map((is): Changed => {
    const was = namesakes.get(policyKey(is)) ?? null;
    if (was === null) return { status: PolicyStatus.ADDED, was, is };
    const isSame = render([was]) === render([is]);
    return { status: isSame ? PolicyStatus.UNCHANGED : PolicyStatus.MODIFIED, was, is };
  });
  const gone = removed.map((was): Changed => ({ status: PolicyStatus.DELETED, was, is: null }));
  return [...put, ...gone];
}

const NOTHING: PortSet = { TCP: [], UDP: [], SCTP: [] };

/** What pods of one workload may send to each other: no row of a map shows that. */
function ownPorts(compiled: Compiled, key: string): PortSet {
  const [pair] = allowedBetween(compiled, [key]);
  return pair?.ports ?? NOTHING;
}

function effectBetween(before: Compiled, after: Compiled, keys: readonly string[]): PolicyEffect {
  const pairs = compareSets(before, after).pairs;
  const own = keys.map(key => {
    const [was, is] = [ownPorts(before, key), ownPorts(after, key)];
    return { newlyAllowed: subtractPorts(is, was), newlyBlocked: subtractPorts(was, is) };
  });
  const all = [...pairs, ...own];
  const wider = all.some(({ newlyAllowed }) => !isNoPorts(newlyAllowed));
  const tighter = all.some(({ newlyBlocked }) => !isNoPorts(newlyBlocked));
  if (wider) return tighter ? PolicyEffect.BOTH : PolicyEffect.WIDER;
  return tighter ? PolicyEffect.TIGHTER : PolicyEffect.SAME;
}

const having = (compiled: Compiled, policy: Policy): Compiled =>
  withChange(compiled, { policies: { put: [policy] } });

const without = (compiled: Compiled, { kind, namespace, name }: Policy): Compiled =>
  withChange(compiled, { policies: { remove: [{ kind, namespace, name }] } });

/** Keys of the workloads that a policy may select: one key each. */
const keysFor = ({ facts }: Evaluated, { namespace }: Policy): readonly string[] =>
  facts.pods.flatMap(({ key, memberOf, namespace: own }) =>
    memberOf === undefined && !isTwin({ kind: 'pod', key }) && (namespace ?? own) === own
      ? [key]
      : [],
  );

type Effects = { readonly live: Evaluated; readonly alone: () => Compiled };

function effectOf({ live, alone }: Effects, { status, was, is }: Changed): PolicyEffect {
  const before = live.compiled;
  if (was !== null && is !== null)
    return status === PolicyStatus.UNCHANGED
      ? PolicyEffect.SAME
      : effectBetween(having(alone(), was), having(alone(), is), keysFor(live, is));
  if (is !== null) return effectBetween(before, having(before, is), keysFor(live, is));
  if (was !== null) return effectBetween(before, without(before, was), keysFor(live, was));
  return PolicyEffect.SAME;
}

/**
 * What becomes of each policy that the candidate names, in its order, then of those that it takes away. The effect is
 * proved over all pairs of the cluster, its addresses outside and the pods of each workload among themselves: of an added or
 * deleted policy beside the others in force, of a modified one against its former self, without others that say the same.
 */
export function policyChanges(
  live: Evaluated,
  candidate: Candidate,
  modes: Modes,
): readonly PolicyChange[] {
  let nothing: Compiled | null = null;
  const alone = (): Compiled => {
    nothing ??= compile(withTwins(live.facts), [], modes);
    return nothing;
  };
  const all = changed(live.policies, candidate);
  const others = all.filter(({ status }) => status !== PolicyStatus.UNCHANGED);
  const isWorkedOut = others.length <= MOST_EFFECTS;
  return all.flatMap(one => {
    const policy = one.is ?? one.was;
    if (policy === null) return [];
    const { kind, namespace, name } = policy;
    const isKnown = isWorkedOut || one.status === PolicyStatus.UNCHANGED;
    const effect = isKnown ? effectOf({ live, alone }, one) : null;
    return [{ status: one.status, kind, namespace, name, effect }];
  });
}
