import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { syslogText } from '../../src/notifiers/cef.js';
import { createNotifier } from '../../src/notifiers/change-notifier.js';
import { messageFor } from '../../src/notifiers/messages.js';
import type { NotifierConfig, NotifierKind, Told } from '../../src/notifiers/notifier.js';
import type { NotifierStore } from '../../src/notifiers/notifier.store.js';
import type { NotifierDraft } from '../../src/notifiers/notifier-faults.js';
import type { Outcome } from '../../src/notifiers/outcome.js';
import { secretsOf } from '../../src/notifiers/secret.js';
import { sendMessage } from '../../src/notifiers/send.js';

const NOW = '2026-11-22T12:00:00.000000Z';

const TOLD: Told = {
  id: 'event-1',
  kind: 'OPENED',
  alertId: 'alert-1',
  cluster: 'lab',
  namespace: 'shop',
  deployment: 'web',
  subject: 'shop/web',
  rule: 'DENIED',
  severity: 'HIGH',
  state: 'ACTIVE',
  message: 'shop/web -> shop/db\r\nBcc: all@example.org',
  occurrences: '2',
  firstOccurredAt: NOW,
  lastOccurredAt: NOW,
  resolution: null,
  again: false,
  ref: null,
};

const LOOPBACK = { loopback: true, private: false };

