import { EntitySchema } from 'typeorm';
import type { Revision } from './namespace.js';
import type { Peer } from './peer.js';

const primaryKey = { primary: true, primaryKeyConstraintName: 'peer_pkey' } as const;

export const PeerTable = new EntitySchema<Peer>({
  name: 'peer',
  columns: {
    clusterId: {
      ...primaryKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'peer_cluster_fkey' },
    },
    id: { ...primaryKey, type: 'uuid' },
    kind: { type: 'text' },
    naturalKey: { type: 'text', name: 'natural_key' },
    name: { type: 'text' },
    namespace: { type: 'text', nullable: true },
    workloadKind: { type: 'text', name: 'workload_kind', nullable: true },
    labels: { type: 'jsonb', nullable: true },
    ports: { type: 'jsonb', nullable: true },
    hostNetwork: { type: 'boolean', name: 'host_network', nullable: true },
    isolation: { type: 'text', nullable: true },
    inferred: { type: 'boolean' },
    address: { type: 'inet', nullable: true },
    cidr: { type: 'cidr', nullable: true },
    dnsName: { type: 'text', name: 'dns_name', nullable: true },
    entity: { type: 'text', nullable: true },
    reason: { type: 'text', nullable: true },
    aliasOf: { type: 'uuid', name: 'alias_of', nullable: true },
    firstSeenAt: { type: 'timestamptz', name: 'first_seen_at', nullable: true },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
  uniques: [{ name: 'peer_natural_key', columns: ['clusterId', 'kind', 'naturalKey'] }],
  indices: [
    { name: 'peer_namespace', columns: ['clusterId', 'namespace', 'name', 'id'] },
    ...[
      'peer_alias',
      'peer_label',
      'peer_name',
      'peer_address',
      'peer_other_name',
      'peer_other_seen',
      'peer_search',
      'peer_deployment_namespace',
      'peer_deployment_name',
      'peer_deployment_seen',
      'peer_deployment_isolation',
    ].map(name => ({
      name,
      synchronize: false as const,
    })),
  ],
});

type DeploymentRevision = Revision & {
  readonly clusterId: number;
  readonly deploymentId: string;
  readonly ports: unknown;
  readonly hostNetwork: boolean;
  readonly contentHash: string;
  readonly observedAt: string;
};

const revisionKey = {
  primary: true,
  primaryKeyConstraintName: 'deployment_revision_pkey',
} as const;

export const DeploymentRevisionTable = new EntitySchema<DeploymentRevision>({
  name: 'deployment_revision',
  columns: {
    clusterId: { ...revisionKey, type: 'int', name: 'cluster_id' },
    deploymentId: { ...revisionKey, type: 'uuid', name: 'deployment_id' },
    validFrom: { ...revisionKey, type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
    labels: { type: 'jsonb' },
    ports: { type: 'jsonb' },
    hostNetwork: { type: 'boolean', name: 'host_network' },
    contentHash: { type: 'text', name: 'content_hash' },
    source: { type: 'text' },
    observedAt: { type: 'timestamptz', name: 'observed_at' },
  },
  foreignKeys: [
    {
      target: 'peer',
      name: 'deployment_revision_fkey',
      columnNames: ['clusterId', 'deploymentId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});
