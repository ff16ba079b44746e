import { AuditResult } from './audit.js';
import type { AuditStore } from './audit.store.js';
import { type AuditKeeping, CheckpointKind, checkpointText, signed } from './checkpoint.js';

export type KeepAuditDeps = {
  readonly audit: Pick<AuditStore, 'head' | 'checkpoints' | 'addCheckpoint' | 'prune'>;
  readonly keeping: AuditKeeping;
  readonly now: () => Date;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const isoOf = (date: Date): string => date.toISOString().replace('Z', '000Z');

/** Once an hour, where entries have come since: what the last one is, signed, and told to whoever keeps it elsewhere. */
export async function checkpointAudit({ audit, keeping, now }: KeepAuditDeps): Promise<void> {
  const { seq, hash } = await audit.head();
  const last = (await audit.checkpoints()).at(-1);
  const at = now();
  if (seq === 0 || (last?.seq ?? 0) >= seq) return;
  if (last !== undefined && at.getTime() - Date.parse(last.at) < HOUR_MS) return;
  const made = signed(keeping.key, { kind: CheckpointKind.HEAD, seq, hash, at: isoOf(at) });
  if (await audit.addCheckpoint(made)) keeping.tell(checkpointText(made));
}

/** Drops what is older than the log is kept. A checkpoint and an entry say so, and the chain goes on from there. */
export async function pruneAudit({ audit, keeping, now }: KeepAuditDeps): Promise<void> {
  if (keeping.retentionDays === null) return;
  const at = isoOf(now());
  const before = isoOf(new Date(now().getTime() - keeping.retentionDays * DAY_MS));
  const pruned = await audit.prune(before, ({ seq, hash }) => ({
    checkpoint: signed(keeping.key, { kind: CheckpointKind.PRUNED, seq, hash, at }),
    line: {
      at,
      actor: null,
      principal: null,
      roles: [],
      address: null,
      requestId: 'nightly',
      action: 'pruneAuditLog',
      target: `entries to ${seq}`,
      result: AuditResult.DONE,
      detail: `older than ${keeping.retentionDays} days`,
    },
  }));
  if (pruned !== null) keeping.tell(checkpointText(pruned));
}
