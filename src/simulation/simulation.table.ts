import { EntitySchema } from 'typeorm';
import type { ConnectivityChange, Simulation, SimulationRequest } from './simulation.js';

const simulationKey = { primary: true, primaryKeyConstraintName: 'simulation_pkey' } as const;

type Stored = Simulation &
  SimulationRequest & {
    /** Deployments for which something changes, in recorded flows or over all pairs. */
    readonly concerned: readonly string[] | null;
    /** As `scopeKey` says it. */
    readonly scope: string;
  };

export const SimulationTable = new EntitySchema<Stored>({
  name: 'simulation',
  indices: [{ name: 'simulation_created', columns: ['createdAt', 'clusterId', 'id'] }],
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
    caller: { type: 'text', nullable: true },
    policies: { type: 'jsonb', nullable: true },
    assertions: { type: 'jsonb', nullable: true },
    concerned: { type: 'uuid', array: true, nullable: true },
    scope: { type: 'text', default: '' },
  },
});

type OfSimulation = { readonly clusterId: number; readonly simulationId: string };

const chunkKey = { primary: true, primaryKeyConstraintName: 'simulated_chunk_pkey' } as const;

/** Simulated flows of one class, in the order of their ids; no other chunk has flows between its own. */
type ChunkRow = OfSimulation & {
  readonly rank: number;
  /** The last of them, which keeps chunks in the order of the list. */
  readonly lastFlowId: string;
  readonly flowIds: readonly string[];
  /** Of each flow, as `outcomeOf` has it. */
  readonly outcomes: readonly number[];
};

export const SimulatedChunkTable = new EntitySchema<ChunkRow>({
  name: 'simulated_chunk',
  columns: {
    clusterId: { ...chunkKey, type: 'int', name: 'cluster_id' },
    simulationId: { ...chunkKey, type: 'uuid', name: 'simulation_id' },
    rank: { ...chunkKey, type: 'int' },
    lastFlowId: { ...chunkKey, type: 'uuid', name: 'last_flow_id' },
    flowIds: { type: 'uuid', name: 'flow_ids', array: true },
    outcomes: { type: 'smallint', array: true },
  },
  foreignKeys: [
    {
      target: 'simulation',
      name: 'simulated_chunk_simulation_fkey',
      columnNames: ['clusterId', 'simulationId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});

const spanKey = { primary: true, primaryKeyConstraintName: 'simulated_span_pkey' } as const;

/** What a flow was in hours in which its ends were not what they are now. */
type SpanRow = OfSimulation & {
  readonly flowId: string;
  readonly fromHour: string;
  readonly untilHour: string;
  readonly rank: number;
  readonly outcome: number;
  readonly judgedAt: string | null;
  readonly isAnswer: boolean;
};

export const SimulatedSpanTable = new EntitySchema<SpanRow>({
  name: 'simulated_span',
  columns: {
    clusterId: { ...spanKey, type: 'int', name: 'cluster_id' },
    simulationId: { ...spanKey, type: 'uuid', name: 'simulation_id' },
    flowId: { ...spanKey, type: 'uuid', name: 'flow_id' },
    fromHour: { ...spanKey, type: 'timestamptz', name: 'from_hour' },
    untilHour: { type: 'timestamptz', name: 'until_hour' },
    rank: { type: 'int' },
    outcome: { type: 'smallint' },
    judgedAt: { type: 'timestamptz', name: 'judged_at', nullable: true },
    isAnswer: { type: 'boolean', name: 'is_answer' },
  },
  foreignKeys: [
    {
      target: 'simulation',
      name: 'simulated_span_simulation_fkey',
      columnNames: ['clusterId', 'simulationId'],
      referencedColumnNames: ['clusterId', 'id'],
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
});
