import type { EntityManager } from 'typeorm';
import { int4, nullable, statement, text } from '../../database/row.js';
import { asInt8, CLUSTER, sumAsInt8 } from '../../database/statement.js';
import { dateTimeText } from '../../query/date-time.js';
import { lockFlows } from '../flow-lock.store.js';
import { HOUR_IN_INDEX } from '../hour-slot.js';
import { NEWEST } from './retention.store.js';

export type RollUpStore = {
  /** Days of observation time after which hours become days; null: they never do from now on. */
  setRollUpDays(clusterId: number, days: number | null): Promise<void>;
  /** Clusters whose hours become days, in the order of their ids. */
  rollingUp(): Promise<readonly number[]>;
  /** ISO text, the start of a day in UTC: hours before it become days. Null: none do. */
  rollUpBound(clusterId: number): Promise<string | null>;
  /** The days before the bound that still have hours, ISO text, in their order. */
  daysWithHours(clusterId: number, before: string): Promise<readonly string[]>;
  /**
   * The hours of a day become one count for each flow and verdict, at its start. Wants a transaction: other writers of flows
   * wait for its end. Records of that day that come later are rolled up the next time.
   * @returns how many hours went
   */
  rollUp(clusterId: number, day: string): Promise<number>;
  /** Tells readers until when counts are by day. */
  rolledUpTo(clusterId: number, until: string): Promise<void>;
};

const STATEMENTS = {
  rollingUp: statement('rollUp.clusters', { id: int4 }),
  bound: statement('rollUp.bound', { before: nullable(text) }),
  days: statement('rollUp.days', { day: text }),
} as const;

const DAY = (time: string): string => `date_trunc('day', ${time}, 'UTC')`;

/** Slots of the day `$2`. */
const START = 'slot_from($2::timestamptz)';
const SECOND_HOUR = `(${START} + 8)`;
const END = `(${START} + 24 * 8)`;

/** What ends counted of hours is in their counts already, and no report of such a day is told from another one. */
const ADD = `/* rollUp.add */
  insert into flow_hour (cluster_id, flow_id, slot, events, connections, bytes)
  select h.cluster_id, h.flow_id, ${START} + (h.slot & 7), ${asInt8('sum(h.events)')}, ${sumAsInt8('h.connections')}, ${sumAsInt8('h.bytes')}
  from flow_hour h
  where h.cluster_id = ${CLUSTER} and h.slot >= ${START} and h.slot < ${END}
    and (h.flow_id, h.slot & 7) in (select o.flow_id, o.slot & 7 from flow_hour o
      where o.cluster_id = ${CLUSTER} and o.slot >= ${SECOND_HOUR} and o.slot < ${END})
  group by 1, 2, 3
  on conflict (cluster_id, flow_id, slot) do update set events = excluded.events,
    connections = excluded.connections, bytes = excluded.bytes, ends = null`;

const FORGET = `/* rollUp.forget */ delete from flow_hour h
  where h.cluster_id = ${CLUSTER} and h.slot >= ${SECOND_HOUR} and h.slot < ${END}`;

export const rollUpStore = (manager: EntityManager): RollUpStore => ({
  setRollUpDays: async (clusterId, days) => {
    await manager.query('/* rollUp.set */ update cluster set roll_up_days = $2 where id = $1', [
      clusterId,
      days,
    ]);
  },
  rollingUp: async () => {
    const rows = await STATEMENTS.rollingUp.rows(
      manager,
      `select id from cluster
      where roll_up_days is not null and deleted_at is null and newest_observation_at is not null order by id`,
      [],
    );
    return rows.map(({ id }) => id);
  },
  rollUpBound: async clusterId => {
    const [row] = await STATEMENTS.bound.rows(
      manager,
      `select ${dateTimeText(DAY(`${NEWEST} - c.roll_up_days * interval '1 day'`))} as before
      from cluster c where c.id = $1`,
      [clusterId],
    );
    return row?.before ?? null;
  },
  daysWithHours: async (clusterId, before) => {
    const rows = await STATEMENTS.days.rows(
      manager,
      `select ${dateTimeText('d.day')} as day from (
        select distinct ${DAY('slot_hour(h.slot)')} as day from flow_hour h
        where h.cluster_id = ${CLUSTER} and h.slot < slot_from($2::timestamptz) and ${HOUR_IN_INDEX} % 24 <> 0) d order by d.day`,
      [clusterId, before],
    );
    return rows.map(({ day }) => day);
  },
  rollUp: async (clusterId, day) => {
    await lockFlows(manager, clusterId);
    await manager.query(ADD, [clusterId, day]);
    const [, count] = await manager.query(FORGET, [clusterId, day]);
    return count;
  },
  rolledUpTo: async (clusterId, until) => {
    await manager.query(
      `/* rollUp.rolledUpTo */ update cluster set rolled_until = greatest(rolled_until, $2::timestamptz)
      where id = $1`,
      [clusterId, until],
    );
  },
});
