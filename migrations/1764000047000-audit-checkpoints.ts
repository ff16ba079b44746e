import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who an entry is of, whatever name the token has; and what the log was at moments, for what is missing from its ends. */
export class AuditCheckpoints1764000047000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table audit_entry add column principal text;
      drop index audit_entry_actor;
      -- serves the own lines of a caller
      create index audit_entry_principal on audit_entry (principal, seq);
      create table audit_checkpoint (
        seq bigint not null,
        kind text not null,
        hash text not null,
        at timestamptz not null,
        signature text,
        constraint audit_checkpoint_pkey primary key (seq, kind)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_checkpoint;
      drop index audit_entry_principal;
      alter table audit_entry drop column principal;
      create index audit_entry_actor on audit_entry (actor, seq);
    `);
  }
}
