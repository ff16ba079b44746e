import { keptBeside } from '../database/kept-beside.js';
import type { Compiled } from '../netpol/index.js';

/** The compiled sets of the simulations that were read last: pages of one simulation share one. */
export type KeptCandidates = {
  of(simulation: string): Compiled | null;
  keep(simulation: string, compiled: Compiled): void;
};

const MOST = 2;

const newKeptCandidates = (): KeptCandidates => {
  const sets = new Map<string, Compiled>();
  return {
    of: simulation => sets.get(simulation) ?? null,
    keep: (simulation, compiled) => {
      sets.delete(simulation);
      sets.set(simulation, compiled);
      for (const oldest of sets.keys()) if (sets.size > MOST) sets.delete(oldest);
    },
  };
};

/** The owner for a connected database: the same for each of its transactions. */
export const keptCandidatesOf = keptBeside(newKeptCandidates);
