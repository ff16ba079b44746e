import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../../support/server.js';
import { lines, record, weirgateAt } from './weirgate.js';

test('`cluster ranges` lists, declares and takes back where the addresses of a cluster lie', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const imports = ['network-flow', 'import', '--cluster', 'lab', '--format', 'neutral', '-'];
    await weirgate(imports, lines([record(1)]));
    const ranges = (...argv: readonly string[]) =>
      weirgate(['cluster', 'ranges', '--cluster', 'lab', '-o', 'json', ...argv]);
    const declared = await ranges('10.244.3.7/16', 'fd00::/8');
    assert.equal(declared.exit, 0, declared.err);
    const expected = [
      { cidr: '10.244.0.0/16', source: 'DECLARED' },
      { cidr: 'fd00::/8', source: 'DECLARED' },
    ];
    assert.deepEqual(JSON.parse(declared.out).ranges, expected);
    assert.deepEqual(JSON.parse((await ranges()).out).ranges, expected);

    const wrong = await ranges('ten');
    assert.equal(wrong.exit, 2);
    assert.match(wrong.err, /`ten` is not a block of addresses/);
    assert.deepEqual(JSON.parse((await ranges('--clear')).out).ranges, []);
    assert.equal((await ranges('--clear', '10.0.0.0/8')).exit, 2);
  }));
