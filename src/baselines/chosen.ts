import { type DeploymentScope, inScope } from '../inventory/scope.js';
import type { ScopedDeployment, ScopeStore } from '../inventory/scope.store.js';
import { type Problem, Severity } from '../netpol/index.js';
import type { LabelSelector } from '../query/label-selector.js';
import type { BaselineScopeStore } from './baseline-scope.store.js';

export type ScopeStores = {
  readonly scopes: ScopeStore;
  readonly baselineScopes: BaselineScopeStore;
};

/** Deployments of a cluster: all that is given must hold. */
export type BaselineScope = DeploymentScope & {
  readonly clusterId: number;
  /** Null: whatever their labels. */
  readonly labels?: LabelSelector | null;
  /** Of the one baseline that is to be changed; 0: there is none yet. Null: whatever it is. */
  readonly expectedVersion?: number | null;
};

const noneSelected: Problem = {
  code: 'NOT_FOUND',
  severity: Severity.WARNING,
  message: 'no deployment of the scope has such labels',
  path: 'labels',
  place: null,
  hint: 'check the selector, or import the inventory, which tells labels',
};

/** The deployments of a scope, with a WARNING for each name that is nobody's. */
export async function chosenIn(
  { scopes, baselineScopes }: ScopeStores,
  scope: BaselineScope,
): Promise<{
  readonly chosen: readonly ScopedDeployment[];
  readonly problems: readonly Problem[];
}> {
  const all = await scopes.deployments(scope.clusterId);
  const { chosen, problems } = inScope(all, one => one, scope);
  if (scope.labels === null || scope.labels === undefined) return { chosen, problems };
  const selected = new Set(await baselineScopes.selected(scope.clusterId, scope.labels));
  const some = chosen.filter(({ id }) => selected.has(id));
  return { chosen: some, problems: some.length === 0 ? [...problems, noneSelected] : problems };
}
