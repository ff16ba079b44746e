import { EntitySchema } from 'typeorm';
import type { Baseline, BaselineEntry } from './baseline.js';

const baselineKey = { primary: true, primaryKeyConstraintName: 'baseline_pkey' } as const;

export const BaselineTable = new EntitySchema<Baseline>({
  name: 'baseline',
  columns: {
    clusterId: { ...baselineKey, type: 'int', name: 'cluster_id' },
    deploymentId: { ...baselineKey, type: 'uuid', name: 'deployment_id' },
    state: { type: 'text' },
    version: { type: 'int' },
    learnedSince: { type: 'timestamptz', name: 'learned_since', nullable: true },
    learnedUntil: { type: 'timestamptz', name: 'learned_until', nullable: true },
    generatedAt: { type: 'timestamptz', name: 'generated_at' },
    lockedAt: { type: 'timestamptz', name: 'locked_at', nullable: true },
    continuous: { type: 'boolean', default: false },
    coveredHours: { type: 'int', name: 'covered_hours', default: 0 },
    quietHours: { type: 'int', name: 'quiet_hours', default: 0 },
    events: { type: 'bigint', default: 0 },
    stableSince: { type: 'timestamptz', name: 'stable_since', nullable: true },
    lastNewAt: { type: 'timestamptz', name: 'last_new_at', nullable: true },
    reopenedAt: { type: 'timestamptz', name: 'reopened_at', nullable: true },
    relock: { type: 'boolean', default: false },
  },
  foreignKeys: [
    {
      target: 'peer',
      name: 'baseline_deployment_fkey',
      columnNames: ['clusterId', 'deploymentId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});

const ofBaseline = (name: string) => ({
  target: 'baseline',
  name,
  columnNames: ['clusterId', 'deploymentId'],
  referencedColumnNames: ['clusterId', 'deploymentId'],
});

type EntryRow = BaselineEntry & { readonly clusterId: number; readonly deploymentId: string };

const entryKey = { primary: true, primaryKeyConstraintName: 'baseline_entry_pkey' } as const;

export const BaselineEntryTable = new EntitySchema<EntryRow>({
  name: 'baseline_entry',
  columns: {
    clusterId: { ...entryKey, type: 'int', name: 'cluster_id' },
    deploymentId: { ...entryKey, type: 'uuid', name: 'deployment_id' },
    id: { ...entryKey, type: 'uuid' },
    direction: { type: 'text' },
    peerId: { type: 'uuid', name: 'peer_id' },
    port: { type: 'int', nullable: true },
    protocol: { type: 'text' },
    firstSeenAt: { type: 'timestamptz', name: 'first_seen_at' },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at' },
    events: { type: 'bigint' },
    days: { type: 'int' },
    status: { type: 'text', default: 'OBSERVED' },
    hours: { type: 'int', nullable: true },
    pattern: { type: 'text', nullable: true },
    statusAt: { type: 'timestamptz', name: 'status_at', nullable: true },
    statusBy: { type: 'text', name: 'status_by', nullable: true },
    reason: { type: 'text', nullable: true },
  },
  indices: [
    { name: 'baseline_entry_peer', columns: ['clusterId', 'peerId', 'deploymentId'] },
    {
      name: 'baseline_entry_forbidden',
      columns: ['clusterId', 'deploymentId'],
      where: "status = 'FORBIDDEN'",
    },
  ],
  foreignKeys: [
    ofBaseline('baseline_entry_baseline_fkey'),
    {
      target: 'peer',
      name: 'baseline_entry_peer_fkey',
      columnNames: ['clusterId', 'peerId'],
      referencedColumnNames: ['clusterId', 'id'],
    },
  ],
});

type BaselineRevision = {
  readonly clusterId: number;
  readonly deploymentId: string;
  readonly version: number;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly state: string;
  readonly entries: unknown;
  readonly contentHash: string;
  readonly source: string;
  readonly who: string | null;
  readonly why: string | null;
};

const revisionKey = { primary: true, primaryKeyConstraintName: 'baseline_revision_pkey' } as const;

export const BaselineRevisionTable = new EntitySchema<BaselineRevision>({
  name: 'baseline_revision',
  columns: {
    clusterId: { ...revisionKey, type: 'int', name: 'cluster_id' },
    deploymentId: { ...revisionKey, type: 'uuid', name: 'deployment_id' },
    version: { ...revisionKey, type: 'int' },
    validFrom: { type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to', nullable: true },
    state: { type: 'text' },
    entries: { type: 'jsonb' },
    contentHash: { type: 'text', name: 'content_hash' },
    source: { type: 'text' },
    who: { type: 'text', nullable: true },
    why: { type: 'text', nullable: true },
  },
  foreignKeys: [ofBaseline('baseline_revision_fkey')],
});

type Reach = {
  readonly clusterId: number;
  readonly deploymentId: string;
  readonly direction: string;
  readonly protocol: string;
  /** -1: none. */
  readonly port: number;
  /** `name:DNS`, `block:NAME`, `any`, `nodes`, or `ports:PEER`. */
  readonly key: string;
  readonly addresses: number;
};

const reachKey = { primary: true, primaryKeyConstraintName: 'baseline_reach_pkey' } as const;

export const BaselineReachTable = new EntitySchema<Reach>({
  name: 'baseline_reach',
  columns: {
    clusterId: { ...reachKey, type: 'int', name: 'cluster_id' },
    deploymentId: { ...reachKey, type: 'uuid', name: 'deployment_id' },
    direction: { ...reachKey, type: 'text' },
    protocol: { ...reachKey, type: 'text' },
    port: { ...reachKey, type: 'int' },
    key: { ...reachKey, type: 'text' },
    addresses: { type: 'int' },
  },
  foreignKeys: [{ ...ofBaseline('baseline_reach_baseline_fkey'), onDelete: 'CASCADE' }],
});
