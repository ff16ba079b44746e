import { EntitySchema } from 'typeorm';
import type { Flow } from './flow.js';
import type { FlowMarks } from './flow-view.js';

const clusterId = { type: 'int', name: 'cluster_id', primary: true } as const;

/** When `observedPolicies` were named. */
type Named = { readonly policiesNamedAt: string | null };

/** What is kept of flows while nothing proves who asked whom. */
type Opened = {
  readonly openPorts: readonly number[] | null;
  readonly openHints: number | null;
};

export const FlowTable = new EntitySchema<Flow & FlowMarks & Named & Opened>({
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
    outcomes: { type: 'smallint' },
    observedPolicies: { type: 'jsonb', name: 'observed_policies', nullable: true },
    policiesNamedAt: { type: 'timestamptz', name: 'policies_named_at', nullable: true },
    directionKnown: { type: 'boolean', name: 'direction_known', default: true },
    events: { type: 'bigint' },
    connections: { type: 'bigint', nullable: true },
    bytes: { type: 'bigint', nullable: true },
    policyVerdict: { type: 'text', name: 'policy_verdict', default: 'UNDECIDABLE' },
    governed: { type: 'boolean', default: false },
    policyBasis: { type: 'text', name: 'basis', default: 'missing-inventory' },
    inBaseline: { type: 'boolean', name: 'in_baseline', default: false },
    offLocked: { type: 'boolean', name: 'off_locked', default: false },
    directionBasis: { type: 'text', name: 'direction_basis', nullable: true },
    openPorts: { type: 'int', array: true, name: 'open_ports', nullable: true },
    openHints: { type: 'smallint', name: 'open_hints', nullable: true },
  },
  indices: [
    'flow_last_seen',
    'flow_first_seen',
    'flow_events',
    'flow_connections',
    'flow_bytes',
    'flow_port',
    'flow_source',
    'flow_destination',
    'flow_marks',
    'flow_open_source',
    'flow_open_destination',
  ].map(name => ({ name, synchronize: false })),
});