/** What a server on loopback was sent; `answer` says what it answers to it. */
async function listening(
  answer: (socket: Socket, text: string) => void,
  use: (port: number, got: () => string) => Promise<void>,
  greeting = '',
): Promise<void> {
  let got = '';
  const server = createServer(socket => {
    socket.on('error', () => {});
    if (greeting !== '') socket.write(greeting);
    socket.setEncoding('utf8').on('data', data => {
      const text = String(data);
      got += text;
      answer(socket, text);
    });
    socket.on('end', () => socket.end());
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await use((server.address() as AddressInfo).port, () => got);
  } finally {
    await new Promise(resolve => {
      server.close(resolve);
    });
  }
}

const send = (
  kind: NotifierKind,
  config: NotifierConfig,
  { told = TOLD, secret = '', reach = LOOPBACK } = {},
): Promise<Outcome> => {
  const message = messageFor(kind, { config, secret, oldSecret: null }, told, new Date(NOW));
  return sendMessage(message, reach, new Date(NOW));
};

/** SMTP as far as a client without extensions needs it; `refusal` is what recipients are answered. */
const smtp =
  (refusal: string | null) =>
  (socket: Socket, text: string): void => {
    const answers: Readonly<Record<string, string>> = {
      EHLO: '250 mail.example.org',
      STARTTLS: '454 no TLS here',
      MAIL: '250 ok',
      RCPT: refusal ?? '250 ok',
      RSET: '250 ok',
      DATA: '354 go on',
      QUIT: '221 bye',
    };
    const answer = answers[/^[A-Z]+/.exec(text)?.[0] ?? ''];
    if (answer !== undefined) socket.write(`${answer}\r\n`);
    else if (text.endsWith('\r\n.\r\n')) socket.write('250 ok\r\n');
  };

const MAIL = { from: 'weirgate@example.org', to: 'soc@example.org, ops@example.org' };

test('an alert is one e-mail to all, in a thread of its alert, and no name in it makes a header', () =>
  listening(
    smtp(null),
    async (port, got) => {
      const outcome = await send('EMAIL', { ...MAIL, url: `smtp://127.0.0.1:${port}` });
      assert.deepEqual(outcome, { sent: true, status: 'SMTP 250' });
      assert.match(got(), /^RCPT TO:<soc@example\.org>\r\n/m);
      assert.match(got(), /^RCPT TO:<ops@example\.org>\r\n/m);
      const [head = '', body = ''] = got().split('DATA\r\n')[1]?.split('\r\n\r\n') ?? [];
      assert.match(head, /^Subject: Alert: HIGH DENIED shop\/web$/m);
      assert.match(head, /^Message-ID: <event-1@/m);
      assert.match(head, /^References: <alert\.alert-1@/m);
      assert.match(head, /^Auto-Submitted: auto-generated$/m);
      assert.doesNotMatch(head, /^Bcc/m);
      assert.match(body, /shop\/web -> shop\/db/);
    },
    '220 mail.example.org\r\n',
  ));

test('what a mail server refuses for good is given up, what may pass is tried again, and so is what must not go in clear', async () => {
  const cases = [
    ['550 no such user', { sent: false, status: 'SMTP 550', again: false, after: null }],
    ['451 later', null],
  ] as const;
  await Promise.all(
    cases.map(([refusal, expected]) =>
      listening(
        smtp(refusal),
        async port => {
          const url = `smtp://127.0.0.1:${port}`;
          const outcome = await send('EMAIL', { ...MAIL, url });
          if (expected !== null) assert.deepEqual(outcome, expected);
          else assert.ok(!outcome.sent && outcome.again);
          const inClear = await send('EMAIL', { ...MAIL, url }, { secret: 'user:password' });
          assert.ok(!inClear.sent);
        },
        '220 mail.example.org\r\n',
      ),
    ),
  );
});

test('an alert is one frame of syslog, whose length is in bytes', () =>
  listening(
    () => {},
    async (port, got) => {
      const told = { ...TOLD, message: 'a=b | ü' };
      const outcome = await send('SYSLOG', { url: `tcp://127.0.0.1:${port}` }, { told });
      assert.deepEqual(outcome, { sent: true, status: 'written' });
      const [length = '', ...rest] = got().split(' ');
      const text = rest.join(' ');
      assert.equal(Buffer.byteLength(text), Number(length));
      assert.match(
        text,
        /^<131>1 2026-11-22T12:00:00\.000000Z \S+ weirgate - OPENED - CEF:0\|Weirgate\|/,
      );
      assert.match(text, / msg=a\\=b \| ü /);
    },
  ));

test('syslog is cut to 2,048 bytes, never breaks a line, and escapes what would end a field', () => {
  const long = syslogText({ ...TOLD, message: 'ü'.repeat(5_000) }, 'host name\n');
  assert.ok(Buffer.byteLength(long) <= 2_048 && long.includes('cs3Label=alert'));
  assert.match(long, / hostname weirgate /);
  const text = syslogText({ ...TOLD, rule: 'A|B\\C\nD', cluster: 'x=y' }, '');
  assert.doesNotMatch(text, /[\r\n]/);
  assert.match(text, /\|A\\\|B\\\\C D\|/);
  assert.match(text, / cs1=x\\=y /);
  assert.match(text, / - weirgate /);
  assert.match(syslogText({ ...TOLD, kind: 'RESOLVED' }, 'h'), /^<134>1 /);
});

test('neither goes to an address that messages may not go to', async () => {
  const reach = { loopback: false, private: false };
  for (const [kind, url] of [
    ['EMAIL', 'smtp://127.0.0.1:9'],
    ['EMAIL', 'smtps://localhost'],
    ['SYSLOG', 'tcp://[::1]:9'],
    ['SYSLOG', 'tls://169.254.169.254'],
  ] as const) {
    const outcome = await send(kind, { ...MAIL, url }, { reach });
    assert.ok(!outcome.sent && !outcome.again, url);
    assert.match(outcome.status, /not one that messages may go to/);
  }
});

test('what of such a notifier is missing or wrong is told with its place', async () => {
  const notifiers = {
    all: async () => [],
    lock: async () => {},
    put: async () => {},
  } as unknown as NotifierStore;
  const deps: Parameters<typeof createNotifier>[0] = {
    transaction: work => work({ notifiers, clusters: { names: async () => [] } }),
    notifiers,
    secrets: secretsOf('a key of the tests alone'),
    notifications: { retryDead: async () => 0 },
    reach: LOOPBACK,
    now: () => NOW,
    who: 'tester',
  };
  const codes = async (
    kind: NotifierKind,
    config: NotifierConfig,
    secret: string | null = null,
  ) => {
    const draft: NotifierDraft = {
      name: 'soc',
      kind,
      config,
      secret,
      minSeverity: 'LOW',
      rules: null,
      clusters: null,
      enabled: true,
      maxPerHour: null,
      digest: false,
    };
    const { problems } = await createNotifier(deps, draft);
    return problems.map(({ code, path }) => `${code} ${path}`);
  };
  const smtps = 'smtps://mail.example.org';
  assert.deepEqual(await codes('EMAIL', { ...MAIL, url: smtps }, 'user:password'), []);
  assert.deepEqual(await codes('EMAIL', { url: 'https://mail.example.org' }), [
    'BAD_URL url',
    'BAD_CONFIG from',
    'BAD_CONFIG to',
  ]);
  assert.deepEqual(await codes('EMAIL', { ...MAIL, url: smtps }, 'password'), [
    'BAD_SECRET secret',
  ]);
  assert.deepEqual(await codes('SYSLOG', {}), ['NO_URL url']);
  assert.deepEqual(await codes('SYSLOG', { url: 'udp://siem.example.org:514' }), ['BAD_URL url']);
  assert.deepEqual(await codes('SYSLOG', { url: 'tls://siem.example.org:6514' }), []);
});
