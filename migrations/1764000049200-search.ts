import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names by any part of them. `pg_trgm` comes with Postgres, and its installation needs no superuser; where it is not there, or may
 * not be installed, a search reads all names instead.
 */
export class Search1764000049200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`do $$
      begin
        create extension if not exists pg_trgm;
        create index peer_search on peer using gin (name gin_trgm_ops);
      exception when insufficient_privilege or undefined_file or feature_not_supported then
        raise notice 'pg_trgm cannot be installed: searches read all names';
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index if exists peer_search');
  }
}
