import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../..');
/** What is on disk beside the project's own files. */
const NOT_OURS = [
  '.git',
  '.stryker-tmp',
  '.transpiled',
  '.weirgate',
  'dist',
  'node_modules',
  'reports',
];
const EXAMPLE = 'docs/examples/shop';

let checkout = '';
let installed = '';
let packed: readonly string[] = [];

const runIn = (folder: string, program: string, args: readonly string[]): string =>
  execFileSync(program, args, { cwd: folder, encoding: 'utf8' });

/** Copies the checkout, builds it there without checking its types, and puts what npm would pack beside other packages. */
before(() => {
  const folder = mkdtempSync(join(tmpdir(), 'weirgate-package-'));
  [checkout, installed] = [join(folder, 'checkout'), join(folder, 'installed')];
  for (const name of readdirSync(ROOT).filter(one => !NOT_OURS.includes(one)))
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  for (const place of [checkout, folder])
    symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  const tsc = 'node_modules/typescript/bin/tsc';
  runIn(checkout, process.execPath, [tsc, '--project', 'tsconfig.build.json', '--noCheck']);
  runIn(checkout, process.execPath, ['build/command.mjs']);
  runIn(checkout, process.execPath, ['build/graphiql.mjs']);
  const [{ files }] = JSON.parse(
    runIn(checkout, 'npm', ['pack', '--dry-run', '--json', '--ignore-scripts']),
  );
  packed = files.map(({ path }: { readonly path: string }) => path);
  for (const path of packed) cpSync(join(checkout, path), join(installed, path));
});

after(() => rmSync(resolve(checkout, '..'), { recursive: true, force: true }));

test('the package holds what runs, its licence and its README, and nothing else', () => {
  const strange = packed.filter(
    path => !/^(LICENSE|README\.md|package\.json|dist\/(src|migrations|graphiql)\/.*)$/.test(path),
  );
  assert.deepEqual(strange, []);
  for (const path of ['LICENSE', 'README.md', 'package.json', 'dist/graphiql/index.html.gz'])
    assert.ok(packed.includes(path), path);
  assert.deepEqual(
    packed.filter(path => /\.ts$|\.test\.|\.map$|tsbuildinfo/.test(path)),
    [],
  );
});

test('every source file and every migration is in the package', () => {
  const sources = globSync(['src/**/*.ts', 'migrations/*.ts'], { cwd: ROOT });
  const missing = sources
    .map(path => `dist/${path.replace(/\.ts$/, '.js')}`)
    .filter(path => !packed.includes(path));
  assert.deepEqual(missing, []);
});

test('the installed command tells its version and works on manifests as the one of the checkout', () => {
  const { bin, version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const ours = (...args: readonly string[]): string =>
    runIn(installed, process.execPath, [bin.weirgate, ...args]);
  assert.equal(ours('--version').trim(), version);
  const map = ['netpol', 'connectivity', 'map', join(ROOT, EXAMPLE)];
  const printed = ours(...map);
  assert.ok(printed.split('\n').length > 5);
  assert.equal(printed, runIn(ROOT, process.execPath, ['--import', 'tsx', 'src/main.ts', ...map]));
});
