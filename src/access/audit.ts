import { createHash } from 'node:crypto';

export const AuditResult = {
  DONE: 'DONE',
  /** Nothing was done: the input has an ERROR. */
  REJECTED: 'REJECTED',
  /** The caller may not, or nobody knows who it is. */
  REFUSED: 'REFUSED',
  /** Something broke. */
  FAILED: 'FAILED',
  /** The server ended before it could say. */
  UNKNOWN: 'UNKNOWN',
} as const;
export type AuditResult = (typeof AuditResult)[keyof typeof AuditResult];

/** What somebody wants to do, before it is done. Named fields: never what a request carried. */
export type AuditedAct = {
  /** ISO text. */
  readonly at: string;
  /** Name of the caller; null: nobody known. */
  readonly actor: string | null;
  /** Who it is, whatever the name: several tokens may have one. Null: nobody known. */
  readonly principal: string | null;
  readonly roles: readonly string[];
  readonly address: string | null;
  readonly requestId: string;
  /** Such as `lockBaselines`. */
  readonly action: string;
  /** What it is done to, such as `cluster lab`; null: nothing that has a name. */
  readonly target: string | null;
};

export type AuditLine = AuditedAct & {
  readonly result: AuditResult;
  /** A few words; null: nothing to add. */
  readonly detail: string | null;
};

/** One line of the log in the chain. */
export type AuditEntry = AuditLine & {
  /** From 1, without gaps. */
  readonly seq: number;
  /** What the hash is of, beside the hash before. */
  readonly text: string;
  readonly prev: string;
  readonly hash: string;
};

/** Before the first entry. */
export const FIRST_PREV = '0'.repeat(64);

/** The line as it is sealed: always these fields, in this order. */
export const auditText = (seq: number, line: AuditLine): string =>
  JSON.stringify({
    seq,
    at: line.at,
    actor: line.actor,
    principal: line.principal,
    roles: line.roles,
    address: line.address,
    requestId: line.requestId,
    action: line.action,
    target: line.target,
    result: line.result,
    detail: line.detail,
  });

export const auditHash = (prev: string, text: string): string =>
  createHash('sha256').update(`weirgate-audit-v1\0${prev}\0${text}`).digest('hex');

type Sealed = Pick<AuditEntry, 'seq' | 'text' | 'prev' | 'hash'>;

/** What the next entry follows on. */
export type AuditHead = { readonly seq: number; readonly hash: string };

export const NO_ENTRY: AuditHead = { seq: 0, hash: FIRST_PREV };

/** What is wrong with an entry that should follow on the head; null: nothing. */
export function breakOf(head: AuditHead, { seq, text, prev, hash }: Sealed): string | null {
  if (seq !== head.seq + 1) return `entry ${head.seq + 1} is missing`;
  if (prev !== head.hash) return `entry ${seq} does not follow on the one before it`;
  if (auditHash(prev, text) !== hash) return `entry ${seq} is not what was sealed`;
  return (JSON.parse(text) as { seq: unknown }).seq === seq ? null : `entry ${seq} was moved`;
}
