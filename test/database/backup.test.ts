import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backup, restore } from '../../src/database/backup.js';
import { fillWorld } from '../fuzz/fuzz-world.js';
import { withDatabase } from '../support/database.js';
import { withServer } from '../support/server.js';

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

test('a backup that is restored into an empty database answers the same', () =>
  withServer(async fixture => {
    await fillWorld(fixture);
    const parts: string[] = [];
    const counts = await backup(fixture.source, async text => void parts.push(text));
    const lines = parts.join('').trimEnd().split('\n');
    assert.ok((counts['flow'] ?? 0) > 0 && (counts['flow_hour'] ?? 0) > 0);
    await withDatabase(async ({ source }) => {
      await assert.rejects(restore(source, each(lines.slice(0, -1))), /no whole backup/);
      await assert.rejects(restore(source, each(['{"other":1}'])), /no whole backup/);
      assert.deepEqual(await restore(source, each(lines)), counts);
      const again: string[] = [];
      await backup(source, async text => void again.push(text));
      assert.deepEqual(
        again.join('').split('\n').toSorted(),
        parts.join('').split('\n').toSorted(),
      );
      await assert.rejects(restore(source, each(lines)), /holds rows already/);
    });
  }));
