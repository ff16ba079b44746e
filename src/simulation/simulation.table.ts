import { EntitySchema } from 'typeorm';
import type {
  ConnectivityChange,
  SimulatedFlow,
  Simulation,
  SimulationRequest,
} from './simulation.js';

const simulationKey = { primary: true, primaryKeyConstraintName: 'simulation_pkey' } as const;

export const SimulationTable = new EntitySchema<Simulation & SimulationRequest>({
  name: 'simulation',
  columns: {
    clusterId: {
      ...simulationKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'simulation_cluster_fkey' },
    },
    id: { ...simulationKey, type: 'uuid' },
    status: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    finishedAt: { type: 'timestamptz', name: 'finished_at', nullable: true },
    since: { type: 'timestamptz', nullable: true },
    until: { type: 'timestamptz', nullable: true },
    request: { type: 'jsonb' },
    candidate: { type: 'jsonb', nullable: true },
    summary: { type: 'jsonb', nullable: true },
    days: { type: 'jsonb', nullable: true },
    findings: { type: 'jsonb', nullable: true },
    completeness: { type: 'jsonb', nullable: true },
    error: { type: 'text', nullable: true },
  },
});

type OfSimulation = { readonly clusterId: number; readonly simulationId: string };

const ofSimulation = (name: string) => ({
  target: 'simulation',
  name,
  columnNames: ['clusterId', 'simulationId'],
  referencedColumnNames: ['clusterId', 'id'],
});

const flowKey = { primary: true, primaryKeyConstraintName: 'simulated_flow_pkey' } as const;

export const SimulatedFlowTable = new EntitySchema<
  SimulatedFlow & OfSimulation & { readonly rank: number }
>({
  name: 'simulated_flow',
  columns: {
    clusterId: { ...flowKey, type: 'int', name: 'cluster_id' },
    simulationId: { ...flowKey, type: 'uuid', name: 'simulation_id' },
    rank: { ...flowKey, type: 'int' },
    flowId: { ...flowKey, type: 'uuid', name: 'flow_id' },
    class: { type: 'text' },
    before: { type: 'text' },
    after: { type: 'text' },
  },
  indices: [{ name: 'simulated_flow_flow', columns: ['clusterId', 'flowId'] }],
  foreignKeys: [
    ofSimulation('simulated_flow_simulation_fkey'),
    {
      target: 'flow',
      name: 'simulated_flow_flow_fkey',
      columnNames: ['clusterId', 'flowId'],
      referencedColumnNames: ['clusterId', 'id'],
      onDelete: 'CASCADE',
    },
  ],
});

type ChangeRow = ConnectivityChange & OfSimulation & { readonly position: number };

const changeKey = { primary: true, primaryKeyConstraintName: 'connectivity_change_pkey' } as const;

export const ConnectivityChangeTable = new EntitySchema<ChangeRow>({
  name: 'connectivity_change',
  columns: {
    clusterId: { ...changeKey, type: 'int', name: 'cluster_id' },
    simulationId: { ...changeKey, type: 'uuid', name: 'simulation_id' },
    position: { ...changeKey, type: 'int' },
    source: { type: 'text' },
    destination: { type: 'text' },
    newlyAllowed: { type: 'text', name: 'newly_allowed', nullable: true },
    newlyBlocked: { type: 'text', name: 'newly_blocked', nullable: true },
  },
  foreignKeys: [ofSimulation('connectivity_change_simulation_fkey')],
});
