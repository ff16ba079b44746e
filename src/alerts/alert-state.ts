import { AlertState } from './alert.js';

/** What somebody does with an alert. */
export const AlertAction = {
  RESOLVE: 'RESOLVE',
  SNOOZE: 'SNOOZE',
  /** Its flows are normal from now on: into the baselines with them. */
  ACCEPT: 'ACCEPT',
  REOPEN: 'REOPEN',
} as const;
export type AlertAction = (typeof AlertAction)[keyof typeof AlertAction];

const { ACTIVE, ATTEMPTED, SNOOZED, RESOLVED } = AlertState;

type Standing = Exclude<AlertState, 'OPEN'>;

/**
 * The states in which each action changes an alert; in the others it changes nothing. What occurs again opens a resolved
 * alert, and a snoozed one when its time is over; which of ACTIVE and ATTEMPTED an open one is follows from its events.
 */
export const CHANGES: Readonly<Record<AlertAction, readonly Standing[]>> = {
  RESOLVE: [ACTIVE, ATTEMPTED, SNOOZED],
  SNOOZE: [ACTIVE, ATTEMPTED, SNOOZED],
  ACCEPT: [ACTIVE, ATTEMPTED, SNOOZED, RESOLVED],
  REOPEN: [SNOOZED, RESOLVED],
};

/** What an action makes of an alert that it changes, as it is stored. */
export const BECOMES: Readonly<Record<AlertAction, 'OPEN' | 'SNOOZED' | 'RESOLVED'>> = {
  RESOLVE: 'RESOLVED',
  SNOOZE: 'SNOOZED',
  ACCEPT: 'RESOLVED',
  REOPEN: 'OPEN',
};

export const changes = (action: AlertAction, state: AlertState): boolean =>
  CHANGES[action].some(one => one === state);
