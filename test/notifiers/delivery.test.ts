import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertSettleStore } from '../../src/alerts/alert-settle.store.js';
import { createNotifier, updateNotifier } from '../../src/notifiers/change-notifier.js';
import { deliver, tellStanding } from '../../src/notifiers/deliver.js';
import { type Watching, withWatching } from '../alerts/support/watching.js';
import { lines, record, workload } from '../flows/support/intake.js';
import { DRAFT, depsOf, due, withAnswers, withReceiver } from './support/receiver.js';

const calling = (name: string, time = '2026-11-22T10:00:00Z') =>
  record({ source: workload(name), destination: { ip: '169.254.169.254' }, port: 80, time });

const denied = (time = '2026-11-22T10:00:00Z') =>
  record({ destination: workload('db'), port: 5432, verdict: 'DENIED', time });

const change = (
  { rows, useCases }: Watching,
  action: 'RESOLVE' | 'SNOOZE' | 'REOPEN',
  until: string | null = null,
) =>
  rows('select cluster_id, id from alert').then(alerts =>
    useCases.changeAlerts({
      action,
      keys: alerts.map(one => ({
        clusterId: Number(one['cluster_id']),
        id: String(one['id']),
      })),
      filter: null,
      until,
      reason: 'looked at',
    }),
  );

const types = (got: readonly { readonly body: string }[]) =>
  got.map(({ body }) => {
    const { type, data } = JSON.parse(body);
    return `${type} ${data.rule} ${data.severity} ${data.state}`;
  });

test('an alert is told to whoever asks for what it has become, and again when it comes through or wakes', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      await createNotifier(deps, { ...DRAFT, config: { url }, minSeverity: 'HIGH' });
      await watching.send(lines(denied()));
      await deliver(deps);
      assert.deepEqual(types(got), [], 'MEDIUM is not asked for');
      await watching.execute(`update alert set severity = 'HIGH'`);
      await deliver(deps);
      assert.deepEqual(types(got), ['alert.opened DENIED HIGH ATTEMPTED']);
      await watching.execute(`update alert set passed = 1`);
      await watching.execute(`update alert set passed = 2`);
      await deliver(deps);
      assert.deepEqual(types(got).slice(1), ['alert.opened DENIED HIGH ACTIVE']);
      await change(watching, 'SNOOZE', '2099-01-01T00:00:00Z');
      await watching.send(lines(denied('2026-11-22T10:05:00Z')));
      await deliver(deps);
      assert.equal(got.length, 2, 'it sleeps');
      await watching.execute(`update alert set snoozed_until = now() - interval '1 second'`);
      await alertSettleStore(watching.source.manager).wake();
      await deliver(deps);
      assert.deepEqual(types(got).slice(2), ['alert.opened DENIED HIGH ACTIVE']);
      await change(watching, 'RESOLVE');
      await deliver(deps);
      assert.match(got[3]?.body ?? '', /alert.resolved.*tester: looked at/);
    }),
  ));

test('what nobody heard of is not resolved to them, and what sleeps before it is told is not told', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      await createNotifier(deps, { ...DRAFT, config: { url } });
      await watching.send(lines(calling('web')));
      await change(watching, 'RESOLVE');
      await deliver(deps);
      assert.deepEqual(got, []);
      assert.deepEqual(await watching.rows('select distinct state from notification'), [
        { state: 'DROPPED' },
      ]);
      await watching.send(lines(calling('web', '2026-11-22T10:30:00Z')));
      await change(watching, 'SNOOZE', '2099-01-01T00:00:00Z');
      await deliver(deps);
      assert.deepEqual(got, []);
    }),
  ));

test('a follower is told by itself to a notifier that does not hear of what leads it', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      await createNotifier(deps, { ...DRAFT, config: { url }, rules: ['DENIED'] });
      await watching.send(lines(calling('web'), denied()));
      await deliver(deps);
      assert.deepEqual(types(got), ['alert.opened DENIED MEDIUM ATTEMPTED']);
    }),
  ));

const fineOf = (url: string) => ({ url: url.replace('/hook', '/fine') });

