import { randomUUID } from 'node:crypto';
import { unhurried } from '../database/deadline.js';
import { ApiError, ErrorCode } from '../query/api-error.js';
import { storable } from '../query/storable.js';
import { type AuditedAct, AuditResult } from './audit.js';
import type { AuditStore } from './audit.store.js';
import { type Caller, principalOf } from './caller.js';

/** From where something is asked. */
export type Origin = {
  readonly caller: Caller;
  readonly address: string | null;
  readonly requestId: string;
};

export type AuditDeps = {
  readonly audit: Pick<AuditStore, 'begin' | 'append' | 'abandoned'>;
  /** ISO text. */
  readonly now: () => string;
};

export type Wanted = { readonly action: string; readonly target: string | null };

/** What is written down of who asks for what. */
export const actOf = (
  { caller, address, requestId }: Origin,
  { action, target }: Wanted,
  at: string,
): AuditedAct => ({
  at,
  actor: caller.name,
  principal: principalOf(caller),
  roles: caller.roles,
  address,
  requestId,
  action,
  target: target === null ? null : storable(target),
});

type Ended = { readonly result: AuditResult; readonly detail: string | null };

const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  (error.code === ErrorCode.FORBIDDEN || error.code === ErrorCode.UNAUTHENTICATED);

/** What came of it, when it threw. Messages of our own hold names, never what a request carried. */
function failureOf(error: unknown): Ended {
  if (isRefusal(error)) return { result: AuditResult.REFUSED, detail: error.message };
  if (error instanceof ApiError) return { result: AuditResult.REJECTED, detail: error.code };
  return { result: AuditResult.FAILED, detail: null };
}

type Problems = readonly { readonly severity: string; readonly code: string }[];

function outcomeOf(answer: unknown, note: string | null): Ended {
  const problems =
    typeof answer === 'object' && answer !== null && 'problems' in answer
      ? (answer.problems as Problems)
      : [];
  const error = problems.find(({ severity }) => severity === 'ERROR');
  if (error === undefined) return { result: AuditResult.DONE, detail: note };
  return { result: AuditResult.REJECTED, detail: error.code };
}

/**
 * Does something, and writes down who did what and what came of it. That it began is written first: a server that is
 * killed meanwhile leaves a line too.
 * @param work may give a note that the log has beside what was done
 * @throws what `work` throws, and what the store throws: what cannot be written down is not done
 */
export async function audited<T>(
  { audit, now }: AuditDeps,
  origin: Origin,
  wanted: Wanted,
  work: (note: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const id = randomUUID();
  const act = actOf(origin, wanted, now());
  await audit.begin(id, act);
  // Also where nobody waits any more.
  const end = (ended: Ended): Promise<void> =>
    unhurried(() => audit.append([{ ...act, ...ended }], [id]));
  try {
    let note: string | null = null;
    const answer = await work(detail => {
      note = detail;
    });
    await end(outcomeOf(answer, note));
    return answer;
  } catch (error) {
    await end(failureOf(error)).catch(() => {
      // The line stays pending, and is told as UNKNOWN later; what went wrong first is what the caller hears.
    });
    throw error;
  }
}

/** Minutes after which what has not ended is taken for abandoned: longer than any request may take. */
const ABANDONED_MINUTES = 60;

/** Tells of what servers that were killed had begun. */
export async function tellAbandoned({ audit }: Pick<AuditDeps, 'audit'>): Promise<void> {
  const left = await audit.abandoned(ABANDONED_MINUTES);
  if (left.length === 0) return;
  const ended = { result: AuditResult.UNKNOWN, detail: 'the server ended before it could say' };
  await audit.append(
    left.map(({ act }) => ({ ...act, ...ended })),
    left.map(({ id }) => id),
  );
}
