import { counted, type Problem, Severity } from '../netpol/index.js';
import type { BaselineStore } from './baseline.store.js';
import { type BaselineScope, chosenIn, type ScopeStores } from './chosen.js';
import { staleIn } from './expected-version.js';
import type { BaselinesOutcome } from './generate.js';
import { nameOf } from './generate-problems.js';
import { named } from './named.js';

export type LockBaselinesDeps = {
  readonly transaction: <T>(
    work: (stores: ScopeStores & { readonly baselines: BaselineStore }) => Promise<T>,
  ) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
  /** Who does it, for the history. */
  readonly who: string;
};

export type LockBaselinesInput = BaselineScope & {
  readonly reason?: string | null;
};

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

const setLocked =
  (isLocked: boolean, source: string) =>
  (
    { transaction, now, who }: LockBaselinesDeps,
    input: LockBaselinesInput,
  ): Promise<BaselinesOutcome> =>
    transaction(async ({ baselines, ...stores }) => {
      const { clusterId } = input;
      await baselines.lockCluster(clusterId);
      const { chosen, problems } = await chosenIn(stores, input);
      const stale = await staleIn(baselines, input, chosen);
      if (stale !== null) return { baselines: [], changed: 0, problems: [stale] };
      const keys = chosen.map(({ id }) => ({ clusterId, id }));
      const moment = now();
      const changed = await baselines.setLocked(
        clusterId,
        keys.map(({ id }) => id),
        isLocked,
        moment,
      );
      const ids = changed.map(({ deploymentId }) => deploymentId);
      await baselines.keepRevision(clusterId, ids, {
        now: moment,
        source,
        who,
        why: input.reason ?? null,
      });
      await baselines.markFlows(clusterId, ids);
      const held = await baselines.ofDeployments(keys);
      const has = new Set(held.map(({ deploymentId }) => deploymentId));
      const missing = chosen.filter(({ id }) => !has.has(id)).map(nameOf);
      return {
        baselines: held,
        changed: ids.length,
        problems: [...problems, ...withoutBaseline(missing)],
      };
    });

/** What a LOCKED baseline does not hold is anomalous from now on. Answers all baselines of the scope. */
export const lockBaselines = setLocked(true, 'lockBaselines');

/** Deviations are no longer anomalous, and the baselines can be learned anew: they are STABLE or LEARNING, by what was seen. Answers all of the scope. */
export const unlockBaselines = setLocked(false, 'unlockBaselines');
