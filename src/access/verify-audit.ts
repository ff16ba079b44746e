import { type AuditHead, breakOf, NO_ENTRY } from './audit.js';
import type { AuditRow, AuditStore } from './audit.store.js';

export type AuditVerification = {
  /** That were looked at. */
  readonly entries: number;
  /** Of the last one; that of no entry is zeros. Kept elsewhere, it shows whether the end was cut off. */
  readonly head: string;
  /** What is wrong, first of all; null: nothing. */
  readonly fault: string | null;
};

const BATCH = 5_000;

/** The columns that lists are filtered by must say what was sealed. */
function columnsFault({ seq, at, actor, action, result, text }: AuditRow): string | null {
  const sealed = JSON.parse(text) as Record<string, unknown>;
  const same =
    sealed['at'] === at &&
    sealed['actor'] === actor &&
    sealed['action'] === action &&
    sealed['result'] === result;
  return same ? null : `columns of entry ${seq} are not what was sealed`;
}

/** Holds every entry against the one before it, in their order. Reads all of them, some at a time. */
export async function verifyAudit({
  following,
}: Pick<AuditStore, 'following'>): Promise<AuditVerification> {
  let head: AuditHead = NO_ENTRY;
  for (;;) {
    const rows = await following(head.seq, BATCH);
    for (const row of rows) {
      const entry = { ...row, seq: Number(row.seq) };
      const fault = breakOf(head, entry) ?? columnsFault(row);
      if (fault !== null) return { entries: head.seq, head: head.hash, fault };
      head = entry;
    }
    if (rows.length < BATCH) return { entries: head.seq, head: head.hash, fault: null };
  }
}
