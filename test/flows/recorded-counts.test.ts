import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withIntake } from './support/intake.js';

const CASES = fileURLToPath(new URL('../../../shared/data/cases/flows/', import.meta.url));
const skip = existsSync(CASES) ? false : 'the recorded data is not beside the project';

const textOf = (path: string): Promise<string> => readFile(join(CASES, path), 'utf8');

const SUMS = `select sum(events)::int as events, sum(connections)::int as connections, sum(bytes)::int as bytes
  from flow group by cluster_id order by cluster_id`;

test('exports that overlap: 20 events in any order and cut', { skip }, () =>
  withIntake(async ({ send, rows }) => {
    const [one, two, turned] = await Promise.all(
      ['one', 'two', 'reordered'].map(name => textOf(`overlapping-exports/${name}.jsonl`)),
    );
    // The third holds the records of the first, in another order.
    const ways = [
      [one, two],
      [two, one],
      [turned, two],
      [two, turned, one],
      [one, two, turned],
    ];
    for (const [way, files] of ways.entries())
      for (const text of files) await send(text ?? '', { cluster: `way-${way}`, format: 'hubble' });
    const sums = await rows(SUMS);
    assert.deepEqual(
      sums.map(({ events }) => events),
      ways.map(() => 20),
    );
  }),
);

test('a window that both ends report: 3 connections, bytes once', { skip }, () =>
  withIntake(async ({ send, rows }) => {
    await send(await textOf('both-ends-report/n.jsonl'));
    assert.deepEqual(await rows(SUMS), [{ events: 1, connections: 3, bytes: 5120 }]);
  }),
);
