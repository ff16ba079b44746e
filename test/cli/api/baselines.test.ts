import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedServer } from '../../support/shared-server.js';
import { lines, record, weirgateAt } from './weirgate.js';

const server = sharedServer();

const learned = async (cluster: string) => {
  const weirgate = weirgateAt(server().server);
  const imports = ['network-flow', 'import', '--cluster', cluster, '--format', 'neutral', '-'];
  const other = { ip: '203.0.113.9' };
  await weirgate(imports, lines([record(1), record(2, other, 443)]));
  const run = (verb: string, ...argv: readonly string[]) =>
    weirgate(['baseline', verb, '--cluster', cluster, ...argv]);
  const done = await run('generate');
  assert.equal(done.exit, 0, done.err);
  return {
    run,
    weirgate,
    json: async (verb: string, ...argv: readonly string[]) => {
      const { out, err } = await run(verb, ...argv, '-o', 'json');
      assert.notEqual(out, '', err);
      return JSON.parse(out);
    },
  };
};

test('entries are shown, forbidden and confirmed, and versions are compared', async () => {
  const { run, json } = await learned('entries');
  const of = ['--deployment', 'shop/web', '--direction', 'egress'];
  const forbidden = await json('forbid', ...of, '--peer', 'shop/api', '--reason', 'moved');
  assert.equal(forbidden.changed, 2);
  const { baselines } = await json('show', 'shop/web');
  assert.deepEqual(
    baselines[0].entries
      .map(
        (one: Record<string, unknown>) =>
          `${one['peer']} ${one['port']} ${one['status']} ${one['reason']}`,
      )
      .toSorted(),
    ['EXTERNAL:203.0.113.9 443 OBSERVED null', 'shop/api 8080 FORBIDDEN moved'],
  );
  const diff = await run('diff', 'shop/web', '--from', '1');
  assert.deepEqual([diff.exit, /~.*shop\/api.*OBSERVED.*FORBIDDEN/.test(diff.out)], [1, true]);
  assert.equal((await run('diff', 'shop/web', '--from', '2')).exit, 0);
  assert.equal((await json('confirm', ...of, '--port', '8080')).changed, 2);
  assert.match(
    (await run('remove', ...of, '--peer', 'shop/nobody')).err,
    /no baseline of the scope/,
  );
  for (const [argv, said] of [
    [['forbid'], /no entry was named/],
    [['forbid', '--all', '--port', '1'], /`--all` was given with an entry/],
    [['confirm', '--port', 'x'], /`x` is not a port/],
    [['show', 'shop/nobody'], /shop\/nobody/],
    [['lock', '--selector', '=x'], /no requirement of a selector/],
  ] as const) {
    const [verb, ...rest] = argv;
    const { exit, err } = await run(verb, ...rest);
    assert.equal(exit, 2, argv.join(' '));
    assert.match(err, said);
  }
});

test('an export is imported again, and faults of a file are told with their places', async () => {
  const { run, weirgate } = await learned('files');
  const { out } = await run('export', '--deployment', 'shop/web');
  assert.deepEqual(Object.keys(JSON.parse(out)), ['baselines', 'kind', 'version']);
  const imports = ['baseline', 'import', '--cluster', 'files', '-', '-o', 'json'];
  const same = await weirgate(imports, out);
  assert.deepEqual(
    [same.exit, JSON.parse(same.out).import],
    [0, { added: 0, changed: 0, removed: 0, locked: 0, unlocked: 0, dryRun: false }],
  );
  const edited = out.replace('"locked": false', '"locked": true').replace('8080', '"many"');
  const some = await weirgate([...imports, '--dry-run'], edited);
  assert.equal(some.exit, 1);
  assert.match(some.err, /`"many"` is no port at baselines\[0\]\.entries\[\d\]\.port/);
  assert.equal(JSON.parse(some.out).import.locked, 1);
  assert.equal((await weirgate(imports, '{')).exit, 2);
});

test('settings are shown, set by place and taken back', async () => {
  const { run, json } = await learned('settings');
  const place = ['--namespace', 'shop'];
  const set = await json(
    'settings',
    ...place,
    '--learning',
    'continuous',
    '--observation-hours',
    '1',
    '--quiet-hours',
    '0',
    '--min-events',
    '1',
  );
  assert.deepEqual(
    [set.settings.learning, set.overrides[0].namespace, set.overrides[0].observationHours],
    ['ON_DEMAND', 'shop', 1],
  );
  assert.match((await run('advance')).out, /STABLE/);
  const unset = await json(
    'settings',
    ...place,
    ...['observationHours', 'learning', 'quietHours', 'minEvents'].flatMap(name => [
      '--unset',
      name,
    ]),
  );
  assert.deepEqual(unset.overrides, []);
  assert.match((await run('advance')).err, /no baseline of the cluster learns by itself/);
  assert.equal((await run('settings', '--stale-days', '0')).exit, 2);
  assert.equal((await run('settings', ...place)).exit, 2);
  assert.match((await run('settings', '--unset', 'staleDay')).err, /`staleDays`/);
});

test('versions are told with who and why, and what was not seen for long is proposed and taken out', async () => {
  const { run, json, weirgate } = await learned('life');
  assert.equal((await run('lock', '--reason', 'reviewed')).exit, 0);
  const { deployment, revisions } = await json('history', 'shop/web');
  assert.equal(deployment, 'shop/web[Deployment]');
  assert.deepEqual(
    revisions.map(({ version, state, why }: Record<string, unknown>) => [version, state, why]),
    [
      [2, 'LOCKED', 'reviewed'],
      [1, 'LEARNING', null],
    ],
  );
  assert.equal((await run('history', 'shop/nobody')).exit, 2);
  assert.deepEqual((await json('decay')).entries, []);
  await run('settings', '--decay-days', '1');
  const later = record(1).replace('2026-11-22', '2026-11-25').replace('8080', '8081');
  await weirgate(
    ['network-flow', 'import', '--cluster', 'life', '--format', 'neutral', '-'],
    lines([later]),
  );
  const of = ['--deployment', 'shop/web'];
  const { entries } = await json('decay', ...of);
  assert.deepEqual(
    entries
      .map((one: Record<string, unknown>) => `${one['deployment']} ${one['peer']} ${one['port']}`)
      .toSorted(),
    ['shop/web EXTERNAL:203.0.113.9 443', 'shop/web shop/api 8080'],
  );
  assert.equal((await run('decay', '--fail-on', 'proposals')).exit, 1);
  assert.match((await run('decay', '--reason', 'x')).err, /has no effect without --apply/);
  const applied = await json('decay', ...of, '--apply', '--reason', 'gone');
  assert.equal(applied.changed, 3);
  assert.equal((await run('decay', ...of, '--fail-on', 'proposals')).exit, 0);
  assert.equal((await json('history', 'shop/web')).revisions[0].why, 'gone');
});
