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
  readonly externalName: string | null;
  readonly hostnames: unknown;
  readonly endpoints: unknown;
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
    externalName: { type: 'text', name: 'external_name', nullable: true },
    hostnames: { type: 'jsonb', nullable: true },
    endpoints: { type: 'jsonb', nullable: true },
    contentHash: { type: 'text', name: 'content_hash' },
    validFrom: { type: 'timestamptz', name: 'valid_from' },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
  uniques: [{ name: 'service_name_key', columns: ['clusterId', 'namespace', 'name'] }],
});

type Revised = {
  readonly clusterId: number;
  readonly serviceId: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly contentHash: string;
  readonly source: string;
  readonly observedAt: string;
};

type ServiceRevision = Revised &
  Pick<
    Service,
    'type' | 'clusterIps' | 'externalIps' | 'ports' | 'selector' | 'externalName' | 'hostnames'
  >;

const TIMES = {
  validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
} as const;

const ORIGIN = {
  contentHash: { type: 'text', name: 'content_hash' },
  source: { type: 'text' },
  observedAt: { type: 'timestamptz', name: 'observed_at' },
} as const;

const revisionKey = { primary: true, primaryKeyConstraintName: 'service_revision_pkey' } as const;

export const ServiceRevisionTable = new EntitySchema<ServiceRevision>({
  name: 'service_revision',
  columns: {
    clusterId: { ...revisionKey, type: 'int', name: 'cluster_id' },
    serviceId: { ...revisionKey, type: 'uuid', name: 'service_id' },
    validFrom: { ...revisionKey, type: 'timestamptz', name: 'valid_from' },
    ...TIMES,
    type: { type: 'text' },
    clusterIps: { type: 'jsonb', name: 'cluster_ips' },
    externalIps: { type: 'jsonb', name: 'external_ips' },
    ports: { type: 'jsonb' },
    selector: { type: 'jsonb', nullable: true },
    externalName: { type: 'text', name: 'external_name', nullable: true },
    hostnames: { type: 'jsonb', nullable: true },
    ...ORIGIN,
  },
  foreignKeys: [
    {
      target: 'service',
      name: 'service_revision_fkey',
      columnNames: ['clusterId', 'serviceId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});

type EndpointsRevision = Revised & Pick<Service, 'namespace' | 'name' | 'endpoints'>;

const endpointsKey = {
  primary: true,
  primaryKeyConstraintName: 'endpoints_revision_pkey',
} as const;

/** Where a Service without a selector leads; its object may be shown without the Service's. */
export const EndpointsRevisionTable = new EntitySchema<EndpointsRevision>({
  name: 'endpoints_revision',
  columns: {
    clusterId: {
      ...endpointsKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'endpoints_revision_cluster_fkey' },
    },
    serviceId: { ...endpointsKey, type: 'uuid', name: 'service_id' },
    validFrom: { ...endpointsKey, type: 'timestamptz', name: 'valid_from' },
    ...TIMES,
    namespace: { type: 'text' },
    name: { type: 'text' },
    endpoints: { type: 'jsonb' },
    ...ORIGIN,
  },
});
