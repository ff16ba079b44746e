import { isIP } from 'node:net';
import type { Mail } from './message.js';
import { failed, type Outcome } from './outcome.js';
import { addressOf, type Reach } from './reach.js';

const TIMEOUT_MS = 15_000;

/** A server that answers a byte now and then must not outlive the minute that the notifier is held for. */
const LONGEST_MS = 40_000;

async function within(milliseconds: number, sending: Promise<unknown>): Promise<void> {
  const signal = AbortSignal.timeout(milliseconds);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  await Promise.race([sending, late]);
}

/** RFC 5321, 4.2.1: 5yz is permanent, and all else may pass. */
const isPermanent = (code: unknown): boolean => typeof code === 'number' && code >= 500;

function loginOf(text: string): { readonly user: string; readonly pass: string } | null {
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), pass: text.slice(colon + 1) };
}

/** A local relay alone may be talked to in clear, and without a password. */
const mayBeClear = (host: string): boolean => host === 'localhost' || /^127\.|^::1$/.test(host);

/** The host is looked up here, so that nobody is reached that must not be; the certificate is held against its name. */
export async function sendMail(mail: Mail, reach: Reach): Promise<Outcome> {
  const url = new URL(mail.url);
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const auth = loginOf(mail.login);
  const secure = url.protocol === 'smtps:';
  // Most processes send no mail, and the library takes a while to load.
  const { createTransport } = await import('nodemailer');
  try {
    const transport = createTransport({
      host: await addressOf(name, reach),
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      requireTLS: !secure && !(mayBeClear(name) && auth === null),
      ...(auth !== null && { auth }),
      ...(isIP(name) === 0 && { tls: { servername: name } }),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { from, to, subject, text, messageId, thread } = mail;
      const sending = transport.sendMail({
        from,
        to: [...to],
        subject,
        text,
        messageId,
        inReplyTo: thread,
        references: thread,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      await within(LONGEST_MS, sending);
      return { sent: true, status: 'SMTP 250' };
    } finally {
      transport.close();
    }
  } catch (error) {
    const { responseCode } = error as { readonly responseCode?: unknown };
    return isPermanent(responseCode)
      ? { sent: false, status: `SMTP ${String(responseCode)}`, again: false, after: null }
      : failed(error);
  }
}