const twoOf = async (deps: Parameters<typeof createNotifier>[0], url: string) => {
  await createNotifier(deps, { ...DRAFT, config: { url } });
  await createNotifier(deps, { ...DRAFT, config: fineOf(url), name: 'fine' });
};

test('a receiver that is down is asked once, and as late as it says; the others do not wait for it', () =>
  withWatching(watching =>
    withAnswers(
      ({ path }) =>
        path === '/hook' ? { status: 429, headers: { 'retry-after': '600' } } : { status: 200 },
      async (url, got) => {
        const deps = depsOf(watching);
        await twoOf(deps, url);
        await watching.send(lines(calling('web'), calling('api'), calling('db')));
        await deliver(deps);
        await deliver(deps);
        assert.deepEqual([got.filter(({ path }) => path === '/hook').length, got.length], [1, 4]);
        assert.deepEqual(
          await watching.rows(
            `select not_before > now() + interval '9 minutes' as waits, failures from notifier where name = 'soc'`,
          ),
          [{ waits: true, failures: 1 }],
        );
      },
    ),
  ));

test('what comes for others while a receiver is slow is sent meanwhile', () =>
  withWatching(watching => {
    const slow = Promise.withResolvers<{ status: number }>();
    return withAnswers(
      ({ path }) => (path === '/hook' ? slow.promise : { status: 200 }),
      async (url, got) => {
        const deps = depsOf(watching);
        await createNotifier(deps, { ...DRAFT, config: { url } });
        await watching.send(lines(calling('web')));
        const delivering = deliver(deps);
        while (got.length === 0) await new Promise(setImmediate);
        const fine = { url: url.replace('/hook', '/fine') };
        await createNotifier(deps, { ...DRAFT, config: fine, name: 'fine' });
        await watching.send(lines(calling('api')));
        while (got.length === 1) await new Promise(setImmediate);
        assert.equal(got[1]?.path, '/fine');
        slow.resolve({ status: 200 });
        await delivering;
        assert.equal(got.length, 3);
      },
    );
  }));

test('a receiver that is gone switches its notifier off, and nothing is lost', () =>
  withWatching(watching =>
    withReceiver([410], async (url, got) => {
      const deps = depsOf(watching);
      const { notifier } = await createNotifier(deps, { ...DRAFT, config: { url } });
      await watching.send(lines(calling('web'), calling('api')));
      await deliver(deps);
      const [before] = await deps.notifiers.all();
      assert.deepEqual([before?.enabled, before?.lastError], [false, 'HTTP 410: switched off']);
      await deliver(deps);
      assert.equal(got.length, 1);
      const id = notifier?.id ?? '';
      await updateNotifier(deps, { id, change: { enabled: true }, secret: null });
      await due(watching);
      await deliver(deps);
      assert.equal(got.length, 3);
    }),
  ));

test('many alerts are one message to people, which says how many, and an hour has so many messages', () =>
  withWatching(watching =>
    withReceiver([503], async (url, got) => {
      const deps = depsOf(watching);
      const slack = { ...DRAFT, kind: 'SLACK', secret: url, config: {}, digest: true } as const;
      const { notifier } = await createNotifier(deps, { ...slack, maxPerHour: 2 });
      const names = Array.from({ length: 14 }, (_, place) => `pod-${place}`);
      await watching.send(lines(...names.map(name => calling(name))));
      await deliver(deps);
      await due(watching);
      await watching.send(lines(calling('late')));
      await deliver(deps);
      const texts = got.map(({ body }) => JSON.parse(body).text);
      const first = 'Digest: 14 alerts opened, 0 resolved; the worst is HIGH';
      assert.deepEqual(texts, [first, first, 'Alert: HIGH METADATA shop/late']);
      assert.match(got[1]?.body ?? '', /and 4 more/);
      assert.match(got[1]?.body ?? '', /told before/);
      await watching.send(lines(calling('waits')));
      await deliver(deps);
      assert.equal(got.length, 3, 'two an hour');
      await watching.execute(`update notification set sent_at = sent_at - interval '1 hour'`);
      await deliver(deps);
      assert.equal(got.length, 4);
      const state = await watching.rows('select state, count(*)::int from notification group by 1');
      assert.deepEqual(state, [{ state: 'SENT', count: 16 }]);
      assert.equal((await deps.notifiers.all())[0]?.id, notifier?.id);
    }),
  ));

