import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ServerFixture, withServer } from '../../support/server.js';
import { weirgateAt } from './weirgate.js';

const CREATE = `mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret } }`;

/** A server with a token of an ADMIN and one of a VIEWER, each of which stands in its audit log. */
const withLog = (
  use: (
    as: (
      who: 'admin' | 'viewer',
      ...argv: readonly string[]
    ) => ReturnType<ReturnType<typeof weirgateAt>>,
    fixture: ServerFixture,
  ) => Promise<void>,
): Promise<void> =>
  withServer(
    async fixture => {
      const weirgate = weirgateAt(fixture.server);
      const first = await fixture.ask(CREATE, { input: { name: 'first', roles: ['ADMIN'] } });
      const admin: string = first.createToken.secret;
      const made = await weirgate([
        ...['token', 'create', '--name', 'eye', '--role', 'VIEWER', '--token', admin],
        ...['--output', 'json'],
      ]);
      const viewer: string = JSON.parse(made.out).secret;
      const tokens = { admin, viewer };
      await use((who, ...argv) => weirgate(['--token', tokens[who], ...argv]), fixture);
    },
    { worker: false },
  );

type Entries = { readonly entries: readonly { readonly action: string; readonly seq: number }[] };

test('the audit log is listed by who, what and when, and everybody but an ADMIN sees the own lines', () =>
  withLog(async as => {
    const listed = async (who: 'admin' | 'viewer', ...flags: readonly string[]) => {
      const { out, exit } = await as(who, 'audit', 'list', '-o', 'json', ...flags);
      assert.equal(exit, 0);
      return (JSON.parse(out) as Entries).entries.map(({ action }) => action);
    };
    const all = await listed('admin');
    assert.equal(all.filter(action => action === 'createToken').length, 2);
    assert.deepEqual(await listed('admin', '--action', 'createToken', '--actor', 'first'), [
      'createToken',
    ]);
    assert.deepEqual(await listed('admin', '--until', '2020-01-01T00:00:00Z'), []);
    assert.deepEqual([...new Set(await listed('viewer'))], ['authenticate']);
    const table = await as('admin', 'audit', 'list');
    assert.match(table.out, /createToken/);
    const none = await as('admin', 'audit', 'list', '--actor', 'nobody');
    assert.match(none.err, /nothing was written down/);
    assert.equal(none.exit, 0);
  }));

test('the audit log is verified, and what was changed is found with exit code 1', () =>
  withLog(async (as, { execute }) => {
    const whole = await as('admin', 'audit', 'verify');
    assert.equal(whole.exit, 0, whole.err);
    const [heading = '', checkpoint = ''] = whole.out.split('\n');
    assert.match(heading, /^\d+ entries, the last one [0-9a-f]{64}$/);
    assert.match(whole.err, /not signed: start the server with WEIRGATE_SECRET_KEY/);
    const kept = await as('admin', 'audit', 'verify', '--checkpoint', checkpoint);
    assert.equal(kept.exit, 0, kept.err);
    const wrong = await as('admin', 'audit', 'verify', '--checkpoint', 'nonsense');
    assert.equal(wrong.exit, 2);
    const forbidden = await as('viewer', 'audit', 'verify');
    assert.match(forbidden.err, /needs the role ADMIN, and `eye` has VIEWER/);
    assert.equal(forbidden.exit, 2);
    await execute(
      `update audit_entry set text = replace(text, 'createToken', 'readToken') where seq = 1`,
    );
    const changed = await as('admin', 'audit', 'verify');
    assert.match(changed.err, /error: entry 1 is not what was sealed/);
    assert.equal(changed.exit, 1);
  }));

test('the audit log is exported as it was sealed, and as a table', () =>
  withLog(async as => {
    const { out, exit } = await as('admin', 'audit', 'export');
    assert.equal(exit, 0);
    const entries = out.trimEnd().split('\n');
    for (const line of entries) {
      const { text, prev, hash } = JSON.parse(line);
      assert.ok(typeof JSON.parse(text).seq === 'number' && prev.length > 0 && hash.length === 64);
    }
    const later = await as('admin', 'audit', 'export', '--after', '1');
    assert.ok(!later.out.startsWith(entries[0] ?? ''));
    const csv = await as('admin', 'audit', 'export', '--output', 'csv');
    const [heading = '', ...rows] = csv.out.trimEnd().split('\n');
    assert.ok(heading.startsWith('seq,at,actor,') && rows.length >= entries.length);
    assert.ok(
      rows.some(row => /^\d+,[^,]*,first,/.test(row)),
      csv.out,
    );
    assert.equal((await as('viewer', 'audit', 'export')).exit, 2);
  }));

test('a token is made for workloads with labels, written as kubectl writes a selector', () =>
  withLog(async as => {
    const made = await as(
      'admin',
      ...['token', 'create', '--name', 'team', '--role', 'VIEWER', '--output', 'json'],
      ...['-l', 'tier in (back, front),team!=infra,!legacy,app'],
    );
    assert.deepEqual(JSON.parse(made.out).token.scopes, [
      '*/*[app Exists,legacy DoesNotExist,team NotIn (infra),tier In (back front)]',
    ]);
    for (const wrong of ['=x', '!a=b', 'tier in (', 'a,,b', 'a=b=c']) {
      const flags = ['token', 'create', '--name', 'x', '--role', 'VIEWER', '-l', wrong];
      const { exit, err } = await as('admin', ...flags);
      assert.deepEqual([exit, /is no requirement of a selector/.test(err)], [2, true], wrong);
    }
  }));
