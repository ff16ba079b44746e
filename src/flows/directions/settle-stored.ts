import type { OpenFlowStore } from './open-flow.store.js';
import { settleDirections } from './settle-directions.js';

/** Says anew who asked whom in the open flows of peers: what is known of these peers is other than it was. */
export async function settleStored(
  store: OpenFlowStore,
  clusterId: number,
  peers: readonly string[],
): Promise<void> {
  const open = await store.ofPeers(clusterId, peers);
  const { gone, toAside, back, changed } = await settleDirections(store, clusterId, {
    open,
    proven: [],
    learned: [],
  });
  await store.forget(clusterId, gone);
  await store.takeBack(clusterId, back);
  await store.setDirections(clusterId, changed);
  await store.putAside(clusterId, toAside);
}
