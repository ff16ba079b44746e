import type { EntityManager } from 'typeorm';
import { statement, uuid } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import type { Isolation } from '../inventory/peer.js';

/** Null: no policy can be held against it, since nothing has told its labels. */
export type DeploymentIsolation = { readonly id: string; readonly isolation: Isolation | null };

export type IsolationStore = {
  /** Deployments of a cluster that have no isolation yet. */
  unset(clusterId: number): Promise<readonly string[]>;
  /** Writes those that differ, in the order of ids. */
  put(clusterId: number, rows: readonly DeploymentIsolation[]): Promise<void>;
  /** No policy is in force: deployments without an isolation have NONE; with `all`, every deployment. */
  none(clusterId: number, all: boolean): Promise<void>;
};

const UNSET = statement('isolation.unset', { id: uuid });

const byId = (one: DeploymentIsolation, other: DeploymentIsolation): number =>
  one.id < other.id ? -1 : 1;

export const isolationStore = (manager: EntityManager): IsolationStore => ({
  unset: async clusterId => {
    const rows = await UNSET.rows(
      manager,
      `select id from peer
      where cluster_id = ${CLUSTER} and kind = 'DEPLOYMENT' and alias_of is null and isolation is null`,
      [clusterId],
    );
    return rows.map(({ id }) => id);
  },
  put: async (clusterId, rows) => {
    const { from, values } = unnest(
      rows.toSorted(byId),
      'x',
      { id: ['uuid', row => row.id], isolation: ['text', row => row.isolation] },
      2,
    );
    await manager.query(
      `/* isolation.put */ update peer p set isolation = x.isolation from ${from}
      where p.cluster_id = ${CLUSTER} and p.id = x.id and p.isolation is distinct from x.isolation`,
      [clusterId, ...values],
    );
  },
  none: async (clusterId, all) => {
    await manager.query(
      `/* isolation.none */ update peer set isolation = 'NONE'
      where cluster_id = ${CLUSTER} and kind = 'DEPLOYMENT' and alias_of is null
        and (isolation is null or $2::boolean and isolation <> 'NONE')`,
      [clusterId, all],
    );
  },
});
