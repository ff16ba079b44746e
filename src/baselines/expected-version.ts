import type { ScopedDeployment } from '../inventory/scope.store.js';
import type { Problem } from '../netpol/index.js';
import { errorAt, versionFault } from '../query/problem.js';
import type { BaselineStore } from './baseline.store.js';
import type { BaselineScope } from './chosen.js';

/**
 * Why a change of the baselines of a scope is refused by the version that it expects; null: it is not. To be asked while
 * nobody else can change them.
 */
export async function staleIn(
  baselines: Pick<BaselineStore, 'ofDeployments'>,
  { clusterId, expectedVersion = null }: Pick<BaselineScope, 'clusterId' | 'expectedVersion'>,
  chosen: readonly Pick<ScopedDeployment, 'id'>[],
): Promise<Problem | null> {
  if (expectedVersion === null) return null;
  const [one] = chosen;
  if (one === undefined || chosen.length > 1)
    return errorAt(
      'NOT_ONE',
      'expectedVersion',
      `a version is that of one baseline, and ${chosen.length} are to be changed`,
      'name one deployment, or leave `expectedVersion` out',
    );
  const [held] = await baselines.ofDeployments([{ clusterId, id: one.id }]);
  return versionFault('the baseline', held?.version ?? 0, expectedVersion);
}
