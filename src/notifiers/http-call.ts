import { isIP } from 'node:net';
import type { Outcome } from './outcome.js';
import { guardedLookup, mayReach, type Reach, refused } from './reach.js';

const TIMEOUT_MS = 15_000;

/** Most processes send nothing, and the library takes a tenth of a second to load. */
const library = () => import('undici');
type Library = Awaited<ReturnType<typeof library>>;

/** `lookup` is not asked for addresses: these are looked at before. */
function agentFor({ Agent, buildConnector }: Library, reach: Reach) {
  const connect = buildConnector({ timeout: TIMEOUT_MS, lookup: guardedLookup(reach) });
  return new Agent({
    connect: (options, done) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !mayReach(host, reach)) return done(refused(host), null);
      connect(options, done);
    },
  });
}

const LONGEST_ANSWER = 256 * 1_024;

/** The beginning of a body, whatever its length. */
async function textOf(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_ANSWER).toString('utf8');
}

export type Call = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: a GET. */
  readonly body: string | null;
};

export type Answer = {
  readonly status: number;
  readonly retryAfter: string | null;
  /** At most 256 KiB of it, where it was asked for. */
  readonly text: string;
};

/** One request: no redirects, 15 s. @throws what the connection came to */
export async function callHttp(call: Call, reach: Reach, wantsText: boolean): Promise<Answer> {
  const undici = await library();
  const dispatcher = agentFor(undici, reach);
  try {
    const response = await undici.fetch(call.url, {
      method: call.body === null ? 'GET' : 'POST',
      headers: call.headers,
      body: call.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      dispatcher,
    });
    const text = wantsText ? await textOf(response.body as ReadableStream<Uint8Array> | null) : '';
    if (!wantsText) await response.body?.cancel();
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
  } finally {
    await dispatcher.destroy();
  }
}

const RETRIED: ReadonlySet<number> = new Set([408, 425, 429]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const GONE = 410;
const LONGEST_WAIT = 3_600_000;

/** Seconds or a date. */
function waitOf(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isNaN(wait) ? null : Math.min(LONGEST_WAIT, Math.max(0, wait));
}

export const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** What an answer that is no success comes to: what the receiver may take later is tried again. */
export function refusedBy({ status, retryAfter }: Answer, now: Date): Outcome {
  const again = status >= 500 || RETRIED.has(status);
  const hint = REDIRECTS.has(status)
    ? ', a redirect, which is not followed: give the address that it leads to'
    : '';
  const told = { sent: false, status: `HTTP ${status}${hint}`, again } as const;
  return { ...told, after: waitOf(retryAfter, now), gone: status === GONE };
}
