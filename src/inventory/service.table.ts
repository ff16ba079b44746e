import { EntitySchema } from 'typeorm';

type Service = {
  readonly clusterId: number;
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly clusterIps: unknown;
  readonly externalIps: unknown;
  readonly ports: unknown;
  readonly selector: unknown;
  readonly contentHash: string;
  readonly validFrom: string;
  readonly endedAt: string | null;
};

const serviceKey = { primary: true, primaryKeyConstraintName: 'service_pkey' } as const;

export const ServiceTable = new EntitySchema<Service>({
  name: 'service',
  columns: {
    clusterId: {
      ...serviceKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'service_cluster_fkey' },
    },
    id: { ...serviceKey, type: 'uuid' },
    namespace: { type: 'text' },
    name: { type: 'text' },
    type: { type: 'text' },
    clusterIps: { type: 'jsonb', name: 'cluster_ips' },
    externalIps: { type: 'jsonb', name: 'external_ips' },
    ports: { type: 'jsonb' },
    selector: { type: 'jsonb', nullable: true },
    contentHash: { type: 'text', name: 'content_hash' },
    validFrom: { type: 'timestamptz', name: 'valid_from' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
  uniques: [{ name: 'service_name_key', columns: ['clusterId', 'namespace', 'name'] }],
});
