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

test('`cluster retention` shows and sets how long flows are kept, and by the hour', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const imports = ['network-flow', 'import', '--cluster', 'lab', '--format', 'neutral', '-'];
    await weirgate(imports, lines([record(1)]));
    const retention = (...argv: readonly string[]) =>
      weirgate(['cluster', 'retention', '--cluster', 'lab', '-o', 'json', ...argv]);
    const kept = async (...argv: readonly string[]) => {
      const { exit, out, err } = await retention(...argv);
      assert.equal(exit, 0, err);
      const { retentionDays, rollUpDays, jobs } = JSON.parse(out);
      return [retentionDays, rollUpDays, jobs.length];
    };
    assert.deepEqual(await kept(), [null, null, 0]);
    assert.deepEqual(await kept('--keep', '90d', '--roll-up', '30'), [90, 30, 2]);
    assert.deepEqual(await kept('--keep', 'all'), [null, 30, 0]);
    assert.deepEqual(await kept('--roll-up', 'never'), [null, null, 0]);
    for (const wrong of [
      ['--keep', '0d'],
      ['--keep', '99999'],
      ['--roll-up', 'all'],
    ]) {
      const { exit, out, err } = await retention(...wrong);
      assert.equal(exit, 2, `${wrong.join(' ')}: ${out}${err}`);
    }
    const unknown = await weirgate(['cluster', 'retention', '--cluster', 'lba']);
    assert.match(`${unknown.exit} ${unknown.err}`, /^2 .*\n.*did you mean `lab`\?/);
    assert.deepEqual(await kept(), [null, null, 0]);
  }));

test('a token is revoked by its name or id, and one that no header can hold is not told', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const create = (name: string, role: string, ...argv: readonly string[]) =>
      weirgate(['token', 'create', '--name', name, '--role', role, ...argv]);
    const admin = ['--token', (await create('ops', 'ADMIN')).out.trim()];
    const viewer = (await create('ci', 'VIEWER', ...admin)).out.trim();
    const refused = await weirgate(['--token', viewer, 'token', 'list']);
    assert.match(
      `${refused.exit} ${refused.err}`,
      /^2 error: `weirgate token list` needs the role/,
    );
    const revoke = (name: string) => weirgate([...admin, 'token', 'revoke', name]);
    assert.match((await revoke('cii')).err, /did you mean `ci`\?/);
    assert.equal((await revoke('ci')).exit, 0);
    assert.equal((await revoke('ci')).exit, 2);
    const gone = await weirgate(['--token', viewer, 'cluster', 'list']);
    assert.match(`${gone.exit} ${gone.err}`, /^2 .*revoked/);
    const broken = await weirgate(['--token', `${viewer}\nx`, 'cluster', 'list']);
    assert.equal(broken.exit, 2);
    assert.ok(!broken.err.includes(viewer.slice(-8)), broken.err);
  }));
