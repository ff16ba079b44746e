import type { EntityManager } from 'typeorm';

/**
 * Whoever writes flows of a cluster holds the cluster's row first, until the end of its transaction; ingestion does by
 * `chunks.touchCluster`. So two writers never wait for each other, a place in the table stays true between a
 * statement's reading and writing, and a flow that is new while verdicts are made anew is judged by the new policies.
 */
export async function lockFlows(manager: EntityManager, clusterId: number): Promise<void> {
  await manager.query('/* flows.lock */ select from cluster where id = $1 for no key update', [
    clusterId,
  ]);
}
