import { EntitySchema } from 'typeorm';
import type { AuditEntry, AuditedAct } from './audit.js';
import type { Checkpoint } from './checkpoint.js';

type StoredEntry = Pick<
  AuditEntry,
  'seq' | 'at' | 'actor' | 'principal' | 'action' | 'result' | 'text' | 'prev' | 'hash'
>;

/** The columns beside `text` repeat what it says, for lists; `audit verify` holds them against it. */
export const AuditEntryTable = new EntitySchema<StoredEntry>({
  name: 'audit_entry',
  columns: {
    seq: { type: 'bigint', primary: true, primaryKeyConstraintName: 'audit_entry_pkey' },
    at: { type: 'timestamptz' },
    actor: { type: 'text', nullable: true },
    principal: { type: 'text', nullable: true },
    action: { type: 'text' },
    result: { type: 'text' },
    text: { type: 'text' },
    prev: { type: 'text' },
    hash: { type: 'text' },
  },
  uniques: [{ name: 'audit_entry_prev_key', columns: ['prev'] }],
  indices: [{ name: 'audit_entry_principal', synchronize: false }],
});

/** What the log was at moments. */
export const AuditCheckpointTable = new EntitySchema<Checkpoint>({
  name: 'audit_checkpoint',
  columns: {
    seq: { type: 'bigint', primary: true, primaryKeyConstraintName: 'audit_checkpoint_pkey' },
    kind: { type: 'text', primary: true, primaryKeyConstraintName: 'audit_checkpoint_pkey' },
    hash: { type: 'text' },
    at: { type: 'timestamptz' },
    signature: { type: 'text', nullable: true },
  },
});

type PendingAct = { readonly id: string; readonly begunAt: string; readonly act: AuditedAct };

/** What is being done, so that a server that is killed meanwhile leaves a trace of it. */
export const AuditPendingTable = new EntitySchema<PendingAct>({
  name: 'audit_pending',
  columns: {
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'audit_pending_pkey' },
    begunAt: { type: 'timestamptz', name: 'begun_at' },
    act: { type: 'jsonb' },
  },
});
