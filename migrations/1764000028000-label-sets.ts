import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A deployment has as many label sets as its pods: which ones, since when, and which pod has which. */
export class LabelSets1764000028000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table label_set (
        cluster_id int not null constraint label_set_cluster_fkey references cluster,
        id uuid not null,
        labels jsonb not null,
        ports jsonb not null,
        host_network boolean not null,
        constraint label_set_pkey primary key (cluster_id, id)
      );

      create table deployment_label_set (
        cluster_id int not null,
        deployment_id uuid not null,
        label_set_id uuid not null,
        valid_from timestamptz not null,
        valid_to timestamptz,
        constraint deployment_label_set_pkey primary key (cluster_id, deployment_id, label_set_id, valid_from),
        constraint deployment_label_set_deployment_fkey foreign key (cluster_id, deployment_id) references peer,
        constraint deployment_label_set_set_fkey foreign key (cluster_id, label_set_id) references label_set
      );

      alter table pod
        add column label_set_id uuid,
        add column labelled_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pod drop column label_set_id, drop column labelled_at;
      drop table deployment_label_set, label_set;
    `);
  }
}
