import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEast } from './east.js';

test('policy sets and simulations are listed, shown as they were made, and deleted by a filter', t =>
  withEast(t, async weirgate => {
    const east = ['--cluster', 'east'];
    const made = await weirgate(['netpol', 'generate', ...east, '--fail-on', 'none']);
    assert.equal(made.exit, 0, made.err);
    const sets = JSON.parse((await weirgate(['policy-set', 'list', '-o', 'json'])).out).policySets;
    assert.deepEqual(
      sets.map(({ cluster, version }: Record<string, unknown>) => [cluster, version]),
      [['east', 1]],
    );
    const { name } = sets[0];
    assert.equal((await weirgate(['policy-set', 'show', name, ...east])).out, made.out);
    const unknown = await weirgate(['policy-set', 'show', `${name}x`, ...east]);
    assert.ok(unknown.err.includes(`did you mean \`${name}\``), unknown.err);
    const asked = ['netpol', 'simulate', ...east, '--policy-set', name, '--fail-on', 'none'];
    const simulated = await weirgate([...asked, '-o', 'markdown']);
    const listed = await weirgate(['simulation', 'list', ...east, '-o', 'json']);
    const { simulations } = JSON.parse(listed.out);
    assert.equal(simulations[0].policySet, name);
    const shown = ['simulation', 'show', simulations[0].id.slice(-8), '-o', 'markdown'];
    assert.equal((await weirgate(shown)).out, simulated.out);
    const deleted = await weirgate(['simulation', 'delete', ...east, '-o', 'json']);
    assert.deepEqual(JSON.parse(deleted.out), { deleted: 1 });
    assert.equal((await weirgate(shown)).exit, 2);
  }));
