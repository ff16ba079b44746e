import { ApiError } from '../query/api-error.js';
import { type AuditLine, AuditResult } from './audit.js';
import type { Authenticator, Shown } from './authenticate.js';

type Deps = {
  readonly append: (lines: readonly AuditLine[], begun: readonly string[]) => Promise<void>;
  /** ISO text. */
  readonly now: () => string;
  /** What cannot be written down must not keep a refusal from being one. */
  readonly onError: (error: unknown) => void;
};

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
  roles: [],
  address: shown.remoteAddress,
  requestId: shown.requestId,
  action: 'authenticate',
  target: null,
  result: AuditResult.REFUSED,
  detail,
});

/** The same authenticator, whose refusals stand in the audit log. */
export function tellingRefusals(
  callers: Authenticator,
  { append, now, onError }: Deps,
): Authenticator {
  const due = seldom();
  const tell = async (shown: Shown, message: string): Promise<void> => {
    const at = now();
    const left = due(shown.remoteAddress ?? '', Date.parse(at));
    if (left === null) return;
    const more = left === 0 ? '' : `; ${left} more from there since the last line`;
    await append([lineOf(shown, at, message + more)], []).catch(onError);
  };
  return {
    ...callers,
    callerOf: async shown => {
      try {
        return await callers.callerOf(shown);
      } catch (error) {
        if (error instanceof ApiError) await tell(shown, error.message);
        throw error;
      }
    },
  };
}
