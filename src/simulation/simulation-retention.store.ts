import type { EntityManager } from 'typeorm';
import { statement } from '../database/row.js';
import { COUNTED } from '../query/page.js';

export type SimulationRetentionStore = {
  /**
   * What clusters were asked longer ago than they keep flows goes, with its flows; what is under way stays.
   * @returns how many simulations went
   */
  forgetOld(): Promise<number>;
};

const FORGOTTEN = statement('simulations.forgetOld', COUNTED);

/** The tables of what a simulation found. */
const PARTS = ['simulated_chunk', 'simulated_span', 'connectivity_change'] as const;

/** Foreign keys are looked at when all of it is done. */
const FORGET_OLD = `with old as (
    select s.cluster_id, s.id from simulation s join cluster c on c.id = s.cluster_id
    where s.created_at < now() - c.retention_days * interval '1 day' and s.status not in ('PENDING', 'RUNNING')
  ), ${PARTS.map(
    table => `${table}_gone as (
    delete from ${table} x using old where x.cluster_id = old.cluster_id and x.simulation_id = old.id)`,
  ).join(', ')}, gone as (
    delete from simulation s using old where s.cluster_id = old.cluster_id and s.id = old.id returning 1)
  select count(*)::int as count from gone`;

export const simulationRetentionStore = (manager: EntityManager): SimulationRetentionStore => ({
  forgetOld: async () => (await FORGOTTEN.row(manager, FORGET_OLD, [])).count,
});
