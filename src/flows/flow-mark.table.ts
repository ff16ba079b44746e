import { EntitySchema } from 'typeorm';

type FlowVerdict = {
  readonly clusterId: number;
  readonly flowId: string;
  readonly epoch: string;
  readonly verdict: string;
  readonly governed: boolean;
  readonly basis: string;
};

type FlowBaseline = {
  readonly clusterId: number;
  readonly flowId: string;
  readonly inBaseline: boolean;
  readonly offLocked: boolean;
};

const ofFlow = (name: string) => ({
  target: 'flow',
  name,
  columnNames: ['clusterId', 'flowId'],
  referencedColumnNames: ['clusterId', 'id'],
  onDelete: 'CASCADE' as const,
});

const verdictKey = { primary: true, primaryKeyConstraintName: 'flow_verdict_pkey' } as const;

/** What the policies in force say of a flow, one row an epoch. */
export const FlowVerdictTable = new EntitySchema<FlowVerdict>({
  name: 'flow_verdict',
  columns: {
    clusterId: { ...verdictKey, type: 'int', name: 'cluster_id' },
    flowId: { ...verdictKey, type: 'uuid', name: 'flow_id' },
    epoch: { ...verdictKey, type: 'bigint' },
    verdict: { type: 'text' },
    governed: { type: 'boolean' },
    basis: { type: 'text' },
  },
  foreignKeys: [ofFlow('flow_verdict_flow_fkey')],
});

const baselineKey = { primary: true, primaryKeyConstraintName: 'flow_baseline_pkey' } as const;

/** What the baselines of its ends say of a flow. */
export const FlowBaselineTable = new EntitySchema<FlowBaseline>({
  name: 'flow_baseline',
  columns: {
    clusterId: { ...baselineKey, type: 'int', name: 'cluster_id' },
    flowId: { ...baselineKey, type: 'uuid', name: 'flow_id' },
    inBaseline: { type: 'boolean', name: 'in_baseline' },
    offLocked: { type: 'boolean', name: 'off_locked' },
  },
  foreignKeys: [ofFlow('flow_baseline_flow_fkey')],
});
