import { isIP } from 'node:net';
import { Agent, buildConnector, fetch } from 'undici';
import { sendMail } from './mail.js';
import type { Message, Post } from './messages.js';
import { failed, type Outcome } from './outcome.js';
import { guardedLookup, mayReach, type Reach, refused } from './reach.js';
import { sendLine } from './syslog.js';

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

/** No redirects, 15 s. The body of the answer is not told. */
async function sendPost({ url, headers, body }: Post, reach: Reach, now: Date): Promise<Outcome> {
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
    return failed(error);
  } finally {
    await dispatcher.destroy();
  }
}

/** Sends a message once, to no address inside that is not allowed. */
export function sendMessage(message: Message, reach: Reach, now: Date): Promise<Outcome> {
  switch (message.via) {
    case 'post':
      return sendPost(message, reach, now);
    case 'mail':
      return sendMail(message, reach);
    case 'line':
      return sendLine(message, reach);
  }
}
