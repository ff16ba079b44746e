import { type Condition, sql } from '../query/condition.js';
import { hoursIndexed, hourWithin, type Window } from './flow-condition.js';
import { HOUR_IN_INDEX } from './hour-slot.js';

/**
 * The flows of so many hours are remembered, so that whether a flow has an hour in a window costs no look-up for each: 0.2 µs, not 17.
 * Those of more would not be hashed with the memory that Postgres has unless told otherwise (`work_mem`).
 */
export const MOST_REMEMBERED = 200_000;

/** The flows with an hour in a window. */
export type HoursOfWindow = {
  /** A `with` item. */
  readonly table: Condition;
  /** Of a flow `f`. */
  readonly isAmong: Condition;
};

/**
 * @param name of the item
 * @param cluster SQL: the id of the one cluster that is asked about
 */
export function hoursOfWindow(name: string, cluster: string, window: Window): HoursOfWindow {
  const hours = sql`select h.flow_id from flow_hour h where h.cluster_id = ${cluster} and ${hoursIndexed(window, null)}
    order by ${HOUR_IN_INDEX} limit ${String(MOST_REMEMBERED + 1)}`;
  return {
    table: sql`${name} as materialized (${hours})`,
    isAmong: sql`case when (select count(*) from ${name}) <= ${String(MOST_REMEMBERED)}
      then (f.id in (select flow_id from ${name})) is true else ${hourWithin(window, null)} end`,
  };
}
