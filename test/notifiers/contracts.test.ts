import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { refusedBy } from '../../src/notifiers/http-call.js';
import { sendMail } from '../../src/notifiers/mail.js';
import type { Clear, Message } from '../../src/notifiers/message.js';
import { messageFor } from '../../src/notifiers/messages.js';
import type { NotifierKind, Told } from '../../src/notifiers/notifier.js';

const NOW = new Date('2026-11-22T10:00:00.000Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const TARGET: Clear = {
  config: {
    url: 'http://receiver.example',
    email: 'a@b.example',
    project: 'OPS',
    from: 'weirgate@b.example',
    to: 'a@b.example, c@b.example',
  },
  secret: SECRET,
  oldSecret: null,
};

const PLAIN: Told = {
  id: '0197a3c2-0000-4000-8000-000000000001',
  kind: 'OPENED',
  alertId: '0197a3c2-0000-4000-8000-000000000002',
  cluster: 'lab',
  namespace: 'shop',
  deployment: 'web',
  subject: 'shop/web',
  rule: 'OFF_BASELINE',
  severity: 'HIGH',
  state: 'ACTIVE',
  message: '`shop/web` -> `shop/db` (TCP 5432): the locked baseline of `shop/web` does not hold it',
  occurrences: '3',
  firstOccurredAt: '2026-11-22T09:00:00.000000Z',
  lastOccurredAt: '2026-11-22T09:30:00.123456Z',
  resolution: null,
  again: false,
  ref: null,
};

const SAMPLES = Array.from({ length: 500 }, (_, place) => `\`web\` -> 203.0.113.${place}`).join(
  ', ',
);
const LONG = 'a-very-long-name-'.repeat(300);
const NASTY = '🧨'.repeat(3_000);
const MARKUP = '<!channel> & <https://evil.example|click> [click](https://evil.example) **loud**';
const LINES = 'one\r\nBcc: victim@b.example\r\n\r\ntwo\n|three\\four=five]six"';

const ALERTS: Readonly<Record<string, Told>> = {
  plain: PLAIN,
  'five hundred samples': { ...PLAIN, message: SAMPLES },
  'long names': { ...PLAIN, subject: LONG, deployment: LONG, cluster: LONG, title: LONG },
  emoji: { ...PLAIN, subject: NASTY, message: `x${NASTY}`, resolution: NASTY, kind: 'RESOLVED' },
  markup: { ...PLAIN, subject: MARKUP, message: MARKUP, cluster: MARKUP },
  lines: { ...PLAIN, subject: LINES, message: LINES, cluster: LINES, resolution: LINES },
  'of a digest': {
    ...PLAIN,
    kind: 'DIGEST',
    rule: 'DIGEST',
    state: '',
    cluster: LONG,
    message: SAMPLES,
  },
  'of no deployment': { ...PLAIN, namespace: '', deployment: '', subject: 'neutral' },
  'of a clock that is ahead': { ...PLAIN, firstOccurredAt: '2026-11-23T10:00:00.000000Z' },
};

const written = (kind: NotifierKind, told: Told): Message => messageFor(kind, TARGET, told, NOW);

// biome-ignore lint/suspicious/noExplicitAny: what a target is sent has no type of ours
function posted(kind: NotifierKind, told: Told): { readonly value: any; readonly body: string } {
  const message = written(kind, told);
  assert.ok(message.via === 'post');
  assert.ok(message.body.isWellFormed());
  assert.doesNotMatch(message.body, /\\ud[89a-f]/i, 'no half of a character');
  return { value: JSON.parse(message.body), body: message.body };
}

const each = (check: (told: Told, name: string) => void): void => {
  for (const [name, told] of Object.entries(ALERTS)) check(told, name);
};

type Block = {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly elements?: readonly { readonly text: string }[];
};

const textsOf = ({ text, elements = [] }: Block): readonly string[] =>
  [...(text === undefined ? [] : [text]), ...elements].map(one => one.text);

test('Slack: blocks within their lengths, and nothing that pings or links', () =>
  each((told, name) => {
    const { value } = posted('SLACK', told);
    const [header, ...others]: readonly Block[] = value.blocks;
    const texts = others.flatMap(textsOf);
    assert.ok(value.blocks.length <= 50 && value.text.length <= 4_000, name);
    for (const text of textsOf(header as Block)) assert.ok(text.length <= 150, name);
    for (const text of texts) assert.ok(text.length > 0 && text.length <= 3_000, name);
    for (const text of [value.text, ...texts]) assert.doesNotMatch(text, /[<>]|&(?!amp;|lt;|gt;)/);
    assert.ok(texts.join('').length < 13_000, name);
  }));

test('Teams: an adaptive card of 28 KB at most, whose texts are no Markdown', () =>
  each((told, name) => {
    const { value, body } = posted('TEAMS', told);
    assert.ok(Buffer.byteLength(body) <= 28_000, name);
    const [{ contentType, content }] = value.attachments;
    assert.deepEqual(
      [value.type, contentType, content.type, content.version],
      ['message', 'application/vnd.microsoft.card.adaptive', 'AdaptiveCard', '1.4'],
    );
    // A TextRun shows what it holds; a TextBlock would show Markdown as links.
    for (const { type, inlines } of content.body) {
      assert.equal(type, 'RichTextBlock');
      for (const run of inlines) assert.ok(run.type === 'TextRun' && run.text.length > 0);
    }
  }));

