import type { MigrationInterface, QueryRunner } from 'typeorm';

const POLICIES = `
  create table policy (
    cluster_id int not null constraint policy_cluster_fkey references cluster,
    id uuid not null,
    source text not null,
    kind text not null,
    namespace text,
    name text not null,
    document jsonb not null,
    yaml text not null,
    content_hash text not null,
    valid_from timestamptz not null,
    ended_at timestamptz,
    constraint policy_pkey primary key (cluster_id, id)
  );
  -- serves policies.page
  create index policy_name on policy (cluster_id, namespace, name, id);

  create table policy_revision (
    cluster_id int not null,
    policy_id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    document jsonb not null,
    yaml text not null,
    content_hash text not null,
    source text not null,
    constraint policy_revision_pkey primary key (cluster_id, policy_id, valid_from),
    constraint policy_revision_fkey foreign key (cluster_id, policy_id) references policy
  );

  create table policy_set (
    cluster_id int not null constraint policy_set_cluster_fkey references cluster,
    id uuid not null,
    name text not null,
    version int not null,
    origin text not null,
    created_at timestamptz not null,
    request jsonb not null,
    constraint policy_set_pkey primary key (cluster_id, id),
    constraint policy_set_name_key unique (cluster_id, name, version)
  );

  create table policy_set_item (
    cluster_id int not null,
    policy_set_id uuid not null,
    position int not null,
    kind text not null,
    namespace text,
    name text not null,
    deployment_id uuid,
    document jsonb not null,
    yaml text not null,
    rules jsonb not null,
    constraint policy_set_item_pkey primary key (cluster_id, policy_set_id, position),
    constraint policy_set_item_set_fkey foreign key (cluster_id, policy_set_id) references policy_set
  );
`;

const SIMULATIONS = `
  create table simulation (
    cluster_id int not null constraint simulation_cluster_fkey references cluster,
    id uuid not null,
    status text not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    since timestamptz,
    until timestamptz,
    request jsonb not null,
    summary jsonb,
    days jsonb,
    findings jsonb,
    completeness jsonb,
    error text,
    constraint simulation_pkey primary key (cluster_id, id)
  );

  create table simulated_flow (
    cluster_id int not null,
    simulation_id uuid not null,
    flow_id uuid not null,
    class text not null,
    before text not null,
    after text not null,
    explanation jsonb not null,
    constraint simulated_flow_pkey primary key (cluster_id, simulation_id, flow_id),
    constraint simulated_flow_simulation_fkey foreign key (cluster_id, simulation_id) references simulation,
    constraint simulated_flow_flow_fkey foreign key (cluster_id, flow_id) references flow on delete cascade
  );

  create table connectivity_change (
    cluster_id int not null,
    simulation_id uuid not null,
    position int not null,
    source text not null,
    destination text not null,
    newly_allowed text,
    newly_blocked text,
    constraint connectivity_change_pkey primary key (cluster_id, simulation_id, position),
    constraint connectivity_change_simulation_fkey foreign key (cluster_id, simulation_id) references simulation
  );
`;

/** Live policies with their history, policy sets, simulations. */
export class Policies1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [POLICIES, SIMULATIONS]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table connectivity_change, simulated_flow, simulation, policy_set_item, policy_set, policy_revision, policy',
    );
  }
}
