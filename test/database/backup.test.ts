import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { backupTo, restoreFrom } from '../../src/backup-file.js';
import { backup, restore } from '../../src/database/backup.js';
import { silentLog } from '../../src/database/log.js';
import { migrateDown, migrationStates } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations.js';
import { fillWorld } from '../fuzz/fuzz-world.js';
import { type DatabaseFixture, withDatabase } from '../support/database.js';
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

const migrated = async ({ source }: DatabaseFixture): Promise<number> =>
  (await migrationStates(source)).filter(({ applied }) => applied).length;

test('a database of an older version is backed up as it is, and restored and brought up to date', () =>
  withDatabase(async old => {
    const folder = await mkdtemp(join(tmpdir(), 'weirgate-backup-'));
    const file = join(folder, 'old.gz');
    const placeOf = ({ url }: DatabaseFixture) => ({ databaseUrl: url, dataDir: folder });
    try {
      const all = migrations.length;
      assert.equal(await migrateDown(old.source), migrations.at(-1)?.name);
      await migrateDown(old.source);
      await old.execute(`insert into cluster (id, name, created_at) values (1, 'old', now())`);
      const counts = await backupTo(placeOf(old), file, silentLog);
      assert.equal(await migrated(old), all - 2, 'the old one stays old');
      await assert.rejects(restoreFrom(placeOf(old), file, silentLog), /holds rows already/);
      assert.equal(await migrated(old), all - 2, 'what is refused is not touched');
      await withDatabase(
        async fresh => {
          await assert.rejects(backupTo(placeOf(fresh), file, silentLog), /no tables of Weirgate/);
          assert.deepEqual(await restoreFrom(placeOf(fresh), file, silentLog), counts);
          assert.equal(await migrated(fresh), all);
          assert.deepEqual(await fresh.execute('select name from cluster'), [{ name: 'old' }]);
        },
        { migrated: false },
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }));
