import { and, type Condition } from '../query/condition.js';
import {
  equals,
  type StringFilter,
  stringCondition,
  type TimeFilter,
  timeCondition,
} from '../query/filter.js';
import type { AuditResult } from './audit.js';

/** All given fields must hold. */
export type AuditFilter = {
  readonly actor?: StringFilter | null;
  readonly action?: StringFilter | null;
  readonly result?: AuditResult | null;
  readonly at?: TimeFilter | null;
};

/** What a filter asks of an entry `e`. */
export const auditCondition = (filter: AuditFilter | null | undefined, now: Date): Condition =>
  and([
    stringCondition('e.actor', filter?.actor),
    stringCondition('e.action', filter?.action),
    equals('e.result', filter?.result),
    timeCondition('e.at', filter?.at, now),
  ]);
