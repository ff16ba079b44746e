import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens, by what they hash to: their text is shown once and kept nowhere. */
const TOKENS = `
  create table access_token (
    id uuid not null constraint access_token_pkey primary key,
    hash text not null constraint access_token_hash_key unique,
    prefix text not null,
    name text not null,
    kind text not null,
    roles text[] not null,
    -- null: all
    clusters text[],
    namespaces text[],
    created_at timestamptz not null,
    created_by text not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz
  );
  -- serves tokens.page
  create index access_token_created on access_token (created_at, id);
`;

/** Who may ask. */
export class Access1764000015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TOKENS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table access_token');
  }
}