test('Jira is asked for the open issue before one is made, and what comes later is a comment', () =>
  withWatching(watching => {
    let status = 'indeterminate';
    return withAnswers(
      ({ path }) => {
        if (path.endsWith('/search/jql')) return { status: 200, body: '{"issues":[]}' };
        const fields = { status: { statusCategory: { key: status } } };
        return { status: 201, body: JSON.stringify({ key: 'SEC-7', fields }) };
      },
      async (url, got) => {
        const deps = depsOf(watching);
        const config = { url: new URL(url).origin, email: 'a@b.c', project: 'SEC' };
        await createNotifier(deps, { ...DRAFT, kind: 'JIRA', secret: 'token', config });
        const paths = () => got.map(({ method, path }) => `${method} ${path.slice(12)}`);
        await watching.send(lines(calling('web')));
        await deliver(deps);
        assert.deepEqual(paths(), ['POST search/jql', 'POST issue']);
        await change(watching, 'RESOLVE');
        await deliver(deps);
        const asks = 'GET issue/SEC-7?fields=status';
        assert.deepEqual(paths().slice(2), [asks, 'POST issue/SEC-7/comment']);
        assert.match(got[3]?.body ?? '', /looked at/);
        status = 'done';
        await change(watching, 'REOPEN');
        await deliver(deps);
        assert.deepEqual(
          paths().slice(4),
          [asks, 'POST issue'],
          'the one that is closed stays closed',
        );
      },
    );
  }));

test('Alertmanager is told of what stands each minute, and of what ended for a while', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      const config = { url: new URL(url).origin };
      await createNotifier(deps, { ...DRAFT, kind: 'ALERTMANAGER', config });
      await watching.send(lines(calling('web'), calling('api')));
      await deliver(deps);
      const tell = async () => tellStanding(deps, await deps.notifiers.all());
      await tell();
      const ends = () =>
        (JSON.parse(got.at(-1)?.body ?? '[]') as { endsAt: string }[]).map(
          ({ endsAt }) => Date.parse(endsAt) > Date.now() + 60_000,
        );
      assert.deepEqual([got.length, ends()], [3, [true, true]]);
      await change(watching, 'RESOLVE');
      await watching.execute('update alert set resolved_at = now()');
      await deliver(deps);
      await tell();
      assert.deepEqual([got.length, ends()], [6, [false, false]]);
      await watching.execute(`update alert set resolved_at = now() - interval '6 minutes'`);
      await tell();
      assert.equal(got.length, 6);
    }),
  ));

test('a new secret signs beside the old one for a day, and no secret is sent to another address', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      const { notifier } = await createNotifier(deps, { ...DRAFT, config: { url } });
      const id = notifier?.id ?? '';
      const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
      await updateNotifier(deps, { id, change: { name: 'new name' }, secret });
      await watching.execute(`update notifier set old_secret_until = now() + interval '1 hour'`);
      await watching.send(lines(calling('web')));
      await deliver(deps);
      assert.equal(String(got[0]?.headers['webhook-signature']).split(' ').length, 2);
      await watching.execute(`update notifier set old_secret_until = now()`);
      await watching.send(lines(calling('api')));
      await deliver(deps);
      assert.equal(String(got[1]?.headers['webhook-signature']).split(' ').length, 1);
      const made = await createNotifier(deps, {
        ...DRAFT,
        name: 'am',
        kind: 'ALERTMANAGER',
        secret: 'token',
        config: { url },
      });
      const moved = await updateNotifier(deps, {
        id: made.notifier?.id ?? '',
        change: { config: { url: 'https://other.example.org' } },
        secret: null,
      });
      assert.deepEqual(
        moved.problems.map(({ code }) => code),
        ['NO_SECRET'],
      );
    }),
  ));
