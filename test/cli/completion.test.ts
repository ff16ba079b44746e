import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderOf } from './folder.js';
import { run } from './run.js';

/** What bash offers for the last word of a command line, by the script that we print. */
const ASK = `
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=(); _weirgate; echo "\${COMPREPLY[@]}"`;

const LINES: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ['weirgate netw', ['network-flow']],
  ['weirgate network-flow li', ['list']],
  ['weirgate --server http://a network-flow list --depl', ['--deployment']],
  ['weirgate netpol connectivity ', ['map', 'diff', '--help', '-h']],
  ['weirgate netpol lint dir -o s', ['sarif']],
  ['weirgate cluster list --tok', ['--token']],
  ['weirgate netpol lint --tok', []],
  ['weirgate network-flow list --cluster ', []],
  ['weirgate completion ', ['--help', '-h']],
];

test('bash completes commands, flags and choices by the script that is printed', async t => {
  const { out, exit } = await run(['completion', 'bash']);
  assert.equal(exit, 0);
  const script = join(folderOf(t, { 'weirgate.bash': out }), 'weirgate.bash');
  for (const [line, offers] of LINES) {
    const words = line.split(' ');
    const told = execFileSync('bash', ['-c', ASK, 'bash', script, ...words], { encoding: 'utf8' });
    assert.deepEqual(told.split(/\s+/).filter(Boolean), offers, line);
  }
});

test('zsh and fish have the same commands, flags and choices; another shell is refused', async () => {
  const [zsh, fish] = [await run(['completion', 'zsh']), await run(['completion', 'fish'])];
  assert.match(zsh.out, /^#compdef weirgate\n/);
  for (const words of [/'network-flow list'\)/, /--deployment/, /table json yaml/])
    assert.match(zsh.out, words);
  assert.match(fish.out, /-n '__weirgate_at \\'cluster\\'' -a list/);
  assert.match(fish.out, /__weirgate_at \\'netpol lint\\'' -l output -s o -r -f -a 'table json/);
  const other = await run(['completion', 'cmd']);
  assert.deepEqual([other.exit, other.out], [2, '']);
});
