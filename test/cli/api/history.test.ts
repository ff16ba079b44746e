import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../../support/server.js';
import { lines, record, weirgateAt } from './weirgate.js';

const denied = (text: string): string =>
  JSON.stringify({ ...JSON.parse(text), verdict: 'DENIED', events: 4 });

const DB = { namespace: 'shop', workload: { kind: 'Deployment', name: 'db' } };

test('counts by verdict, the history of flows, and what changed between two windows', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const records = lines([record(1), denied(record(2)), record(5), record(4, DB, 5432)]);
    const imports = ['network-flow', 'import', '--cluster', 'east', '--format', 'neutral', '-'];
    assert.equal((await weirgate(imports, records)).exit, 0);
    const own = ['--cluster', 'east', '--namespace', 'shop'];

    const list = ['network-flow', 'list', ...own, '--counts', '--port', '8080'];
    assert.equal(
      (await weirgate(list)).out,
      'web -> api (TCP 8080) [ACTIVE, ANOMALOUS] 2 allowed, 4 denied\n',
    );
    const late = await weirgate([...list, '--since', '2026-11-22T05:00:00Z', '-o', 'json']);
    const [flow] = JSON.parse(late.out).flows;
    assert.deepEqual(
      [flow.tags, flow.events, flow.counts.allowed, flow.counts.denied],
      [['ACTIVE'], 1, 1, 0],
    );

    const history = ['network-flow', 'history', ...own, '--destination', 'shop/api'];
    const hours = JSON.parse((await weirgate([...history, '-o', 'json'])).out).flows[0].history;
    assert.deepEqual(
      hours.map(({ at, events, denied: no }: Record<string, string>) => [at, events, no]),
      [
        ['2026-11-22T05:00:00.000000Z', 1, 0],
        ['2026-11-22T02:00:00.000000Z', 4, 4],
        ['2026-11-22T01:00:00.000000Z', 1, 0],
      ],
    );
    const days = await weirgate([...history, '--by', 'day', '-o', 'markdown']);
    assert.match(days.out, /\| web -> api \(TCP 8080\) \| 2026-11-22 00:00Z \| 6 +\| 2 +\| 4 +\|/);

    const diff = ['graph-diff', '--cluster', 'east', '--before-until', '2026-11-22T04:00:00Z'];
    const changed = await weirgate([...diff, '-o', 'markdown']);
    assert.equal(changed.exit, 1);
    assert.match(changed.out, /CAME +\| shop\/web -> shop\/db \| \+TCP 5432 \| 2026-11-22 04:10Z/);
    const same = await weirgate([...diff, '--until', '2026-11-22T04:00:00Z']);
    assert.deepEqual([same.out, same.err, same.exit], ['', 'nothing changed\n', 0]);
    const none = await weirgate(['graph-diff', '--cluster', 'east']);
    assert.deepEqual([none.exit, /no window is given/.test(none.err)], [2, true]);
    const wrong = await weirgate(['network-flow', 'list', ...own, '--port', 'http']);
    assert.deepEqual([wrong.exit, /`http` is not a port/.test(wrong.err)], [2, true]);
  }));
