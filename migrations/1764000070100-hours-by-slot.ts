import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the hours of flows and of replies become. */
type Shape = {
  readonly key: string;
  readonly keyColumns: string;
  /** The key's columns of the rows that are there. */
  readonly keyOf: string;
  readonly partitionedBy: string;
  readonly hourIndex: string;
  /** SQL of a partition's bound, of SQL of a time. */
  readonly bound: (time: string) => string;
};

const NARROW: Shape = {
  key: 'slot',
  keyColumns: 'slot int not null',
  keyOf: `slot_from(hour)
    + case verdict when 'ALLOWED' then 0 when 'DENIED' then 1 when 'AUDIT' then 2 when 'ERROR' then 3 else 4 end`,
  partitionedBy: 'slot',
  // An expression, so that the planner never takes it where the hours of one flow are looked up.
  hourIndex: '(slot >> 3), (slot & 7)',
  bound: time => `slot_from(${time})`,
};

const WIDE: Shape = {
  key: 'hour, verdict',
  keyColumns: 'hour timestamptz not null, verdict text not null',
  keyOf: 'slot_hour(slot), slot_verdict(slot)',
  partitionedBy: 'hour',
  hourIndex: `(hour at time zone 'UTC'), verdict`,
  bound: time => time,
};

/** Beside the tables whose names they take in the end. */
const tables = ({ key, keyColumns, partitionedBy, hourIndex }: Shape): string => `
  create table new_flow_hour (cluster_id int not null, flow_id uuid not null, ${keyColumns}, events bigint not null,
    connections bigint, bytes bigint, ends bigint[],
    constraint new_flow_hour_pkey primary key (cluster_id, flow_id, ${key})) partition by range (${partitionedBy});
  create index new_flow_hour_hour on new_flow_hour (cluster_id, ${hourIndex});
`;

const NAMES = `
  drop table flow_hour, reply_hour;
  alter table new_flow_hour rename to flow_hour;
  alter table new_reply_hour rename to reply_hour;
  alter index new_flow_hour_pkey rename to flow_hour_pkey;
  alter index new_flow_hour_hour rename to flow_hour_hour;
  alter index new_reply_hour_pkey rename to reply_hour_pkey;
`;

const PARTITIONS = `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'flow_hour'::regclass order by 1`;

const DAY = /^flow_hour_(\d{4})(\d{2})(\d{2})$/;

/** What a partition holds: a day, or all that no other does. */
async function boundOf(runner: QueryRunner, name: string, { bound }: Shape): Promise<string> {
  const [, year, month, day] = DAY.exec(name) ?? [];
  if (year === undefined) return 'default';
  const start = `'${year}-${month}-${day} 00:00:00+00'::timestamptz`;
  const end = `${start} + interval '24 hours'`;
  const [row] = await runner.query(
    `select format('for values from (%L) to (%L)', ${bound(start)}, ${bound(end)}) as bound`,
  );
  return row.bound;
}

const copied = (from: string, to: string, { key, keyOf }: Shape): string =>
  `insert into ${to} (cluster_id, flow_id, ${key}, events, connections, bytes, ends)
  select cluster_id, flow_id, ${keyOf}, events, connections, bytes, ends from ${from}`;

/** Rows are written before there is an index on them. */
async function moveDay(runner: QueryRunner, name: string, shape: Shape): Promise<void> {
  const bound = await boundOf(runner, name, shape);
  await runner.query(`alter table ${name} rename to old_${name}`);
  await runner.query(`create table ${name} (like new_flow_hour)`);
  await runner.query(copied(`old_${name}`, name, shape));
  await runner.query(`drop table old_${name}`);
  await runner.query(
    `alter table ${name} add constraint ${name}_pkey primary key (cluster_id, flow_id, ${shape.key})`,
  );
  await runner.query(`create index ${name}_hour on ${name} (cluster_id, ${shape.hourIndex})`);
  await runner.query(`alter table new_flow_hour attach partition ${name} ${bound}`);
}

async function moveReplies(runner: QueryRunner, shape: Shape): Promise<void> {
  await runner.query('create table new_reply_hour (like new_flow_hour)');
  await runner.query(copied('reply_hour', 'new_reply_hour', shape));
  await runner.query(
    `alter table new_reply_hour add constraint new_reply_hour_pkey primary key (cluster_id, flow_id, ${shape.key})`,
  );
}

async function moveAll(
  runner: QueryRunner,
  shape: Shape,
  afterDay: () => Promise<void>,
): Promise<void> {
  const [begun] = await runner.query(`select to_regclass('new_flow_hour') is not null as yes`);
  if (!begun.yes) await runner.query(tables(shape));
  const partitions: readonly { readonly name: string }[] = await runner.query(PARTITIONS);
  for (const { name } of partitions) {
    await moveDay(runner, name, shape);
    await afterDay();
  }
  await moveReplies(runner, shape);
  await runner.query(NAMES);
}

/**
 * The key of a flow's hour holds one number for hour and verdict, and is a third shorter. Each day is copied in a transaction of its
 * own: a migration that is ended goes on with the next day when it is begun again, needs the room of one day more, and locks few
 * tables at once. A million hours take some 9 seconds on a busy machine. The way back is one transaction.
 */
export class HoursBySlot1764000070100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await moveAll(runner, NARROW, async () => {
      await runner.commitTransaction();
      await runner.startTransaction();
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await moveAll(runner, WIDE, async () => {});
  }
}
