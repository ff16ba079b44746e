import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What callers and addresses have spent of their limits, for all servers together; in the form of rate-limiter-flexible. */
export class RateCounts1764000060100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- minutes are counted: nothing of it is worth a log or a crash recovery
      create unlogged table rate_count (
        key varchar(255) not null constraint rate_count_pkey primary key,
        points int not null default 0,
        expire bigint
      );
      -- serves the deletion of what is over
      create index rate_count_expire on rate_count (expire);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rate_count');
  }
}
