import { EntitySchema } from 'typeorm';
import type { Flow } from './flow.js';

const clusterId = { type: 'int', name: 'cluster_id', primary: true } as const;

export const FlowTable = new EntitySchema<Flow>({
  name: 'flow',
  columns: {
    clusterId: { ...clusterId, primaryKeyConstraintName: 'flow_pkey' },
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'flow_pkey' },
    sourceId: { type: 'uuid', name: 'source_id' },
    destinationId: { type: 'uuid', name: 'destination_id' },
    port: { type: 'int', nullable: true },
    protocol: { type: 'text' },
    servicePort: { type: 'int', name: 'service_port', nullable: true },
    trafficClass: { type: 'text', name: 'traffic_class' },
    firstSeenAt: { type: 'timestamptz', name: 'first_seen_at' },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at' },
    observedVerdict: { type: 'text', name: 'observed_verdict' },
    events: { type: 'bigint' },
    connections: { type: 'bigint', nullable: true },
    bytes: { type: 'bigint', nullable: true },
  },
  foreignKeys: [
    {
      target: 'peer',
      columnNames: ['clusterId', 'sourceId'],
      referencedColumnNames: ['clusterId', 'id'],
      name: 'flow_source_fkey',
    },
    {
      target: 'peer',
      columnNames: ['clusterId', 'destinationId'],
      referencedColumnNames: ['clusterId', 'id'],
      name: 'flow_destination_fkey',
    },
  ],
  uniques: [
    {
      name: 'flow_edge_key',
      columns: ['clusterId', 'sourceId', 'destinationId', 'port', 'protocol'],
    },
  ],
  indices: [
    { name: 'flow_last_seen', synchronize: false },
    { name: 'flow_destination', synchronize: false },
  ],
});
