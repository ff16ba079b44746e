import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names that clients were told for addresses, in any upload. */
export class DnsAnswers1764000077300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table dns_answer (
        cluster_id int not null,
        client_id uuid not null,
        address inet not null,
        name text not null,
        valid_from timestamptz not null,
        valid_to timestamptz not null,
        constraint dns_answer_pkey primary key (cluster_id, client_id, address, name),
        constraint dns_answer_client_fkey foreign key (cluster_id, client_id) references peer (cluster_id, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dns_answer');
  }
}
