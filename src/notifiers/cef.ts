import { cut } from './message.js';
import type { Told } from './notifier.js';

const ofHeader = (text: string): string =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\|]/g, character => `\\${character}`);

const ofExtension = (text: string): string =>
  text.replaceAll(/[\\=]/g, character => `\\${character}`).replaceAll(/\r\n|[\r\n]/g, '\\n');

const SEVERITIES: Readonly<Record<string, number>> = { CRITICAL: 10, HIGH: 8, MEDIUM: 5, LOW: 3 };

/** CEF, dictionary of extensions: so much of `msg`. */
const LONGEST_MSG = 1_023;

/** With two of them in the widest of characters there is room for the rest. */
const LONGEST_NAME = 160;

const NAMES = {
  OPENED: 'alert opened',
  RESOLVED: 'alert resolved',
  TEST: 'test',
  DIGEST: 'alerts',
} as const;

/** The message of an alert in the Common Event Format, one line. */
function cefText(told: Told, message: string): string {
  const header = ['Weirgate', 'Weirgate', '1', told.rule, `${NAMES[told.kind]}: ${told.rule}`].map(
    ofHeader,
  );
  const extension = {
    rt: `${Date.parse(told.lastOccurredAt)}`,
    externalId: told.id,
    act: told.state,
    cnt: told.occurrences,
    msg: message,
    cs1: cut(told.cluster, LONGEST_NAME),
    cs1Label: 'cluster',
    cs2: cut(told.subject, LONGEST_NAME),
    cs2Label: told.deployment === '' ? 'subject' : 'deployment',
    cs3: told.alertId,
    cs3Label: 'alert',
  };
  const fields = Object.entries(extension).map(([key, value]) => `${key}=${ofExtension(value)}`);
  return `CEF:0|${header.join('|')}|${SEVERITIES[told.severity] ?? 3}|${fields.join(' ')}`;
}

/** RFC 5424, 6.2.1: facility local0. */
const LOCAL0 = 16;
const LEVELS: Readonly<Record<string, number>> = { CRITICAL: 2, HIGH: 3, MEDIUM: 4, LOW: 5 };
const INFORMATIONAL = 6;

/** RFC 5424, 6: so many bytes every receiver should take. */
const LONGEST = 2_048;

const printable = (text: string): string =>
  text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 255) || '-';

/** A message of RFC 5424 that holds CEF, in at most 2,048 bytes: the alert's own message is cut. */
export function syslogText(told: Told, host: string): string {
  const level = told.kind === 'OPENED' ? (LEVELS[told.severity] ?? INFORMATIONAL) : INFORMATIONAL;
  const head = `<${LOCAL0 * 8 + level}>1 ${told.lastOccurredAt} ${printable(host)} weirgate - ${told.kind} - `;
  let message = cut(told.message, LONGEST_MSG);
  let text = head + cefText(told, message);
  while (Buffer.byteLength(text) > LONGEST && message !== '') {
    message = Array.from(message).slice(0, -16).join('');
    text = head + cefText(told, `${message}…`);
  }
  return text;
}
