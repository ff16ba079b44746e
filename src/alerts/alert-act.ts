import type { AlertEnforcement } from './alert-rule.js';

export const AlertActState = {
  /** Nobody has decided yet. */
  REQUESTED: 'REQUESTED',
  /** A sensor may do it. */
  APPROVED: 'APPROVED',
  REJECTED: 'REJECTED',
  /** Nobody decided within a day, or before the alert was resolved: what the pod was then it may not be now. */
  EXPIRED: 'EXPIRED',
} as const;
export type AlertActState = (typeof AlertActState)[keyof typeof AlertActState];

/** What a rule asks to be done about an alert. Nothing is done before somebody approves. Times are ISO text. */
export type AlertAct = {
  readonly clusterId: number;
  readonly id: string;
  readonly alertId: string;
  readonly kind: AlertEnforcement;
  readonly state: AlertActState;
  readonly requestedAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
};
