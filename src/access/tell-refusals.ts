import { ApiError } from '../query/api-error.js';
import { type AuditLine, AuditResult } from './audit.js';
import type { Authenticator, Shown } from './authenticate.js';
import { type Caller, LOCAL_CALLER, principalOf } from './caller.js';
import { actOf, type Origin } from './record-audit.js';

type Deps = {
  readonly append: (lines: readonly AuditLine[], begun: readonly string[]) => Promise<void>;
  /** ISO text. */
  readonly now: () => string;
  /** What cannot be written down must not keep a refusal from being one. */
  readonly onError: (error: unknown) => void;
};

/** A caller who was seen from an address within the last hour does not sign in anew. */
const SIGNED_IN_MS = 3_600_000;

/** Of one address one line a minute: whoever knocks without end must not fill the disk. */
const EVERY_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/** Says whether an address is due for a line, and how many were left out since the last one. */
function seldom(): (address: string, at: number) => number | null {
  const told = new Map<string, { at: number; left: number }>();
  return (address, at) => {
    const last = told.get(address);
    if (last !== undefined && at - last.at < EVERY_MS) {
      last.left += 1;
      return null;
    }
    if (told.size > MOST_ADDRESSES) told.clear();
    told.set(address, { at, left: 0 });
    return last?.left ?? 0;
  };
}

const lineOf = (shown: Shown, at: string, detail: string): AuditLine => ({
  at,
  actor: null,
  principal: null,
  roles: [],
  address: shown.remoteAddress,
  requestId: shown.requestId,
  action: 'authenticate',
  target: null,
  result: AuditResult.REFUSED,
  detail,
});

/**
 * Refuses what somebody asked for that is not theirs, and writes it down: of one caller and action one line a minute, as
 * for addresses.
 */
export function refusing({ append, now, onError }: Deps) {
  const due = seldom();
  return async (origin: Origin, action: string, refuse: () => void): Promise<void> => {
    try {
      refuse();
    } catch (error) {
      const at = now();
      const left = due(`${principalOf(origin.caller)} ${action}`, Date.parse(at));
      if (left !== null) {
        const act = actOf(origin, { action, target: null }, at);
        const detail = `${error instanceof Error ? error.message : ''}${moreText(left)}`;
        await append([{ ...act, result: AuditResult.REFUSED, detail }], []).catch(onError);
      }
      throw error;
    }
  };
}

const moreText = (left: number): string => (left === 0 ? '' : `; ${left} more since the last line`);

/** Says whether a caller from an address has not been seen for an hour. */
function rarely(): (caller: Caller, address: string, at: number) => boolean {
  const seen = new Map<string, number>();
  return (caller, address, at) => {
    const key = `${address} ${principalOf(caller)}`;
    const last = seen.get(key);
    if (seen.size > MOST_ADDRESSES) seen.clear();
    seen.set(key, at);
    return last === undefined || at - last > SIGNED_IN_MS;
  };
}

/** The same authenticator, whose refusals and sign-ins stand in the audit log; who needs no token does not sign in. */
export function tellingRefusals(
  callers: Authenticator,
  { append, now, onError }: Deps,
): Authenticator {
  const due = seldom();
  const isNew = rarely();
  const welcome = async (shown: Shown, caller: Caller): Promise<void> => {
    const at = now();
    if (caller === LOCAL_CALLER || !isNew(caller, shown.remoteAddress ?? '', Date.parse(at)))
      return;
    const { name: actor, roles } = caller;
    const who = { actor, principal: principalOf(caller), roles };
    const line = { ...lineOf(shown, at, ''), ...who, result: AuditResult.DONE, detail: null };
    await append([line], []).catch(onError);
  };
  const tell = async (shown: Shown, message: string): Promise<void> => {
    const at = now();
    const left = due(shown.remoteAddress ?? '', Date.parse(at));
    if (left === null) return;
    await append([lineOf(shown, at, message + moreText(left))], []).catch(onError);
  };
  return {
    ...callers,
    callerOf: async shown => {
      try {
        const caller = await callers.callerOf(shown);
        await welcome(shown, caller);
        return caller;
      } catch (error) {
        if (error instanceof ApiError) await tell(shown, error.message);
        throw error;
      }
    },
  };
}
