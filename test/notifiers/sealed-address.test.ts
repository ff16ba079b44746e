import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createNotifier,
  testNotifier,
  updateNotifier,
} from '../../src/notifiers/change-notifier.js';
import { shownConfig } from '../../src/notifiers/notifier.js';
import { sealAddresses } from '../../src/notifiers/sealed-address.js';
import { secretsOf } from '../../src/notifiers/secret.js';
import { withWatching } from '../alerts/support/watching.js';
import { DRAFT, depsOf, withReceiver } from './support/receiver.js';

test('the path of an address is stored sealed, told to nobody, and opened by its key alone', () =>
  withWatching(watching =>
    withReceiver([], async (url, got) => {
      const deps = depsOf(watching);
      const whole = `${url}/T0KEN?also=this`;
      const stored = async () => {
        const [row] = await watching.rows('select config from notifier');
        return JSON.stringify(row);
      };
      const tested = async (id: string) => {
        await watching.rows('update notifier set tested_at = null');
        return testNotifier(deps, { id });
      };
      const { notifier } = await createNotifier(deps, { ...DRAFT, config: { url: whole } });
      const id = notifier?.id ?? '';
      assert.doesNotMatch(await stored(), /hook|T0KEN|also/);
      assert.deepEqual(shownConfig(notifier?.config ?? {}), { url: `${new URL(url).origin}/…` });
      assert.equal((await tested(id)).status, 'HTTP 200');
      await updateNotifier(deps, { id, change: { name: 'renamed' }, secret: null });
      assert.equal((await tested(id)).status, 'HTTP 200');
      // As an older server left it.
      await watching.rows(`update notifier set config = '${JSON.stringify({ url: whole })}'`);
      assert.equal((await tested(id)).status, 'HTTP 200');
      assert.ok(deps.secrets);
      assert.equal(await sealAddresses(deps.notifiers, deps.secrets), 1);
      assert.equal(await sealAddresses(deps.notifiers, deps.secrets), 0);
      assert.doesNotMatch(await stored(), /hook|T0KEN|also/);
      assert.equal((await tested(id)).status, 'HTTP 200');
      assert.deepEqual([...new Set(got.map(({ path }) => path))], ['/hook/T0KEN?also=this']);
      const other = { ...deps, secrets: secretsOf('another') };
      await watching.rows('update notifier set tested_at = null, secret = null');
      assert.match((await testNotifier(other, { id })).status ?? '', /no key opens its address/);
      const secret = `whsec_${'A'.repeat(43)}=`;
      await updateNotifier(other, { id, change: { config: { url } }, secret });
      await watching.rows('update notifier set tested_at = null');
      assert.equal((await testNotifier(other, { id })).status, 'HTTP 200');
      assert.equal(got.at(-1)?.path, '/hook');
    }),
  ));
