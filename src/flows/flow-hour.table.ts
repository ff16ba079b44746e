import { EntitySchema } from 'typeorm';
import type { EdgeHour } from './edge.js';

type FlowHour = Omit<EdgeHour, 'hour' | 'verdict' | 'firstSeen' | 'lastSeen' | 'ends'> & {
  readonly clusterId: number;
  /** The hour and the observed verdict (`hour-slot.ts`). */
  readonly slot: number;
  readonly ends: readonly (string | null)[] | null;
};

const primaryKey = { primary: true, primaryKeyConstraintName: 'flow_hour_pkey' } as const;

/** Counts of an edge by hour and observed verdict; partitioned by day, which TypeORM cannot express. */
export const FlowHourTable = new EntitySchema<FlowHour>({
  name: 'flow_hour',
  columns: {
    clusterId: { ...primaryKey, type: 'int', name: 'cluster_id' },
    flowId: { ...primaryKey, type: 'uuid', name: 'flow_id' },
    slot: { ...primaryKey, type: 'int' },
    events: { type: 'bigint' },
    connections: { type: 'bigint', nullable: true },
    bytes: { type: 'bigint', nullable: true },
    ends: { type: 'bigint', array: true, nullable: true },
  },
  indices: [{ name: 'flow_hour_hour', synchronize: false }],
});
