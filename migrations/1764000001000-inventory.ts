import type { MigrationInterface, QueryRunner } from 'typeorm';

const CLUSTERS = `
  create table cluster (
    id int primary key,
    name text not null constraint cluster_name_key unique,
    created_at timestamptz not null,
    last_import_at timestamptz,
    last_ingest_at timestamptz,
    newest_observation_at timestamptz,
    verdict_epoch bigint not null default 0,
    pending_epoch bigint,
    retention_days int
  );

  create table namespace (
    cluster_id int not null constraint namespace_cluster_fkey references cluster,
    id uuid not null,
    name text not null,
    labels jsonb not null,
    inferred boolean not null,
    ended_at timestamptz,
    constraint namespace_pkey primary key (cluster_id, id),
    constraint namespace_name_key unique (cluster_id, name)
  );

  create table namespace_revision (
    cluster_id int not null,
    namespace_id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    labels jsonb not null,
    content_hash text not null,
    source text not null,
    observed_at timestamptz not null,
    constraint namespace_revision_pkey primary key (cluster_id, namespace_id, valid_from),
    constraint namespace_revision_fkey foreign key (cluster_id, namespace_id) references namespace
  );
`;

const PEERS = `
  create table peer (
    cluster_id int not null constraint peer_cluster_fkey references cluster,
    id uuid not null,
    kind text not null,
    natural_key text not null,
    name text not null,
    namespace text,
    workload_kind text,
    labels jsonb,
    ports jsonb,
    host_network boolean,
    inferred boolean not null,
    address inet,
    cidr cidr,
    dns_name text,
    entity text,
    reason text,
    alias_of uuid,
    first_seen_at timestamptz,
    ended_at timestamptz,
    constraint peer_pkey primary key (cluster_id, id),
    constraint peer_natural_key unique (cluster_id, kind, natural_key)
  );
  -- serves deployments.page and the graph of a namespace
  create index peer_namespace on peer (cluster_id, namespace, name, id);
  -- serves peers.merge and deployments.aliasesOf
  create index peer_alias on peer (cluster_id, alias_of) where alias_of is not null;

  create table deployment_revision (
    cluster_id int not null,
    deployment_id uuid not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    labels jsonb not null,
    ports jsonb not null,
    host_network boolean not null,
    content_hash text not null,
    source text not null,
    observed_at timestamptz not null,
    constraint deployment_revision_pkey primary key (cluster_id, deployment_id, valid_from),
    constraint deployment_revision_fkey foreign key (cluster_id, deployment_id) references peer
  );
`;

const PODS = `
  create table pod (
    cluster_id int not null,
    id uuid not null,
    namespace text not null,
    name text not null,
    deployment_id uuid not null,
    node text,
    host_network boolean not null,
    started_at timestamptz,
    ended_at timestamptz,
    constraint pod_pkey primary key (cluster_id, id),
    constraint pod_name_key unique (cluster_id, namespace, name),
    constraint pod_deployment_fkey foreign key (cluster_id, deployment_id) references peer
  );
  -- serves deployments.podsOf and peers.merge
  create index pod_deployment on pod (cluster_id, deployment_id);

  create table address_book (
    cluster_id int not null,
    address inet not null,
    holder text not null,
    holder_name text not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    peer_id uuid,
    constraint address_book_pkey primary key (cluster_id, address, holder, holder_name, valid_from),
    constraint address_book_peer_fkey foreign key (cluster_id, peer_id) references peer
  );
  -- serves snapshots.releaseAddresses
  create index address_book_holder on address_book (cluster_id, holder_name);
  -- serves deployments.podsOf and peers.merge
  create index address_book_peer on address_book (cluster_id, peer_id);

  create table service (
    cluster_id int not null constraint service_cluster_fkey references cluster,
    id uuid not null,
    namespace text not null,
    name text not null,
    type text not null,
    cluster_ips jsonb not null,
    external_ips jsonb not null,
    ports jsonb not null,
    selector jsonb,
    content_hash text not null,
    valid_from timestamptz not null,
    ended_at timestamptz,
    constraint service_pkey primary key (cluster_id, id),
    constraint service_name_key unique (cluster_id, namespace, name)
  );

  create table inventory_import (
    cluster_id int not null constraint inventory_import_cluster_fkey references cluster,
    key text not null,
    content_hash text not null,
    recorded_at timestamptz not null,
    outcome jsonb not null,
    constraint inventory_import_pkey primary key (cluster_id, key)
  );

  create table cluster_setting (
    cluster_id int not null constraint cluster_setting_cluster_fkey references cluster,
    name text not null,
    value jsonb not null,
    constraint cluster_setting_pkey primary key (cluster_id, name)
  );
`;

/** Clusters, namespaces, peers, pods and which address was whose, when. */
export class Inventory1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [CLUSTERS, PEERS, PODS]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table cluster_setting, inventory_import, service, address_book, pod, deployment_revision, peer, namespace_revision, namespace, cluster',
    );
  }
}
