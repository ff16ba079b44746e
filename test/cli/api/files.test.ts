import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { quickEnvironment } from '../../support/folder.js';
import { typescriptArguments } from '../../support/typescript.js';
import { folderOf } from '../folder.js';
import { type Ran, run } from '../run.js';
import { lines, MANIFESTS, record } from './weirgate.js';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** A process of its own, without any server to ask: port 9 answers nobody. */
async function weirgate(argv: readonly string[]): Promise<Ran> {
  const env = await quickEnvironment();
  return new Promise(resolve => {
    const child = execFile(
      process.execPath,
      [...typescriptArguments(), MAIN, '--server', 'http://127.0.0.1:9', ...argv],
      { env },
      (_, out, err) => resolve({ exit: child.exitCode ?? -1, out, err }),
    );
  });
}

test('policies are generated and simulated from files alone', async t => {
  const manifests = folderOf(t, MANIFESTS);
  const flows = join(folderOf(t, { 'flows.jsonl': lines([record(1)]) }), 'flows.jsonl');
  const later = join(
    folderOf(t, { 'flows.jsonl': lines([record(2, undefined, 9090)]) }),
    'flows.jsonl',
  );
  const policies = folderOf(t, {});
  const files = ['--manifests', manifests, '--format', 'neutral', '--flows', flows];

  const generated = await weirgate(['netpol', 'generate', ...files, '--output-dir', policies]);
  assert.equal(generated.exit, 0, generated.err);
  assert.match(generated.err, /2 policies in \S+: 2 written, 0 unchanged\n/);
  const api = await readFile(join(policies, 'api-networkpolicy.yaml'), 'utf8');
  assert.match(api, /port: 8080/);

  const simulate = ['netpol', 'simulate', ...files, '--policy-dir', policies];
  const same = await weirgate(simulate);
  assert.equal(same.exit, 0, same.err);
  assert.match(same.out, /1 still allowed, 0 newly blocked/);
  const more = await weirgate([...simulate, '--flows', later]);
  assert.equal(more.exit, 1, more.err);
  assert.match(more.out, /shop\/web -> shop\/api \(TCP 9090\)/);
});

test('files and a cluster exclude each other, and one of them is needed', async () => {
  const wrong: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
    [[], /no cluster is named/],
    [['--cluster', 'east', '--flows', 'x.jsonl'], /--cluster and files are both given/],
    [['--manifests', '.'], /no flows to learn from/],
    [['--flows', 'x.jsonl'], /no server can be started here/],
  ];
  for (const [argv, says] of wrong) {
    const { exit, err } = await run(['netpol', 'generate', ...argv]);
    assert.equal(exit, 2);
    assert.match(err, says);
  }
});
