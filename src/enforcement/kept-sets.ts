import { keptBeside } from '../database/kept-beside.js';
import type { ClusterFacts } from '../inventory/facts.js';
import type { Versions } from '../inventory/versions.store.js';
import type { Compiled, Facts, Policy } from '../netpol/index.js';

/** A cluster as the engine sees it. */
export type Evaluated = {
  /** Without the deployments whose labels nobody knows. */
  readonly facts: Facts;
  /** With all of them: for what asks by name. */
  readonly known: Facts;
  /** Passing labels that the facts tell apart. */
  readonly named: ReadonlySet<string>;
  /** In the order of namespace, name and kind. */
  readonly policies: readonly Policy[];
  readonly compiled: Compiled;
};

/** The policies in force of a cluster, held against its facts, as of two versions. */
export type KeptSet = {
  readonly versions: Versions;
  readonly cluster: ClusterFacts;
  /** Of each policy, by its id in the store: the hash of its text. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly byId: ReadonlyMap<string, Policy>;
  readonly evaluated: Evaluated;
};

/** One owner of the compiled clusters of a database in one thread. */
export type KeptSets = {
  /** Null where none is kept. */
  of(clusterId: number): KeptSet | null;
  keep(clusterId: number, set: KeptSet): void;
};

/** Pods and policies together: some 2 kB each, so that the kept sets stay below half a gigabyte. */
const MOST_ITEMS = 250_000;

const sizeOf = ({ evaluated: { facts, policies } }: KeptSet): number =>
  facts.pods.length + policies.length;

/** Lets go of the clusters that were not asked for longest; the latest always stays. */
export function newKeptSets(most = MOST_ITEMS): KeptSets {
  const sets = new Map<number, KeptSet>();
  const total = (): number => [...sets.values()].reduce((sum, set) => sum + sizeOf(set), 0);
  const keep = (clusterId: number, set: KeptSet): void => {
    sets.delete(clusterId);
    sets.set(clusterId, set);
    for (const oldest of sets.keys()) {
      if (oldest === clusterId || total() <= most) break;
      sets.delete(oldest);
    }
  };
  return {
    of: clusterId => {
      const set = sets.get(clusterId);
      if (set !== undefined) keep(clusterId, set);
      return set ?? null;
    },
    keep,
  };
}

/** The owner for a connected database: the same for each of its transactions. */
export const keptSetsOf = keptBeside(() => newKeptSets());
