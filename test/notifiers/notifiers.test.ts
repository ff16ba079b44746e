import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import {
  createNotifier,
  retryNotifications,
  testNotifier,
} from '../../src/notifiers/change-notifier.js';
import { deliver } from '../../src/notifiers/deliver.js';
import { messageFor } from '../../src/notifiers/messages.js';
import type { NotifierKind, Told } from '../../src/notifiers/notifier.js';
import { mayReach } from '../../src/notifiers/reach.js';
import { sendMessage } from '../../src/notifiers/send.js';
import { withWatching } from '../alerts/support/watching.js';
import { lines, NOW, record, workload } from '../flows/support/intake.js';
import { until } from '../support/lab.js';
import { DRAFT, depsOf, due, withReceiver } from './support/receiver.js';

const METADATA = record({ destination: { ip: '169.254.169.254' }, port: 80 });
const OTHER = record({
  destination: workload('db'),
  port: 5432,
  verdict: 'DENIED',
  time: '2026-11-22T10:01:00Z',
});

test('a receiver gets each incident once, signed, when it opens and when it is resolved', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      const { signingSecret, notifier } = await createNotifier(deps, { ...DRAFT, config: { url } });
      assert.equal(notifier?.secret?.includes(signingSecret ?? ''), false);
      await watching.send(lines(METADATA, OTHER));
      await Promise.all([deliver(deps), deliver(deps)]);
      assert.equal(got.length, 1, 'what belongs to the call is no message of its own');
      const [{ headers, body } = { headers: {}, body: '' }] = got;
      const opened = new Webhook(signingSecret ?? '').verify(
        body,
        headers as Record<string, string>,
      ) as { type: string; data: Told };
      assert.deepEqual(
        [opened.type, opened.data.rule, opened.data.deployment],
        ['alert.opened', 'METADATA', 'web'],
      );
      await watching.send(
        lines(
          record({
            destination: { ip: '169.254.169.254' },
            port: 80,
            time: '2026-11-22T11:00:00Z',
          }),
        ),
      );
      await deliver(deps);
      assert.equal(got.length, 1, 'what occurs again tells nothing new');
      const [alert] = await watching.rows(`select id from alert where rule = 'METADATA'`);
      const key = { clusterId: 1, id: String(alert?.['id']) };
      await watching.useCases.changeAlerts({
        action: 'RESOLVE',
        keys: [key],
        filter: null,
        until: null,
        reason: null,
      });
      await deliver(deps);
      assert.equal(JSON.parse(got[1]?.body ?? '{}').type, 'alert.resolved');
      assert.notEqual(got[1]?.headers['webhook-id'], got[0]?.headers['webhook-id']);
    }),
  ));

test('what fails is tried again under the same id, what a killed process held too, and a refusal is given up', () =>
  withWatching(watching =>
    withReceiver([503, 200, 400], async (url, got) => {
      const deps = depsOf(watching);
      await createNotifier(deps, { ...DRAFT, config: { url } });
      await watching.send(lines(METADATA));
      await deliver(deps);
      assert.deepEqual(
        await watching.rows('select state, attempts, last_error from notification'),
        [{ state: 'PENDING', attempts: 1, last_error: 'HTTP 503' }],
      );
      await due(watching);
      const killed = await deps.enter();
      const held = await deps.notifications.claim([], killed.name);
      const [first] = await deps.notifications.take(held?.id ?? '', 10);
      await deliver(deps);
      assert.equal(got.length, 1, 'held by a process that lives');
      const begun = [first?.messageId ?? '', first ? [first] : []] as const;
      const own = { notifierId: held?.id ?? '', holder: killed.name };
      assert.equal(await deps.notifications.begin(own, ...begun), true);
      const [again] = await watching.rows(
        `select run_at < now() + interval '5 seconds' as soon from graphile_worker.jobs where key = 'notify again'`,
      );
      assert.deepEqual(again, { soon: true }, 'it is looked at whether it lives');
      await killed.leave();
      await until(() => deliver(deps).then(() => got.length === 2), 'it is taken over');
      assert.equal(await deps.notifications.begin(own, ...begun), false, 'it is not its any more');
      assert.deepEqual(await watching.rows('select state, attempts from notification'), [
        { state: 'SENT', attempts: 3 },
      ]);
      assert.equal(got[1]?.headers['webhook-id'], got[0]?.headers['webhook-id']);
      assert.equal(first?.messageId, got[0]?.headers['webhook-id']);
      await watching.send(
        lines(
          record({ source: workload('api'), destination: { ip: '169.254.169.254' }, port: 80 }),
        ),
      );
      await deliver(deps);
      assert.deepEqual(
        await watching.rows(`select last_error from notification where state = 'DEAD'`),
        [{ last_error: 'HTTP 400' }],
      );
      const [notifier] = await deps.notifiers.all();
      assert.deepEqual(await retryNotifications(deps, { id: notifier?.id ?? null }), {
        again: 1,
        problems: [],
      });
      await deliver(deps);
      assert.equal(got.length, 4);
    }),
  ));

