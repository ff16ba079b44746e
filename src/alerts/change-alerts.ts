import { randomUUID } from 'node:crypto';
import type { AcceptStores } from '../baselines/accept.js';
import { acceptFlows } from '../baselines/accept.js';
import type { Problem } from '../netpol/index.js';
import type { Condition } from '../query/condition.js';
import { errorAt, infoAt, warningAt } from '../query/problem.js';
import type { Alert } from './alert.js';
import type { AlertChange, AlertKey, AlertStore } from './alert.store.js';
import { AlertAction, BECOMES, changes } from './alert-state.js';

export type ChangeAlertsStores = AcceptStores & { readonly alerts: AlertStore };

export type ChangeAlertsDeps = {
  readonly transaction: <T>(work: (stores: ChangeAlertsStores) => Promise<T>) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
  /** Name of who asks. */
  readonly who: string;
};

export type ChangeAlertsInput = {
  readonly action: AlertAction;
  /** A key that is null was given as the id of no alert. */
  readonly keys: readonly (AlertKey | null)[] | null;
  /** Where no keys are given: those that it finds, at most `MOST_AT_ONCE`. */
  readonly filter: Condition | null;
  /** SNOOZE: ISO text. */
  readonly until: string | null;
  /** What was done, or why; in the caller's words. */
  readonly reason: string | null;
};

export type ChangeAlertsOutcome = {
  /** Those that were changed, and with keys also those that were not. */
  readonly alerts: readonly Alert[];
  readonly changed: number;
  readonly problems: readonly Problem[];
};

/** A filter may find more: the next call changes the next ones. */
export const MOST_AT_ONCE = 5_000;

const notFound = (count: number): readonly Problem[] =>
  count === 0
    ? []
    : [
        errorAt(
          'NOT_FOUND',
          'id',
          count === 1 ? 'there is no alert of this id' : `no alerts have ${count} of the ids`,
          'take the `id` of an alert from `alerts`',
        ),
      ];

const noneNamed = errorAt(
  'NOTHING_NAMED',
  'id',
  'no alert was named',
  'give the `id` of alerts, or a `filter` that finds them',
);

const noneFound = infoAt(
  'NONE_FOUND',
  'filter',
  'the filter finds no alert that this would change',
  '`alerts` with the same filter shows what it finds',
);

/** What is said where nothing was named, or a filter found nothing. */
const aboutNothing = (keys: ChangeAlertsInput['keys'], changed: number): readonly Problem[] => {
  if (keys === null) return changed === 0 ? [noneFound] : [];
  return keys.length === 0 ? [noneNamed] : [];
};

const unchanged = (action: AlertAction, alert: Alert): Problem => {
  if (action === AlertAction.REOPEN)
    return infoAt('ALREADY_OPEN', 'id', 'the alert is open already', null);
  if (action === AlertAction.RESOLVE)
    return infoAt(
      'ALREADY_RESOLVED',
      'id',
      `the alert was resolved at \`${alert.resolvedAt}\` already`,
      'it opens again when it occurs again',
    );
  return warningAt(
    'RESOLVED',
    'id',
    'a resolved alert cannot be snoozed',
    'it opens again when it occurs again; `reopenAlerts` opens it now',
  );
};

const notOfFlows = (count: number): Problem =>
  warningAt(
    'NOT_OF_FLOWS',
    'id',
    `${count === 1 ? 'an alert is' : `${count} alerts are`} not about flows: there is nothing to accept`,
    'resolve it with `resolveAlerts`',
  );

const changeOf = (
  { action, until, reason }: ChangeAlertsInput,
  { now, who }: Pick<ChangeAlertsDeps, 'now' | 'who'>,
): AlertChange => {
  const resolves = BECOMES[action] === 'RESOLVED';
  const accepted = action === AlertAction.ACCEPT ? 'accepted into the baseline' : null;
  return {
    state: BECOMES[action],
    snoozedUntil: action === AlertAction.SNOOZE ? until : null,
    resolvedAt: resolves ? now() : null,
    resolution: resolves ? (reason ?? accepted) : null,
    resolvedBy: resolves ? who : null,
  };
};

