import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What objects of a cluster say of its traffic besides who is there: routes, calls of the API server, scrapes. */
export class Declarations1764000061000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table declaration (
        cluster_id int not null constraint declaration_cluster_fkey references cluster,
        kind text not null,
        namespace text not null,
        name text not null,
        valid_from timestamptz not null,
        valid_to timestamptz,
        says jsonb not null,
        constraint declaration_pkey primary key (cluster_id, kind, namespace, name, valid_from)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table declaration');
  }
}
