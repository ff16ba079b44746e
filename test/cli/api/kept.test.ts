import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf } from '../folder.js';
import { withEast } from './east.js';
import { lines, policyFor, record } from './weirgate.js';

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
    const setDelete = (...argv: readonly string[]) => weirgate(['policy-set', 'delete', ...argv]);
    assert.match((await setDelete('--all-versions')).err, /no policy set was named/);
    assert.equal((await setDelete('nobody')).exit, 2);
    const again = await weirgate([
      'netpol',
      'generate',
      ...east,
      '--since',
      '2026-11-22T02:00:00Z',
      '--fail-on',
      'none',
    ]);
    assert.equal(again.exit, 0, again.err);
    const versions = async () =>
      JSON.parse(
        (await weirgate(['policy-set', 'list', '--all-versions', '-o', 'json'])).out,
      ).policySets.map(({ version }: Record<string, unknown>) => version);
    assert.deepEqual(await versions(), [1, 2]);
    const latest = await setDelete(...east, '--name', name, '-o', 'json');
    assert.deepEqual([JSON.parse(latest.out), await versions()], [{ deleted: 1 }, [1]]);
    const named = await setDelete(sets[0].id.slice(-10), '-o', 'json');
    assert.deepEqual([JSON.parse(named.out), await versions()], [{ deleted: 1 }, []]);
  }));

test('names of blocks are taken from those of ids and of a filter', t =>
  withEast(t, async weirgate => {
    const blocks = (verb: string, ...argv: readonly string[]) =>
      weirgate(['external-entity', verb, ...argv, '-o', 'json']);
    const file = 'office,203.0.113.0/24\nhome,198.51.100.0/24\noffice,198.51.100.64/26\n';
    const argv = ['external-entity', 'import', '-', '-o', 'json', '--cluster', 'east'];
    const { blocks: named } = JSON.parse((await weirgate(argv, file)).out);
    assert.equal(named.length, 3);
    const home = named.find(({ name }: Record<string, unknown>) => name === 'home');
    assert.deepEqual(JSON.parse((await blocks('delete', home.id.slice(-12))).out), { deleted: 1 });
    const filter = ['--cluster', 'east', '--name', 'office', '--within', '198.51.100.0/24'];
    assert.deepEqual(JSON.parse((await blocks('delete', ...filter)).out), { deleted: 1 });
    const { blocks: left } = JSON.parse((await blocks('list', '--cluster', 'east')).out);
    assert.deepEqual(
      left.map(({ cidr }: Record<string, unknown>) => cidr),
      ['203.0.113.0/24'],
    );
    assert.match((await blocks('delete')).err, /no block was named/);
    assert.equal((await blocks('delete', '--name', 'x', home.id)).exit, 2);
  }));

test('what rules ask to be done is listed, and approved or rejected once', t =>
  withEast(t, async weirgate => {
    const addresses = ['alert-rule', 'addresses', '-o', 'json'];
    const listed = await weirgate([...addresses, '-'], '192.0.2.1\n');
    assert.deepEqual([listed.exit, listed.err], [0, '1 address is new, 0 gone\n']);
    assert.match((await weirgate([...addresses, 'none.txt'])).err, /it does not exist\nhint: /);
    const rule = JSON.stringify({
      name: 'Bad neighbours',
      description: 'a test',
      criterion: 'KNOWN_BAD',
      severity: 'CRITICAL',
      categories: ['Threats'],
      addresses: ['203.0.113.66'],
      enforcement: 'KILL_POD',
    });
    const made = await weirgate(['alert-rule', 'apply', '-'], rule);
    assert.equal(made.exit, 0, made.err);
    const imports = ['network-flow', 'import', '--cluster', 'east', '--format', 'neutral', '-'];
    await weirgate(imports, lines([record(4, { ip: '203.0.113.66' }, 443)]));
    const action = async (...argv: readonly string[]) => {
      const { exit, out, err } = await weirgate(['alert', 'action', ...argv, '-o', 'json']);
      return { exit, err, actions: out === '' ? [] : JSON.parse(out).actions };
    };
    const asked = await action('list', '--cluster', 'east', '--rule', 'known-bad');
    assert.deepEqual(
      asked.actions.map(({ kind, state, deployment }: Record<string, unknown>) => [
        kind,
        state,
        deployment,
      ]),
      [['KILL_POD', 'REQUESTED', 'shop/web']],
    );
    const id = asked.actions[0].id.slice(-10);
    const approved = await action('approve', id);
    assert.deepEqual([approved.exit, approved.actions[0].state], [0, 'APPROVED']);
    const rejected = await action('reject', id);
    assert.deepEqual([rejected.exit, rejected.actions[0].state], [2, 'APPROVED']);
    assert.match(rejected.err, /warning: /);
    assert.deepEqual((await action('list')).actions, []);
    assert.equal((await action('list', '--state', 'approved')).actions.length, 1);
    assert.match((await action('approve', 'nobody')).err, /no action has an id that ends in/);
  }));

const CILIUM = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: l7, namespace: shop }
spec: { endpointSelector: {} }
`;

test('policies of other APIs that act in the cluster are named in every report that they could change', t =>
  withEast(t, async weirgate => {
    const imports = ['cluster', 'import', '--cluster', 'east', '-'];
    assert.equal((await weirgate(imports, CILIUM)).exit, 0);
    const named =
      /`CiliumNetworkPolicy\/shop\/l7` acts in the cluster, not read here, and may change this/;
    assert.match((await weirgate(['policy', 'list', '--cluster', 'east'])).err, named);
    assert.match((await weirgate(['network-flow', 'list', '--cluster', 'east'])).err, named);
    const folder = folderOf(t, {
      'a.yaml': policyFor(9090),
      'b.yaml': CILIUM.replace('l7', 'new'),
    });
    const simulate = ['netpol', 'simulate', '--cluster', 'east', '--policy-dir', folder];
    const { out } = await weirgate([...simulate, '-o', 'markdown']);
    assert.match(out, named);
    assert.match(out, /b\.yaml:1:1: warning: CiliumNetworkPolicy `shop\/new` .* is not read/);
    const [{ invocations }] = JSON.parse((await weirgate([...simulate, '-o', 'sarif'])).out).runs;
    const [{ executionSuccessful, toolExecutionNotifications: told }] = invocations;
    assert.equal(executionSuccessful, true);
    assert.match(told[0].message.text, named);
    assert.match(told[1].message.text, /is not read/);
  }));
