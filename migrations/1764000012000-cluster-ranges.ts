import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a cluster's own addresses lie is known or declared, no longer guessed from the addresses of some pods. */
export class ClusterRanges1764000012000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cluster_range (
        cluster_id int not null constraint cluster_range_cluster_fkey references cluster,
        cidr cidr not null,
        source text not null,
        constraint cluster_range_pkey primary key (cluster_id, cidr, source)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from address_book where holder = 'GATEWAY';
      drop table cluster_range;
    `);
  }
}
