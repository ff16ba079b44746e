import type { VersionStore } from '../../inventory/versions.store.js';

type Teaching = {
  readonly recognise: (clusterId: number) => Promise<void>;
  readonly versions: Pick<VersionStore, 'of'>;
};

/**
 * Records teach deployments and labels, which earlier records may have named: so the order of uploads does not matter.
 * Asked after each upload; works where the facts are others than when it was asked last.
 */
export function whenTaught(
  transaction: <T>(work: (stores: Teaching) => Promise<T>) => Promise<T>,
): (clusterId: number) => Promise<void> {
  const known = new Map<number, string>();
  return async clusterId => {
    const facts = await transaction(async ({ recognise, versions }) => {
      const { facts } = await versions.of(clusterId);
      if (known.get(clusterId) !== facts) await recognise(clusterId);
      return facts;
    });
    known.set(clusterId, facts);
  };
}
