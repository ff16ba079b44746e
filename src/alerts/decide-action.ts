import type { Problem } from '../netpol/index.js';
import { errorAt, warningAt } from '../query/problem.js';
import type { AlertKey, AlertStore } from './alert.store.js';
import { type AlertAct, AlertActState } from './alert-act.js';
import type { AlertActStore } from './alert-act.store.js';

export type DecideDeps = {
  readonly reads: { readonly alerts: Pick<AlertStore, 'byIds'>; readonly alertActs: AlertActStore };
  /** Name of who asks. */
  readonly who: string;
};

export type DecideInput = {
  /** Null: the id of no action. */
  readonly key: AlertKey | null;
  readonly approve: boolean;
};

export type AlertActOutcome = {
  readonly action: AlertAct | null;
  readonly problems: readonly Problem[];
};

/** The action of an alert that the caller sees. */
async function known({ reads }: DecideDeps, key: AlertKey | null): Promise<AlertAct | null> {
  if (key === null) return null;
  const [action] = await reads.alertActs.byIds([key]);
  if (action === undefined) return null;
  const { clusterId, alertId } = action;
  return (await reads.alerts.byIds([{ clusterId, id: alertId }])).length > 0 ? action : null;
}

/** Decides about an action, once. What was decided before stays, with a WARNING. */
export async function decideAlertAction(
  deps: DecideDeps,
  { key, approve }: DecideInput,
): Promise<AlertActOutcome> {
  const before = await known(deps, key);
  if (before === null) {
    const hint = 'take the `id` from `actions` of an alert';
    const message = 'there is no action of this id';
    return { action: null, problems: [errorAt('NOT_FOUND', 'id', message, hint)] };
  }
  const state = approve ? AlertActState.APPROVED : AlertActState.REJECTED;
  const decided = await deps.reads.alertActs.decide(before, state, deps.who);
  if (decided !== null) return { action: decided, problems: [] };
  const [now = before] = await deps.reads.alertActs.byIds([before]);
  if (now.state === AlertActState.EXPIRED)
    return {
      action: now,
      problems: [
        warningAt(
          'EXPIRED',
          'id',
          `the action was asked for at \`${now.requestedAt}\`, and nobody decided within a day or before the alert was resolved`,
          'a rule asks again when it is met again',
        ),
      ],
    };
  const message = `the action was ${now.state} by \`${now.decidedBy}\` already`;
  return {
    action: now,
    problems: [warningAt('DECIDED', 'id', message, 'a rule asks again when it is met again')],
  };
}
