import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, fetch } from 'undici';
import type { Message } from './messages.js';

/** Kinds of addresses inside that targets may have, beside those outside. Link-local ones never. */
export type Reach = { readonly loopback: boolean; readonly private: boolean };

/** What came of one attempt. `again`: whether another may help; `after`: not before so many milliseconds. */
export type Outcome =
  | { readonly sent: true; readonly status: string }
  | {
      readonly sent: false;
      readonly status: string;
      readonly again: boolean;
      readonly after: number | null;
    };

const RANGES: Readonly<Record<string, keyof Reach>> = {
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
};

/** Whether a message may go to an address: metadata services and what is like them answer to nobody. */
export function mayReach(address: string, reach: Reach): boolean {
  const range = ipaddr.process(address).range();
  if (range === 'unicast') return true;
  const kind = RANGES[range];
  return kind !== undefined && reach[kind];
}

class Refused extends Error {}

const refused = (address: string): Refused =>
  new Refused(`the address \`${address}\` is not one that messages may go to`);

/** Every address of the name is looked at, and the connection goes to one of these. */
const guardedLookup =
  (reach: Reach): LookupFunction =>
  (name, options, done) => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const wrong = addresses.find(({ address }) => !mayReach(address, reach));
      const [first] = addresses;
      if (wrong !== undefined || first === undefined)
        return done(refused(wrong?.address ?? name), '', 0);
      if (options.all) return done(null, addresses as never, 0);
      done(null, first.address, first.family);
    });
  };

const TIMEOUT_MS = 15_000;

/** `lookup` is not asked for addresses: these are looked at before. */
function agentFor(reach: Reach): Agent {
  const connect = buildConnector({ timeout: TIMEOUT_MS, lookup: guardedLookup(reach) });
  return new Agent({
    connect: (options, done) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !mayReach(host, reach)) return done(refused(host), null);
      connect(options, done);
    },
  });
}

const RETRIED: ReadonlySet<number> = new Set([408, 425, 429]);
const LONGEST_WAIT = 3_600_000;

/** Seconds or a date. */
function waitOf(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isNaN(wait) ? null : Math.min(LONGEST_WAIT, Math.max(0, wait));
}

const causeText = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
};

/** Sends a message once: no redirects, 15 s, to no address inside that is not allowed. The body of the answer is not told. */
export async function sendMessage(
  { url, headers, body }: Message,
  reach: Reach,
  now: Date,
): Promise<Outcome> {
  const dispatcher = agentFor(reach);
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
      dispatcher,
    });
    await response.body?.cancel();
    const status = `HTTP ${response.status}`;
    if (response.ok) return { sent: true, status };
    const again = response.status >= 500 || RETRIED.has(response.status);
    return { sent: false, status, again, after: waitOf(response.headers.get('retry-after'), now) };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return {
      sent: false,
      status: causeText(error),
      again: !(cause instanceof Refused),
      after: null,
    };
  } finally {
    await dispatcher.destroy();
  }
}
