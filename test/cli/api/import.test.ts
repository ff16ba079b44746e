import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runCli } from '../../../src/cli/program.js';
import { withServer } from '../../support/server.js';
import { folderOf } from '../folder.js';
import { lines, MANIFESTS, record, weirgateAt } from './weirgate.js';

const IMPORT = ['network-flow', 'import', '--cluster', 'east', '--format', 'neutral'];

test('a folder of manifests is imported, and again it changes nothing', t =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const folder = folderOf(t, MANIFESTS);
    const imported = ['cluster', 'import', '--cluster', 'east', folder, '-o', 'json'];
    const first = await weirgate(imported);
    assert.equal(first.exit, 0, first.err);
    assert.equal(JSON.parse(first.out).counts.deployments, 2);
    const second = await weirgate(imported);
    assert.equal(JSON.parse(second.out).counts.changed, 0);
    const listed = await weirgate(['cluster', 'list']);
    assert.match(listed.out, /│ east │/);
  }));

test('a manifest with a fault is told with its file and line, and the rest goes on', t =>
  withServer(async ({ server }) => {
    const folder = folderOf(t, {
      ...MANIFESTS,
      'policy.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: bad, namespace: shop }
spec:
  podSelector: {}
  ingress:
    - from: [{ ipBlock: { cidr: 10.0.0.0/33 } }]
`,
    });
    const { exit, out, err } = await weirgateAt(server)([
      'cluster',
      'import',
      '--cluster',
      'east',
      folder,
    ]);
    assert.equal(exit, 0, err);
    assert.match(err, /policy\.yaml:7:\d+: warning: .*10\.0\.0\.0\/33/);
    assert.match(out, /deployments/);
  }));

test('an input that holds nothing of a cluster is bad input', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const foreign = await weirgate(['cluster', 'import', '--cluster', 'east', '-'], 'a: 1\n');
    assert.equal(foreign.exit, 2);
    const empty = await weirgate(['cluster', 'import', '--cluster', 'east', '-'], '');
    assert.match(empty.err, /nothing to import/);
    assert.equal(empty.exit, 2);
  }));

test('flows come from files, gzip files and standard input, and repeated ones are duplicates', t =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const folder = folderOf(t, { 'one.jsonl': lines([record(1), record(2)]) });
    const zipped = join(folder, 'two.jsonl.gz');
    await writeFile(zipped, gzipSync(lines([record(3), record(4), record(5)])));
    const files = await weirgate([...IMPORT, join(folder, 'one.jsonl'), zipped, '-o', 'json']);
    assert.equal(files.exit, 0, files.err);
    const { accepted, duplicates } = JSON.parse(files.out);
    assert.deepEqual([accepted, duplicates], [5, 0]);
    const again = await weirgate([...IMPORT, zipped, '-'], lines([record(6)]));
    assert.equal(again.exit, 0, again.err);
    assert.match(again.out, /│ all +│ 1 +│ 0 +│ 0 +│ 3 +│ 0 +│/);
    const listed = await weirgate(['network-flow', 'list', '--cluster', 'east', '-o', 'json']);
    assert.equal(JSON.parse(listed.out).flows[0].events, 6);
  }));

test('records that cannot be used are told by file and line; nothing but such is bad input', t =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const folder = folderOf(t, {
      'mixed.jsonl': lines([record(1), '{"time":"soon"}']),
      'bad.jsonl': lines(['not json', '{}']),
    });
    const mixed = await weirgate([...IMPORT, join(folder, 'mixed.jsonl')]);
    assert.equal(mixed.exit, 0);
    assert.match(mixed.err, /mixed\.jsonl:2:1: warning: .*`soon`/);
    const bad = await weirgate([...IMPORT, join(folder, 'bad.jsonl')]);
    assert.equal(bad.exit, 2);
    assert.match(bad.err, /bad\.jsonl:1:1: warning/);
  }));

test('a key that was used for other records fails, and says so', t =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const folder = folderOf(t, {
      'one.jsonl': lines([record(1)]),
      'two.jsonl': lines([record(2)]),
    });
    const keyed = [...IMPORT, '--key', 'nightly'];
    assert.equal((await weirgate([...keyed, join(folder, 'one.jsonl')])).exit, 0);
    const again = await weirgate([...keyed, join(folder, 'one.jsonl'), '-o', 'json']);
    assert.equal(JSON.parse(again.out).duplicates, 1);
    const other = await weirgate([...keyed, join(folder, 'two.jsonl')]);
    assert.equal(other.exit, 2);
    assert.match(other.err, /two\.jsonl.*key `nightly\/1` was used before/);
  }));

test('a file that is not there, a folder and a format that nobody reads are bad input', t =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const folder = folderOf(t, { 'one.jsonl': lines([record(1)]) });
    const one = join(folder, 'one.jsonl');
    const missing = await weirgate([...IMPORT, join(folder, 'none.jsonl')]);
    assert.match(missing.err, /does not exist/);
    const directory = await weirgate([...IMPORT, folder]);
    assert.match(directory.err, /is a folder/);
    const format = await weirgate([...IMPORT.slice(0, -1), 'smoke-signals', one]);
    assert.match(format.err, /smoke-signals/);
    assert.deepEqual([missing.exit, directory.exit, format.exit], [2, 2, 2]);
    assert.equal(await readFile(one, 'utf8'), lines([record(1)]));
  }));

/** What an upload answers that SIGINT ends after its first record. */
async function interrupted(server: string): Promise<string> {
  const stopping = Promise.withResolvers<() => void>();
  async function* forEver(): AsyncGenerator<string> {
    yield lines([record(1)]);
    (await stopping.promise)();
    await new Promise(() => {});
  }
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const told = text(stderr);
  const argv = ['--server', server, 'network-flow', 'import', '--cluster', 'typo', '-'];
  const exit = await runCli(argv, {
    ...{ stdin: Readable.from(forEver()), stdout, stderr, env: {} },
    onInterrupt: stop => {
      stopping.resolve(stop);
      return () => {};
    },
  });
  stderr.end();
  return `${exit} ${await told}`;
}

/** Streams of which nothing can be stored, and the format they are sent as. */
const VAIN: readonly (readonly [format: string, stream: string])[] = [
  ['auto', ''],
  ['hubble', ''],
  ['auto', '{"a":1}\n'],
  ['auto', '{"a":1}\n'.repeat(12_000)],
];

test('an import that stores nothing makes no cluster, and says so', () =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    for (const [format, stream] of VAIN) {
      const vain = ['network-flow', 'import', '--cluster', 'typo', '--format', format, '-'];
      const { err } = await weirgate(vain, stream);
      assert.match(err, /nothing came that could be stored, so that no cluster `typo` was made/);
    }
    for (const manifest of ['kind: [', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'])
      assert.equal(
        (await weirgate(['cluster', 'import', '--cluster', 'typo', '-'], manifest)).exit,
        2,
      );
    assert.match(
      await interrupted(server),
      /^130 interrupted: 0 records of cluster `typo` were stored since the upload began\nhint: to go on, send the same/,
    );
    const list = await weirgate(['cluster', 'list', '-o', 'json']);
    assert.deepEqual(JSON.parse(list.out), { clusters: [] });

    const late = `${'not json\n'.repeat(12_000)}${lines([record(1)])}`;
    assert.match((await weirgate([...IMPORT, '-'], late)).out, /│ - +│ 1 +│/);
    assert.match((await weirgate(['cluster', 'list'])).out, /│ east │/);
  }));
