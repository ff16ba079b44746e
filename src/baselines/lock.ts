import { type DeploymentScope, inScope } from '../inventory/scope.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import { type Problem, Severity } from '../netpol/index.js';
import { BaselineState } from './baseline.js';
import type { BaselineStore } from './baseline.store.js';
import { type BaselinesOutcome, nameOf } from './generate.js';
import { counted, named } from './named.js';

export type LockBaselinesDeps = {
  readonly transaction: <T>(
    work: (stores: {
      readonly scopes: ScopeStore;
      readonly baselines: BaselineStore;
    }) => Promise<T>,
  ) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
};

export type LockBaselinesInput = DeploymentScope & { readonly clusterId: number };

const withoutBaseline = (names: readonly string[]): readonly Problem[] =>
  names.length === 0
    ? []
    : [
        {
          code: 'NO_BASELINE',
          severity: Severity.WARNING,
          message: `${counted(names.length, 'deployment has', 'deployments have')} no baseline: ${named(names)}`,
          path: null,
          place: null,
          hint: 'learn them with `generateBaselines` first',
        },
      ];

const setState =
  (state: BaselineState, source: string) =>
  ({ transaction, now }: LockBaselinesDeps, input: LockBaselinesInput): Promise<BaselinesOutcome> =>
    transaction(async ({ scopes, baselines }) => {
      const { clusterId } = input;
      await baselines.lockCluster(clusterId);
      const all = await scopes.deployments(clusterId);
      const { chosen, problems } = inScope(all, one => one, input);
      const keys = chosen.map(({ id }) => ({ clusterId, id }));
      const moment = now();
      const changed = await baselines.setState(
        clusterId,
        keys.map(({ id }) => id),
        state,
        moment,
      );
      const ids = changed.map(({ deploymentId }) => deploymentId);
      await baselines.keepRevision(clusterId, ids, moment, source);
      await baselines.markFlows(clusterId, ids);
      const held = await baselines.ofDeployments(keys);
      const has = new Set(held.map(({ deploymentId }) => deploymentId));
      const missing = chosen.filter(({ id }) => !has.has(id)).map(nameOf);
      return { baselines: held, problems: [...problems, ...withoutBaseline(missing)] };
    });

/** What a LOCKED baseline does not hold is anomalous from now on. Answers all baselines of the scope. */
export const lockBaselines = setState(BaselineState.LOCKED, 'lockBaselines');

/** Deviations are no longer anomalous, and the baselines can be learned anew. Answers all of the scope. */
export const unlockBaselines = setState(BaselineState.LEARNING, 'unlockBaselines');
