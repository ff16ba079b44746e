import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNotifier } from '../../src/notifiers/change-notifier.js';
import { deliver } from '../../src/notifiers/deliver.js';
import { withWatching } from '../alerts/support/watching.js';
import { lines, record } from '../flows/support/intake.js';
import { DRAFT, depsOf, withAnswers } from './support/receiver.js';

test('what may be tried again within a minute has a delivery of its own, at that time', () =>
  withWatching(watching =>
    withAnswers(
      () => ({ status: 500 }),
      async url => {
        await createNotifier(depsOf(watching), { ...DRAFT, config: { url } });
        await watching.send(
          lines(
            record({
              destination: { ip: '169.254.169.254' },
              port: 80,
              time: '2026-11-22T10:00:00Z',
            }),
          ),
        );
        await deliver(depsOf(watching));
        const asked = `select j.run_at > now() and j.run_at = n.not_before as "isInTime"
          from graphile_worker.jobs j, notifier n where j.key = 'notify again'`;
        assert.deepEqual(await watching.rows(asked), [{ isInTime: true }]);
      },
    ),
  ));
