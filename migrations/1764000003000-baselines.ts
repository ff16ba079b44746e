import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is normal for a deployment, with its history. */
export class Baselines1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table baseline (
        cluster_id int not null,
        deployment_id uuid not null,
        state text not null,
        version int not null,
        learned_since timestamptz,
        learned_until timestamptz,
        generated_at timestamptz not null,
        locked_at timestamptz,
        constraint baseline_pkey primary key (cluster_id, deployment_id),
        constraint baseline_deployment_fkey foreign key (cluster_id, deployment_id) references peer
      );

      create table baseline_entry (
        cluster_id int not null,
        deployment_id uuid not null,
        id uuid not null,
        direction text not null,
        peer_id uuid not null,
        port int,
        protocol text not null,
        first_seen_at timestamptz not null,
        last_seen_at timestamptz not null,
        events bigint not null,
        days int not null,
        constraint baseline_entry_pkey primary key (cluster_id, deployment_id, id),
        constraint baseline_entry_baseline_fkey foreign key (cluster_id, deployment_id) references baseline,
        constraint baseline_entry_peer_fkey foreign key (cluster_id, peer_id) references peer
      );

      create table baseline_revision (
        cluster_id int not null,
        deployment_id uuid not null,
        version int not null,
        valid_from timestamptz not null,
        valid_to timestamptz,
        state text not null,
        entries jsonb not null,
        content_hash text not null,
        source text not null,
        constraint baseline_revision_pkey primary key (cluster_id, deployment_id, version),
        constraint baseline_revision_fkey foreign key (cluster_id, deployment_id) references baseline
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table baseline_revision, baseline_entry, baseline');
  }
}
