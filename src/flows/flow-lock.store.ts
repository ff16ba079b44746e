import type { EntityManager } from 'typeorm';
import { int4, statement } from '../database/row.js';
import { clusterGone } from '../inventory/existing-cluster.js';

const LOCK = statement('flows.lock', { id: int4 });

/**
 * Whoever writes flows of a cluster holds the cluster's row first, until the end of its transaction; ingestion does by
 * `chunks.touchCluster`. So two writers never wait for each other, a place in the table stays true between a
 * statement's reading and writing, and a flow that is new while verdicts are made anew is judged by the new policies.
 * @throws ApiError NOT_FOUND where the cluster is deleted
 */
export async function lockFlows(manager: EntityManager, clusterId: number): Promise<void> {
  const rows = await LOCK.rows(
    manager,
    'select id from cluster where id = $1 and deleted_at is null for no key update',
    [clusterId],
  );
  if (rows.length === 0) throw clusterGone();
}
