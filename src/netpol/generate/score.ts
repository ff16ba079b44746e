import type { Compiled } from '../compile/compiled.js';
import type { Facts } from '../facts.js';
import { allowedBetween } from '../map/allowed-between.js';
import type { ObservedFlow } from './evidence.js';

/** Shares from 0 to 1 in hundredths. */
export type Shares = { readonly before: number; readonly after: number };

/** How little a deployment may beyond what it does: both ways, and each for itself. */
export type PrivilegeScore = Shares & {
  /** Key of the workload's fact. */
  readonly key: string;
  readonly ingress: Shares;
  readonly egress: Shares;
};

/** How many other workloads each one reaches, and is reached by. */
type Reach = { readonly egress: Map<string, number>; readonly ingress: Map<string, number> };

const noReach = (): Reach => ({ egress: new Map(), ingress: new Map() });

const count = (ways: Map<string, number>, key: string | undefined): void => {
  if (key !== undefined) ways.set(key, (ways.get(key) ?? 0) + 1);
};

/** On any port. */
function reachOf(compiled: Compiled, keys: readonly string[]): Reach {
  const reach = noReach();
  for (const { source, destination } of allowedBetween(compiled, keys)) {
    if (source === destination) continue;
    count(reach.egress, keys[source]);
    count(reach.ingress, keys[destination]);
  }
  return reach;
}

/** Whom each one was seen with. */
function neededOf(flows: readonly ObservedFlow[], keys: ReadonlySet<string>): Reach {
  const reach = noReach();
  const known = new Set<string>();
  for (const { source, destination } of flows) {
    if (source.kind !== 'pod' || destination.kind !== 'pod' || source.key === destination.key)
      continue;
    const pair = `${source.key} ${destination.key}`;
    if (known.has(pair) || !keys.has(source.key) || !keys.has(destination.key)) continue;
    known.add(pair);
    count(reach.egress, source.key);
    count(reach.ingress, destination.key);
  }
  return reach;
}

const rounded = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;

/** Of the ways that are not needed, the share that is closed; 1 where all are needed. */
const shareOf = (all: number, needed: number, open: number): number =>
  all <= needed ? 1 : rounded((all - open) / (all - needed));

/**
 * For each of the subjects: of the pairs with other workloads (each way is one) that it does not need, the share that is closed:
 * 1 where it reaches, and is reached by, only whom it was seen with. Before and after a set; `keys` are all workloads.
 */
export function privilegeScores(
  { facts, subjects }: { readonly facts: Facts; readonly subjects: readonly string[] },
  states: { readonly before: Compiled; readonly after: Compiled },
  flows: readonly ObservedFlow[],
): readonly PrivilegeScore[] {
  const keys = facts.pods
    .filter(({ memberOf, hostNetwork }) => memberOf === undefined && !hostNetwork)
    .map(({ key }) => key);
  const known = new Set(keys);
  const needed = neededOf(flows, known);
  const [before, after] = [reachOf(states.before, keys), reachOf(states.after, keys)];
  const others = keys.length - 1;
  const ways = (reach: Reach, way: keyof Reach, key: string): number => reach[way].get(key) ?? 0;
  const ofWays = (key: string, some: readonly (keyof Reach)[]): Shares => {
    const sum = (reach: Reach): number =>
      some.reduce((total, way) => total + ways(reach, way, key), 0);
    const all = some.length * others;
    return {
      before: shareOf(all, sum(needed), sum(before)),
      after: shareOf(all, sum(needed), sum(after)),
    };
  };
  return subjects
    .filter(key => known.has(key))
    .map(key => ({
      key,
      ...ofWays(key, ['ingress', 'egress']),
      ingress: ofWays(key, ['ingress']),
      egress: ofWays(key, ['egress']),
    }));
}
