import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Blocks get ids, by which one is deleted. A policy set that is deleted leaves its number: the next of its name has another one, since
 * ids are made of them.
 */
export class DeletedSets1764000075100 implements MigrationInterface {
  readonly name = 'DeletedSets1764000075100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table external_block add column id uuid');
    await runner.query('update external_block set id = gen_random_uuid()');
    await runner.query('alter table external_block alter column id set not null');
    await runner.query(
      'alter table external_block add constraint external_block_id_key unique (cluster_id, id)',
    );
    await runner.query(`create table policy_set_gone (
      cluster_id int not null constraint policy_set_gone_cluster_fkey references cluster (id),
      name text not null,
      scope text not null,
      version int not null,
      constraint policy_set_gone_pkey primary key (cluster_id, name, scope))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table policy_set_gone');
    await runner.query('alter table external_block drop column id');
  }
}
