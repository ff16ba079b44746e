import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../../support/server.js';
import { lines, record, weirgateAt } from './weirgate.js';

test('what came of each source is printed with its gaps, and ends with 0', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const imports = ['network-flow', 'import', '--cluster', 'east', '--format', 'neutral', '-'];
    await weirgate(imports, `${lines([record(1), record(2), record(5)])}\nbad\n`);
    const command = ['network-flow', 'completeness', '--cluster', 'east'];
    const table = await weirgate(command);
    assert.equal(table.exit, 0, table.err);
    assert.match(
      table.out,
      /neutral .* 4 .* 3 .* 1 \(NOT_JSON 1\) .* 2026-11-22 03:00Z to 2026-11-22 05:00Z/,
    );
    assert.match(table.out, /^3 records of neutral have no id: duplicates not told apart/m);
    assert.match(table.out, /^share of flows with an end that nobody could name: 0%$/m);
    const json = await weirgate([...command, '--since', '2026-11-22T04:00:00Z', '-o', 'json']);
    const { sources } = JSON.parse(json.out);
    assert.deepEqual(sources[0].gaps, [
      { since: '2026-11-22T04:00:00.000000Z', until: '2026-11-22T05:00:00.000000Z' },
    ]);
    const wrong = await weirgate(['network-flow', 'completeness', '--cluster', 'west']);
    assert.equal(wrong.exit, 2);
  }));
