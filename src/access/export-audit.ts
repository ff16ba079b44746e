import { badInput } from '../query/api-error.js';
import type { AuditStore } from './audit.store.js';

export type AuditExport = {
  /** One JSON object each: `seq`, `prev`, `hash`, `text`. */
  readonly lines: readonly string[];
  /** Where the next part goes on; null: that was the end. */
  readonly next: string | null;
};

const BATCH = 5_000;

/** A part of the log in its order, as it was sealed. @param after a bigint, as text */
export async function exportAudit(
  { following }: Pick<AuditStore, 'following'>,
  after: string,
): Promise<AuditExport> {
  const place = Number(after);
  if (!Number.isSafeInteger(place) || place < 0) throw badInput('`after` is no `seq` of an entry');
  const rows = await following(place, BATCH);
  return {
    lines: rows.map(({ seq, prev, hash, text }) => JSON.stringify({ seq, prev, hash, text })),
    next: rows.length < BATCH ? null : (rows.at(-1)?.seq ?? null),
  };
}
