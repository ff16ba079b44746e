import type { Compiled } from '../compile/compiled.js';
import type { Facts } from '../facts.js';
import { allowedBetween } from '../map/allowed-between.js';
import type { ObservedFlow } from './evidence.js';

/** How little a deployment may beyond what it does, 0 to 1 in hundredths. */
export type PrivilegeScore = {
  /** Key of the workload's fact. */
  readonly key: string;
  readonly before: number;
  readonly after: number;
};

type Reach = ReadonlyMap<string, number>;

/** How many other workloads each one reaches or is reached by, on any port. */
function reachOf(compiled: Compiled, keys: readonly string[]): Reach {
  const reach = new Map<string, number>();
  const add = (key: string | undefined): void => {
    if (key !== undefined) reach.set(key, (reach.get(key) ?? 0) + 1);
  };
  for (const { source, destination } of allowedBetween(compiled, keys)) {
    if (source === destination) continue;
    add(keys[source]);
    add(keys[destination]);
  }
  return reach;
}

/** How many other workloads each one was seen with, by direction. */
function neededOf(flows: readonly ObservedFlow[], keys: ReadonlySet<string>): Reach {
  const pairs = new Map<string, Set<string>>();
  for (const { source, destination } of flows) {
    if (source.kind !== 'pod' || destination.kind !== 'pod' || source.key === destination.key)
      continue;
    if (!keys.has(source.key) || !keys.has(destination.key)) continue;
    const pair = `${source.key} ${destination.key}`;
    for (const key of [source.key, destination.key])
      pairs.set(key, (pairs.get(key) ?? new Set()).add(pair));
  }
  return new Map([...pairs].map(([key, some]) => [key, some.size]));
}

const rounded = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;

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
  const needed = neededOf(flows, new Set(keys));
  const [before, after] = [reachOf(states.before, keys), reachOf(states.after, keys)];
  const all = 2 * (keys.length - 1);
  const known = new Set(keys);
  return subjects
    .filter(key => known.has(key))
    .map(key => {
      const spare = all - (needed.get(key) ?? 0);
      const scoreOf = (reach: Reach): number =>
        spare <= 0 ? 1 : rounded((all - (reach.get(key) ?? 0)) / spare);
      return { key, before: scoreOf(before), after: scoreOf(after) };
    });
}
