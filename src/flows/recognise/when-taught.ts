import type { VersionStore } from '../../inventory/versions.store.js';
import type { OpenEdgeStore } from './open-edge.store.js';

type Teaching = {
  readonly recognise: (clusterId: number) => Promise<void>;
  readonly versions: Pick<VersionStore, 'of'>;
  readonly openEdges: Pick<OpenEdgeStore, 'isBalancerCalled'>;
};

/**
 * Records teach deployments and labels, which earlier records may have named, and of which load balancer an address is: so the
 * order of uploads does not matter. Asked after each upload; works where the facts are others than when it was asked last, or a load
 * balancer was called.
 */
export function whenTaught(
  transaction: <T>(work: (stores: Teaching) => Promise<T>) => Promise<T>,
): (clusterId: number) => Promise<void> {
  const known = new Map<number, string>();
  return async clusterId => {
    const facts = await transaction(async ({ recognise, versions, openEdges }) => {
      const { facts } = await versions.of(clusterId);
      const isTaught = known.get(clusterId) !== facts;
      if (isTaught || (await openEdges.isBalancerCalled(clusterId))) await recognise(clusterId);
      return facts;
    });
    known.set(clusterId, facts);
  };
}
