import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each record is resolved at its own time: Services have a history, and a start that is known bounds. */
export class WhoseWhen1764000018000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table address_book add column start_known boolean not null default false;

      create table service_revision (
        cluster_id int not null,
        service_id uuid not null,
        valid_from timestamptz not null,
        valid_to timestamptz,
        type text not null,
        cluster_ips jsonb not null,
        external_ips jsonb not null,
        ports jsonb not null,
        selector jsonb,
        content_hash text not null,
        source text not null,
        observed_at timestamptz not null,
        constraint service_revision_pkey primary key (cluster_id, service_id, valid_from),
        constraint service_revision_fkey foreign key (cluster_id, service_id) references service
      );
      insert into service_revision (cluster_id, service_id, valid_from, valid_to, type, cluster_ips, external_ips,
        ports, selector, content_hash, source, observed_at)
      select cluster_id, id, valid_from, ended_at, type, cluster_ips, external_ips, ports, selector, content_hash,
        'TEMPLATE', valid_from from service;

      alter table service add column endpoints jsonb;
      create table endpoints_revision (
        cluster_id int not null constraint endpoints_revision_cluster_fkey references cluster,
        service_id uuid not null,
        valid_from timestamptz not null,
        valid_to timestamptz,
        namespace text not null,
        name text not null,
        endpoints jsonb not null,
        content_hash text not null,
        source text not null,
        observed_at timestamptz not null,
        constraint endpoints_revision_pkey primary key (cluster_id, service_id, valid_from)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table endpoints_revision, service_revision;
      alter table service drop column endpoints;
      alter table address_book drop column start_known;
    `);
  }
}
