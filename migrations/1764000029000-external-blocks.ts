import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Blocks of addresses outside that have a name. Cluster 0 stands for every cluster: a key has no null. */
export class ExternalBlocks1764000029000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table external_block (
        cluster_id int not null,
        cidr cidr not null,
        name text not null,
        constraint external_block_pkey primary key (cluster_id, cidr)
      );
      create index external_block_name on external_block (name);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table external_block');
  }
}
