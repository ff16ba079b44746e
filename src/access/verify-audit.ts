import { type AuditHead, breakOf, NO_ENTRY } from './audit.js';
import type { AuditRow, AuditStore } from './audit.store.js';
import {
  type Checkpoint,
  CheckpointKind,
  checkpointText,
  isGenuine,
  signed,
} from './checkpoint.js';

export type AuditVerification = {
  /** That were looked at. */
  readonly entries: number;
  /** A bigint, as text: those before it were dropped on purpose. */
  readonly first: string;
  /** Of the last one; that of no entry is zeros. Kept elsewhere, it shows whether the end was cut off. */
  readonly head: string;
  /** Says the same of `head`, signed; null: there is no entry, or a fault. */
  readonly checkpoint: string | null;
  /** Whether this server has a key that checkpoints are signed with. */
  readonly signed: boolean;
  /** What is wrong, first of all; null: nothing. */
  readonly fault: string | null;
};

type Stores = Pick<AuditStore, 'following' | 'checkpoints'>;

export type VerifyAuditDeps = {
  readonly audit: Stores;
  readonly key: string | null;
  /** ISO text. */
  readonly now: string;
  /** That somebody kept elsewhere; null: none. */
  readonly witness: Checkpoint | null;
};

const BATCH = 5_000;

/** The columns that lists are filtered by must say what was sealed. */
function columnsFault({
  seq,
  at,
  actor,
  principal,
  action,
  result,
  text,
}: AuditRow): string | null {
  const sealed = JSON.parse(text) as Record<string, unknown>;
  const same =
    sealed['at'] === at &&
    sealed['actor'] === actor &&
    (sealed['principal'] ?? null) === principal &&
    sealed['action'] === action &&
    sealed['result'] === result;
  return same ? null : `columns of entry ${seq} are not what was sealed`;
}

type Walked = { readonly head: AuditHead; readonly fault: string | null };

/** What checkpoints say of an entry; a second one for the same entry must say the same. */
const knownAt = (checkpoints: readonly Checkpoint[]): ReadonlyMap<number, readonly Checkpoint[]> =>
  Map.groupBy(checkpoints, ({ seq }) => seq);

const unlike = ({ seq, hash }: AuditHead, known: readonly Checkpoint[] = []): string | null => {
  const other = known.find(one => one.hash !== hash);
  return other === undefined
    ? null
    : `entry ${seq} is not the one that the checkpoint of ${other.at} knows`;
};

/** Holds every entry against the one before it, in their order. Reads all of them, some at a time. */
async function walk(
  { following }: Stores,
  start: AuditHead,
  checkpoints: readonly Checkpoint[],
): Promise<Walked> {
  const known = knownAt(checkpoints);
  let head = start;
  const unlikeStart = unlike(start, known.get(start.seq));
  if (unlikeStart !== null) return { head, fault: unlikeStart };
  for (;;) {
    const rows = await following(head.seq, BATCH);
    for (const row of rows) {
      const entry = { ...row, seq: Number(row.seq) };
      const fault =
        breakOf(head, entry) ?? columnsFault(row) ?? unlike(entry, known.get(entry.seq));
      if (fault !== null) return { head, fault };
      head = entry;
    }
    if (rows.length < BATCH) return { head, fault: null };
  }
}

/** The end is missing where a checkpoint knows more. */
function cutFault({ seq }: AuditHead, checkpoints: readonly Checkpoint[]): string | null {
  const last = checkpoints.reduce<Checkpoint | null>(
    (most, one) => (one.seq > (most?.seq ?? seq) ? one : most),
    null,
  );
  return last === null
    ? null
    : `entries ${seq + 1} to ${last.seq} are missing: the checkpoint of ${last.at} knows them`;
}

/** Where the log begins: after what was dropped last. */
const startOf = (checkpoints: readonly Checkpoint[]): AuditHead =>
  checkpoints
    .filter(({ kind }) => kind === CheckpointKind.PRUNED)
    .reduce<AuditHead>((last, one) => (one.seq > last.seq ? one : last), NO_ENTRY);

const forged = (key: string | null, checkpoints: readonly Checkpoint[]): string | null => {
  const one = checkpoints.find(
    checkpoint =>
      !isGenuine(key, checkpoint) &&
      (checkpoint.signature !== null || checkpoint.kind === CheckpointKind.PRUNED),
  );
  return one === undefined
    ? null
    : `the checkpoint of ${one.at} is not signed with the key of this server`;
};

/** Holds the log against itself, and against all that is known of it. */
export async function verifyAudit(deps: VerifyAuditDeps): Promise<AuditVerification> {
  const { audit, key, now, witness } = deps;
  const stored = await audit.checkpoints();
  const checkpoints = witness === null ? stored : [...stored, witness];
  const start = startOf(stored);
  const walked = await walk(audit, start, checkpoints);
  const { head } = walked;
  const fault = forged(key, checkpoints) ?? walked.fault ?? cutFault(head, checkpoints);
  const { seq, hash } = head;
  const isSealed = fault === null && seq > 0;
  return {
    entries: seq - start.seq,
    first: String(start.seq + 1),
    head: hash,
    checkpoint: isSealed
      ? checkpointText(signed(key, { kind: CheckpointKind.HEAD, seq, hash, at: now }))
      : null,
    signed: key !== null,
    fault,
  };
}