test('PagerDuty: keys, severities and lengths of Events v2', () =>
  each((told, name) => {
    const { value, body } = posted('PAGERDUTY', told);
    const { event_action: action, dedup_key: key, payload } = value;
    assert.equal(action, told.kind === 'RESOLVED' ? 'resolve' : 'trigger');
    assert.ok(key.length <= 255 && payload.summary.length <= 1_024, name);
    assert.ok(payload.source.length > 0 && payload.source.length <= 255, name);
    assert.ok(['critical', 'error', 'warning', 'info'].includes(payload.severity));
    assert.ok(!Number.isNaN(Date.parse(payload.timestamp)));
    assert.ok(Buffer.byteLength(body) <= 512 * 1_024);
  }));

test('Alertmanager: an alert ends after it starts, and what may change is no label', () =>
  each((told, name) => {
    const [alert] = posted('ALERTMANAGER', told).value;
    assert.ok(Date.parse(alert.startsAt) <= Date.parse(alert.endsAt), name);
    assert.equal(Date.parse(alert.endsAt) > NOW.getTime(), told.kind !== 'RESOLVED');
    for (const [label, value] of Object.entries(alert.labels)) {
      assert.match(label, /^[a-zA-Z_][a-zA-Z0-9_]*$/);
      assert.equal(typeof value, 'string');
    }
    assert.equal(alert.labels.occurrences, undefined);
  }));

test('webhooks: Standard Webhooks verifies each of them, of 20 KB at most', () =>
  each((told, name) => {
    const message = written('WEBHOOK', told);
    assert.ok(message.via === 'post' && Buffer.byteLength(message.body) < 20_000, name);
    assert.doesNotMatch(message.headers['webhook-id'] ?? '.', /\./);
    const now = messageFor('WEBHOOK', TARGET, told, new Date());
    assert.ok(now.via === 'post');
    assert.doesNotThrow(() => new Webhook(SECRET).verify(now.body, { ...now.headers }));
    assert.throws(() => new Webhook(SECRET).verify(`${now.body} `, { ...now.headers }));
  }));

test('Jira: a summary of one line, and a description within its length', () =>
  each((told, name) => {
    const message = written('JIRA', told);
    assert.ok(message.via === 'issue');
    const { summary, text, label } = message;
    assert.ok(summary.length <= 255 && summary.isWellFormed() && !/[\r\n]/.test(summary), name);
    assert.ok(text.length > 0 && text.length <= 32_767 && text.isWellFormed(), name);
    assert.match(label, /^\S{1,255}$/);
  }));

/** Fields of an extension, as a reader of CEF takes them apart. */
const fieldsOf = (extension: string): ReadonlyMap<string, string> =>
  new Map(
    extension
      .split(/ (?=[A-Za-z0-9]+=)/)
      .map(field => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );

test('syslog: one line of 2,048 bytes in RFC 5424, whose CEF is read as it was meant', () =>
  each((told, name) => {
    const message = written('SYSLOG', told);
    assert.ok(message.via === 'line');
    const { text } = message;
    assert.ok(Buffer.byteLength(text) <= 2_048 && !/[\r\n]/.test(text), name);
    assert.ok(text.isWellFormed(), name);
    const match =
      /^<(\d{1,3})>1 (\S+Z) [\x21-\x7e]{1,255} weirgate - [A-Z]{1,32} - CEF:0\|((?:[^|\\]|\\.)*\|){5}(\d+)\|(.+)$/.exec(
        text,
      );
    assert.ok(match !== null, `${name}: ${text}`);
    assert.ok(Number(match[1]) < 192 && Number(match[4]) <= 10);
    const fields = fieldsOf(match[5] ?? '');
    assert.equal(fields.get('externalId'), told.id);
    assert.ok((fields.get('msg') ?? '').length <= 1_023 * 2, name);
  }));

const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/^DATA/, '354 go on'],
  [/^QUIT/, '221 bye'],
];

test('e-mail: what an alert holds makes no header and no other receiver', async () => {
  const got: string[] = [];
  const server = createServer(socket => {
    socket.write('220 here\r\n');
    socket.on('data', data => {
      got.push(String(data));
      const [, answer = '250 fine'] = ANSWERS.find(([said]) => said.test(String(data))) ?? [];
      socket.write(`${answer}\r\n`);
    });
    socket.on('error', () => {});
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { readonly port: number };
  const target = {
    ...TARGET,
    secret: '',
    config: { ...TARGET.config, url: `smtp://127.0.0.1:${port}` },
  };
  const mail = messageFor('EMAIL', target, ALERTS['lines'] ?? PLAIN, NOW);
  assert.ok(mail.via === 'mail');
  assert.deepEqual(await sendMail(mail, { loopback: true, private: false }), {
    sent: true,
    status: 'SMTP 250',
  });
  server.close();
  const all = got.join('');
  const [head = ''] = all.slice(all.indexOf('From:')).split('\r\n\r\n');
  assert.doesNotMatch(head, /^Bcc:/im);
  assert.equal(all.match(/^RCPT TO/gim)?.length, 2);
});

test('a redirect is not followed, and said to be one', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const outcome = refusedBy({ status, retryAfter: null, text: '' }, NOW);
    assert.deepEqual(outcome, {
      sent: false,
      status: `HTTP ${status}, a redirect, which is not followed: give the address that it leads to`,
      again: false,
      after: null,
      gone: false,
    });
  }
  assert.equal(refusedBy({ status: 304, retryAfter: null, text: '' }, NOW).status, 'HTTP 304');
});
