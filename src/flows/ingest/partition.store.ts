import type { EntityManager } from 'typeorm';
import { statement, text } from '../../database/row.js';
import { slotOf } from '../hour-slot.js';

export type PartitionStore = {
  /** Makes the day's partition of `flow_hour` where it is missing; `day` is `YYYY-MM-DD` in UTC. */
  ensureDay(day: string): Promise<void>;
  /** Days that have a partition. */
  days(): Promise<readonly string[]>;
};

const DAYS = statement('flows.days', { day: text });

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Partitions are made in a short transaction of their own, so that no ingest waits for another's.
 * Where the default partition already holds rows of the day, the day stays there: Postgres refuses the
 * partition, and the rows are found all the same.
 */
export const partitionStore = (manager: EntityManager): PartitionStore => ({
  ensureDay: async day => {
    if (!DAY.test(day)) throw new Error(`\`${day}\` is not a day`);
    const first = slotOf(Date.parse(`${day}T00:00:00Z`) * 1000, 'ALLOWED');
    const name = `flow_hour_${day.replaceAll('-', '')}`;
    await manager.query(
      `/* flows.ensureDay */
      do $$ begin
        perform pg_advisory_xact_lock(hashtext('flow_hour partitions'));
        if to_regclass('${name}') is null then
          create table ${name} partition of flow_hour
            for values from (${first}) to (${first + 24 * 8});
        end if;
      exception when check_violation then null;
      end $$`,
    );
  },
  days: async () => {
    const rows = await DAYS.rows(
      manager,
      `select substr(c.relname, 11, 4) || '-' || substr(c.relname, 15, 2) || '-' || substr(c.relname, 17, 2) as day
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'flow_hour'::regclass and c.relname ~ '^flow_hour_\\d{8}$'`,
      [],
    );
    return rows.map(({ day }) => day);
  },
});
