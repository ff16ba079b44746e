import { counted, type Problem } from '../netpol/index.js';
import { warningAt } from '../query/problem.js';
import { type AdvanceDeps, type AdvanceStores, advanceBaselines } from './advance.js';
import type { BaselineStore } from './baseline.store.js';
import { BaselineLearning, settingsOf } from './baseline-settings.js';
import { type BaselineScope, chosenIn, type ScopeStores } from './chosen.js';
import { staleIn } from './expected-version.js';
import type { BaselinesOutcome } from './generate.js';
import { nameOf } from './generate-problems.js';
import { named } from './named.js';

export type ReopenBaselinesDeps = Omit<AdvanceDeps, 'transaction'> & {
  readonly transaction: <T>(
    work: (
      stores: ScopeStores & AdvanceStores & { readonly baselines: BaselineStore },
    ) => Promise<T>,
  ) => Promise<T>;
};

export type ReopenBaselinesInput = BaselineScope & { readonly reason?: string | null };

const leftOut = (names: readonly string[], why: string, hint: string): readonly Problem[] =>
  names.length === 0
    ? []
    : [
        warningAt(
          'NOT_REOPENED',
          null,
          `${counted(names.length, 'baseline is', 'baselines are')} not reopened, since ${why}: ${named(names)}`,
          hint,
        ),
      ];

type Marked = { readonly ids: readonly string[]; readonly problems: readonly Problem[] };

/** Marks those of the scope that learn by themselves; null: they have another version than was expected. */
const mark = (
  { transaction, now, who }: ReopenBaselinesDeps,
  input: ReopenBaselinesInput,
): Promise<Marked | Problem> =>
  transaction(async ({ baselines, baselineSettings, scopes, baselineScopes }) => {
    const { clusterId } = input;
    await baselines.lockCluster(clusterId);
    const { chosen, problems } = await chosenIn({ scopes, baselineScopes }, input);
    const stale = await staleIn(baselines, input, chosen);
    if (stale !== null) return stale;
    const rows = await baselineSettings.ofCluster(clusterId);
    const held = await baselines.ofDeployments(chosen.map(({ id }) => ({ clusterId, id })));
    const has = new Set(held.map(({ deploymentId }) => deploymentId));
    const learns = (one: (typeof chosen)[number]): boolean =>
      settingsOf(rows, one).learning === BaselineLearning.CONTINUOUS;
    const ids = chosen.filter(one => learns(one) && has.has(one.id)).map(({ id }) => id);
    const moment = now();
    await baselines.reopen(clusterId, ids, moment);
    const why = input.reason ?? null;
    const done = { now: moment, source: 'reopenBaselines', who, why };
    await baselines.keepRevision(clusterId, ids, done);
    await baselines.markFlows(clusterId, ids);
    const onDemand = chosen.filter(one => !learns(one)).map(nameOf);
    const missing = chosen.filter(one => learns(one) && !has.has(one.id)).map(nameOf);
    return {
      ids,
      problems: [
        ...problems,
        ...leftOut(
          onDemand,
          'they learn on demand',
          'learn them by `generateBaselines`, or say `learning: CONTINUOUS` with `setBaselineSettings`',
        ),
        ...leftOut(missing, 'nothing was learned of them yet', 'they learn already'),
      ],
    };
  });

/**
 * Lets baselines that learn by themselves learn again, for `relearnHours` covered hours from now on. One that was locked is LEARNING for that time, and
 * locked again after it. Answers those that were reopened.
 */
export async function reopenBaselines(
  deps: ReopenBaselinesDeps,
  input: ReopenBaselinesInput,
): Promise<BaselinesOutcome> {
  const marked = await mark(deps, input);
  if ('code' in marked) return { baselines: [], changed: 0, problems: [marked] };
  const { ids, problems } = marked;
  const { clusterId } = input;
  if (ids.length > 0) await advanceBaselines(deps, { clusterId });
  const baselines = await deps.transaction(stores =>
    stores.baselines.ofDeployments(ids.map(id => ({ clusterId, id }))),
  );
  return { baselines, changed: ids.length, problems };
}