test('notifiers are told by severity, rule and cluster, and a test says what came of it', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      const config = { url };
      await createNotifier(deps, { ...DRAFT, config, name: 'critical', minSeverity: 'CRITICAL' });
      await createNotifier(deps, { ...DRAFT, config, name: 'denied', rules: ['DENIED'] });
      const { notifier } = await createNotifier(deps, {
        ...DRAFT,
        config,
        name: 'other',
        clusters: ['other'],
      });
      await watching.send(lines(METADATA));
      await deliver(deps);
      assert.equal(got.length, 0);
      assert.deepEqual(await testNotifier(deps, { id: notifier?.id ?? null }), {
        sent: true,
        status: 'HTTP 200',
        problems: [],
      });
      assert.equal(JSON.parse(got[0]?.body ?? '{}').type, 'notifier.test');
      const codes = async (draft: object) =>
        (await createNotifier(deps, { ...DRAFT, config, name: 'x', ...draft })).problems.map(
          ({ code }) => code,
        );
      assert.deepEqual(await codes({ name: 'DENIED' }), ['NAME_TAKEN']);
      const { problems } = await createNotifier(deps, { ...DRAFT, config, clusters: ['labb'] });
      assert.deepEqual(
        problems.map(({ code, path, hint }) => [code, path, hint]),
        [['NOT_FOUND', 'clusters[0]', 'the nearest: `lab`']],
      );
      assert.deepEqual(await codes({ config: {} }), ['NO_URL']);
      assert.deepEqual(await codes({ kind: 'SLACK', config: {} }), ['NO_SECRET']);
      assert.deepEqual(await codes({ config: { url: 'http://user:pass@example.org/' } }), [
        'BAD_URL',
      ]);
    }),
  ));

test('no message goes to addresses inside, however they are written', async () => {
  const nothing = { loopback: false, private: false };
  const inside = [
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '10.0.0.1',
    'fd00::1',
    '169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '64:ff9b::7f00:1',
  ];
  for (const address of inside) assert.equal(mayReach(address, nothing), false, address);
  assert.equal(mayReach('169.254.169.254', { loopback: true, private: true }), false);
  assert.equal(mayReach('198.51.100.1', nothing) || mayReach('8.8.8.8', nothing), true);
  for (const url of [
    'http://127.0.0.1:9999/',
    'http://[::1]:9999/',
    'http://2130706433:9999/',
    'http://localhost:9999/',
    'http://169.254.169.254/',
  ]) {
    const outcome = await sendMessage(
      { via: 'post', url, headers: {}, body: '' },
      nothing,
      new Date(),
    );
    assert.equal(outcome.sent, false);
    assert.match(outcome.status, /not one that messages may go to/, url);
  }
});

const TOLD: Told = {
  id: 'n',
  kind: 'OPENED',
  alertId: 'a',
  cluster: 'lab',
  namespace: 'shop',
  deployment: 'web',
  subject: 'shop/web',
  rule: 'DENIED',
  severity: 'HIGH',
  state: 'ACTIVE',
  message: '<!channel> & co',
  occurrences: '2',
  firstOccurredAt: NOW,
  lastOccurredAt: NOW,
  resolution: null,
  again: false,
  ref: null,
};

test('each kind of target is told in its own words', () => {
  const target = {
    config: { url: 'https://example.org/', email: 'a@b.c', project: 'SEC' },
    secret: 'https://hook.example.org/',
    oldSecret: null,
  };
  const told = (kind: NotifierKind, one: Partial<Told> = {}) => {
    const message = messageFor(kind, target, { ...TOLD, ...one }, new Date(NOW));
    return message.via !== 'post'
      ? null
      : { url: message.url, headers: message.headers, body: JSON.parse(message.body) };
  };
  assert.equal(told('SLACK')?.url, 'https://hook.example.org/');
  assert.doesNotMatch(JSON.stringify(told('SLACK')?.body), /<!channel>/);
  assert.equal(told('TEAMS')?.body.attachments[0].content.type, 'AdaptiveCard');
  assert.deepEqual(
    [
      told('PAGERDUTY')?.body.event_action,
      told('PAGERDUTY', { kind: 'RESOLVED' })?.body.event_action,
      told('PAGERDUTY')?.body.dedup_key,
    ],
    ['trigger', 'resolve', 'weirgate-a'],
  );
  assert.equal(told('ALERTMANAGER')?.url, 'https://example.org/api/v2/alerts');
  assert.equal(
    told('ALERTMANAGER', { kind: 'RESOLVED' })?.body[0].endsAt,
    new Date(NOW).toISOString(),
  );
  assert.match(told('SLACK', { again: true })?.body.blocks[2].elements[0].text, /told before/);
});

test('what was told of resolved alerts is forgotten in time, and nothing else', () =>
  withWatching(watching =>
    withReceiver([], async url => {
      const deps = depsOf(watching);
      await createNotifier(deps, { ...DRAFT, config: { url } });
      await watching.send(
        lines(
          METADATA,
          record({ source: workload('api'), destination: { ip: '169.254.169.254' }, port: 80 }),
        ),
      );
      await deliver(deps);
      await watching.execute(`update notification set created_at = now() - interval '31 days'`);
      await watching.execute(
        `update alert set state = 'RESOLVED' where id in (select id from alert limit 1)`,
      );
      await deps.notifications.forget(30);
      assert.deepEqual(await watching.rows('select kind, state from notification order by kind'), [
        { kind: 'OPENED', state: 'SENT' },
        { kind: 'RESOLVED', state: 'PENDING' },
      ]);
    }),
  ));
