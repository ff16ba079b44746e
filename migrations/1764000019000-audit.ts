import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each entry holds the hash of the one before: \`unique (prev)\` keeps the chain from forking. */
const AUDIT = `
  create table audit_entry (
    seq bigint not null constraint audit_entry_pkey primary key,
    at timestamptz not null,
    actor text,
    action text not null,
    result text not null,
    text text not null,
    prev text not null constraint audit_entry_prev_key unique,
    hash text not null
  );
  -- serves the own lines of a caller
  create index audit_entry_actor on audit_entry (actor, seq);
  create table audit_pending (
    id uuid not null constraint audit_pending_pkey primary key,
    begun_at timestamptz not null,
    act jsonb not null
  );
`;

/** Who did what, when, from where, and what came of it. */
export class Audit1764000019000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(AUDIT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_pending, audit_entry');
  }
}
