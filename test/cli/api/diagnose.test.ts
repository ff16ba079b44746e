import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../../support/server.js';
import { lines, record, weirgateAt } from './weirgate.js';

test('a diagnosis with a cause is a finding: flows without any inventory', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const imports = ['network-flow', 'import', '--cluster', 'bare', '--format', 'neutral', '-'];
    assert.equal((await weirgate(imports, lines([record(1)]))).exit, 0);
    const { exit, out, err } = await weirgate(['cluster', 'diagnose', '--cluster', 'bare']);
    assert.equal(exit, 1, err);
    assert.match(out, /NO_INVENTORY/);
  }));
