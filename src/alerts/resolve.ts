import { type Problem, Severity } from '../netpol/index.js';
import { type Alert, AlertState } from './alert.js';
import type { AlertKey, AlertStore } from './alert.store.js';

export type ResolveAlertDeps = {
  readonly transaction: <T>(
    work: (stores: { readonly alerts: Pick<AlertStore, 'byIds' | 'resolve'> }) => Promise<T>,
  ) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
};

export type ResolveAlertInput = {
  /** Null: what was given is the id of no alert. */
  readonly key: AlertKey | null;
  /** What was done about it, in the caller's words; or null. */
  readonly resolution: string | null;
};

export type ResolveAlertOutcome = {
  readonly alert: Alert | null;
  readonly problems: readonly Problem[];
};

const problem = (severity: Severity, code: string, message: string, hint: string): Problem => ({
  code,
  severity,
  message,
  path: 'id',
  place: null,
  hint,
});

const NOT_FOUND: ResolveAlertOutcome = {
  alert: null,
  problems: [
    problem(
      Severity.ERROR,
      'NOT_FOUND',
      'there is no alert of this id',
      'take the `id` of an alert from `alerts`',
    ),
  ],
};

const resolvedBefore = (alert: Alert): ResolveAlertOutcome => ({
  alert,
  problems: [
    problem(
      Severity.INFO,
      'ALREADY_RESOLVED',
      `the alert was resolved at \`${alert.resolvedAt}\` already`,
      'it opens again when it occurs again',
    ),
  ],
});

/** Resolves an alert; one that was resolved before stays as it was, with an INFO. */
export const resolveAlert = (
  { transaction, now }: ResolveAlertDeps,
  { key, resolution }: ResolveAlertInput,
): Promise<ResolveAlertOutcome> =>
  transaction(async ({ alerts }) => {
    const [known] = key === null ? [] : await alerts.byIds([key]);
    if (known === undefined) return NOT_FOUND;
    if (known.state === AlertState.RESOLVED) return resolvedBefore(known);
    const [resolved] = await alerts.resolve([known], now(), resolution);
    if (resolved !== undefined) return { alert: resolved, problems: [] };
    // Somebody else was quicker.
    const [after = known] = await alerts.byIds([known]);
    return resolvedBefore(after);
  });
