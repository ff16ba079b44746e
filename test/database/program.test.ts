import assert from 'node:assert/strict';
import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdFolder, liveHolder, lockFile } from '../../src/database/folder-lock.js';
import { completePackage } from '../../src/database/program.js';
import { withFolder } from '../support/folder.js';

test('the library links that a blocked install script did not make are made, and left alone when there', () =>
  withFolder(async folder => {
    await mkdir(join(folder, 'native', 'lib', 'more'), { recursive: true });
    await writeFile(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'library');
    const links = [
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/more/libpq.so.5' },
    ];
    await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    await completePackage(folder);
    await completePackage(folder);
    assert.equal(await readlink(join(folder, 'native', 'lib', 'libpq.so')), 'libpq.so.5.18');
    const through = join(folder, 'native', 'lib', 'more', 'libpq.so.5');
    assert.equal(await readFile(through, 'utf8'), 'library');
  }));

test('of many that want a folder whose holder died, one gets it', () =>
  withFolder(async folder => {
    const dead = JSON.stringify({ pid: process.pid, startedAt: 'long ago' });
    await writeFile(lockFile(folder), dead);
    await writeFile(`${lockFile(folder)}.next`, dead);
    assert.equal(await liveHolder(folder), null);
    const wanted = await Promise.allSettled(Array.from({ length: 8 }, () => holdFolder(folder)));
    const [held, ...more] = wanted.filter(one => one.status === 'fulfilled');
    assert.ok(held);
    assert.deepEqual(more, []);
    assert.equal(await liveHolder(folder), process.pid);
    await held.value();
    await (await holdFolder(folder))();
  }));
