import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isFailure } from '../../src/database/failure.js';
import { listen, notify } from '../../src/database/notify.js';
import { withDatabase } from '../support/database.js';

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries++) await pause(25);
  assert.ok(holds(), 'it did not come about within five seconds');
}

test('a notification arrives when its transaction commits, and not when it is rolled back', () =>
  withDatabase(async ({ source, url }) => {
    const heard: string[] = [];
    const close = await listen(url, 'Some channel', payload => heard.push(payload));
    try {
      await source.transaction(async manager => {
        await notify(manager, 'Some channel', 'kept');
        await pause(50);
        assert.deepEqual(heard, []);
      });
      await source
        .transaction(async manager => {
          await notify(manager, 'Some channel', 'dropped');
          throw new Error('changed its mind');
        })
        .catch(() => {});
      await notify(source.manager, 'another', 'elsewhere');
      await notify(source.manager, 'Some channel', 'last');
      await until(() => heard.length === 2);
      assert.deepEqual(heard, ['kept', 'last']);
      await assert.rejects(notify(source.manager, 'Some channel', 'ä'.repeat(4_000)), /8000 bytes/);
    } finally {
      await close();
    }
  }));

test('a broken connection is made again, and the gap is told', () =>
  withDatabase(async ({ source, url, execute }) => {
    const heard: string[] = [];
    let gaps = 0;
    const close = await listen(url, 'news', payload => heard.push(payload), {
      onGap: () => {
        gaps += 1;
      },
    });
    try {
      await execute(
        `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'weirgate-listen' and datname = current_database()`,
      );
      await until(() => gaps === 1);
      await notify(source.manager, 'news', 'after');
      await until(() => heard.length === 1);
      assert.deepEqual(heard, ['after']);
    } finally {
      await close();
    }
  }));

test('an end while the connection is being made again leaves none behind', () =>
  withDatabase(async ({ url, execute }) => {
    const listening = (): Promise<unknown> =>
      execute(
        `select pid from pg_stat_activity where application_name = 'weirgate-listen' and datname = current_database()`,
      );
    for (let moment = 0; moment < 12; moment++) {
      const close = await listen(url, 'news', () => {});
      await execute(
        `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'weirgate-listen' and datname = current_database()`,
      );
      await pause(90 + 3 * moment);
      await close();
      assert.deepEqual(await listening(), []);
    }
  }));

test('a listener that cannot connect at first says so', async () => {
  await assert.rejects(
    listen('postgres://nobody@127.0.0.1:1/x', 'news', () => {}),
    isFailure,
  );
});