/** In the order of keys: two callers that change the same alerts wait for each other, and do not deadlock. */
async function found(
  { alerts }: ChangeAlertsStores,
  { keys, filter }: ChangeAlertsInput,
): Promise<readonly AlertKey[]> {
  if (keys !== null) return keys.filter(key => key !== null);
  return filter === null ? [] : alerts.lockFound(filter, MOST_AT_ONCE);
}

/** What the flows of the alerts add to baselines; an alert none of whose flows could be added stays as it is. */
async function accept(
  stores: ChangeAlertsStores,
  alerts: readonly Alert[],
  { now, who, why }: Pick<ChangeAlertsDeps, 'now' | 'who'> & { readonly why: string | null },
): Promise<{ readonly accepted: readonly Alert[]; readonly problems: readonly Problem[] }> {
  const flows = await stores.alerts.everyFlowOf(alerts);
  const problems: Problem[] = [];
  const held = new Set<string>();
  for (const [clusterId, some] of Map.groupBy(flows, one => one.clusterId)) {
    const ids = [...new Set(some.map(({ flowId }) => flowId))];
    const outcome = await acceptFlows(stores, clusterId, { flows: ids, now: now(), who, why });
    for (const id of outcome.held) held.add(`${clusterId} ${id}`);
    problems.push(...outcome.problems);
  }
  const ofAlert = Map.groupBy(flows, ({ clusterId, id }) => `${clusterId} ${id}`);
  const isHeld = ({ clusterId, id }: Alert): boolean =>
    ofAlert.get(`${clusterId} ${id}`)?.every(one => held.has(`${clusterId} ${one.flowId}`)) ??
    false;
  return { accepted: alerts.filter(isHeld), problems };
}

/** Which of the alerts an action changes. */
async function chosen(
  stores: ChangeAlertsStores,
  input: ChangeAlertsInput,
  alerts: readonly Alert[],
  deps: ChangeAlertsDeps,
): Promise<{ readonly chosen: readonly Alert[]; readonly problems: readonly Problem[] }> {
  const open = alerts.filter(({ state }) => changes(input.action, state));
  const others = alerts.filter(({ state }) => !changes(input.action, state));
  const told = input.keys === null ? [] : others.map(alert => unchanged(input.action, alert));
  if (input.action !== AlertAction.ACCEPT) return { chosen: open, problems: told };
  const ofFlows = open.filter(({ deploymentId }) => deploymentId !== null);
  const { accepted, problems } = await accept(stores, ofFlows, { ...deps, why: input.reason });
  const noFlows = ofFlows.length < open.length ? [notOfFlows(open.length - ofFlows.length)] : [];
  return { chosen: accepted, problems: [...told, ...noFlows, ...problems] };
}

/**
 * Resolves, snoozes, accepts or opens alerts, and what belongs to them, all or none. What an action does not change stays
 * as it was, with a problem where the alert was named.
 */
export const changeAlerts = (
  deps: ChangeAlertsDeps,
  input: ChangeAlertsInput,
): Promise<ChangeAlertsOutcome> =>
  deps.transaction(async stores => {
    const keys = await found(stores, input);
    const before = keys.length === 0 ? [] : await stores.alerts.byIds(keys);
    const missing = input.keys === null ? 0 : input.keys.length - before.length;
    const { chosen: some, problems } = await chosen(stores, input, before, deps);
    const changed =
      some.length === 0 ? [] : await stores.alerts.change(some, changeOf(input, deps));
    const byId = new Map(changed.map(alert => [`${alert.clusterId} ${alert.id}`, alert]));
    const now = (alert: Alert): Alert => byId.get(`${alert.clusterId} ${alert.id}`) ?? alert;
    return {
      alerts: input.keys === null ? changed : before.map(now),
      changed: changed.length,
      problems: [...aboutNothing(input.keys, changed.length), ...notFound(missing), ...problems],
    };
  });

export type CommentInput = { readonly key: AlertKey | null; readonly text: string };

/** Writes a comment; null: there is no such alert. */
export const commentOnAlert = (
  { transaction, now, who }: ChangeAlertsDeps,
  { key, text }: CommentInput,
): Promise<Alert | null> =>
  transaction(async ({ alerts }) => {
    const [alert = null] = key === null ? [] : await alerts.byIds([key]);
    if (alert === null) return null;
    const { clusterId, id } = alert;
    const comment = { clusterId, id: randomUUID(), alertId: id, createdAt: now() };
    await alerts.comment({ ...comment, author: who, text });
    return alert;
  });
