import { createHmac, timingSafeEqual } from 'node:crypto';
import { badInput } from '../query/api-error.js';
import type { AuditHead } from './audit.js';

export const CheckpointKind = {
  /** What the last entry was at that moment. */
  HEAD: 'HEAD',
  /** Everything up to this entry was dropped on purpose. */
  PRUNED: 'PRUNED',
} as const;
export type CheckpointKind = (typeof CheckpointKind)[keyof typeof CheckpointKind];

/** That the log had an entry `seq` with this hash. */
export type Checkpoint = AuditHead & {
  readonly kind: CheckpointKind;
  /** ISO text. */
  readonly at: string;
  /** Hex; null: this server has no key. */
  readonly signature: string | null;
};

/** How a server keeps its audit log. */
export type AuditKeeping = {
  /** Of the environment, and so not of the database; null: checkpoints are not signed. */
  readonly key: string | null;
  /** Entries are dropped when they are older; null: never. */
  readonly retentionDays: number | null;
  /** Hears of each checkpoint: where it is written down outside of the database it shows what is missing there. */
  readonly tell: (checkpoint: string) => void;
};

export const KEPT_FOR_EVER: AuditKeeping = { key: null, retentionDays: null, tell: () => {} };

type Unsigned = Omit<Checkpoint, 'signature'>;

const signatureOf = (key: string, { kind, seq, hash, at }: Unsigned): string =>
  createHmac('sha256', createHmac('sha256', key).update('audit checkpoints').digest())
    .update(['weirgate-audit-checkpoint-v1', kind, seq, hash, at].join('\0'))
    .digest('hex');

export const signed = (key: string | null, one: Unsigned): Checkpoint => ({
  ...one,
  signature: key === null ? null : signatureOf(key, one),
});

const equal = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** Whether it was signed with the key; without a key nothing can be said against it. */
export const isGenuine = (key: string | null, one: Checkpoint): boolean =>
  key === null || (one.signature !== null && equal(one.signature, signatureOf(key, one)));

const MARK = 'weirgate-audit-v1';

/** One word, to be kept elsewhere. */
export const checkpointText = ({ kind, seq, hash, at, signature }: Checkpoint): string =>
  [MARK, kind, seq, hash, at, signature ?? 'unsigned'].join('/');

const WRITTEN =
  /^weirgate-audit-v1\/(HEAD|PRUNED)\/(\d{1,15})\/([0-9a-f]{64})\/([\dT:.Z-]{20,30})\/([0-9a-f]{64}|unsigned)$/;

/** @throws ApiError BAD_USER_INPUT for what is none */
export function checkpointIn(text: string): Checkpoint {
  const [, kind, seq, hash = '', at = '', signature] = WRITTEN.exec(text.trim()) ?? [];
  if (kind === undefined)
    throw badInput(
      '`checkpoint` is not one that `audit verify` printed: look for a missing character',
    );
  return {
    kind: kind as CheckpointKind,
    seq: Number(seq),
    hash,
    at,
    signature: signature === undefined || signature === 'unsigned' ? null : signature,
  };
}
