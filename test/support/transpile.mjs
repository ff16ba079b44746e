/**
 * Writes every TypeScript file of the house as JavaScript to `.transpiled/`, before a run of many test files. Each of
 * them is a process that loads some 400 modules: to look for each of these in a cache takes longer than to run them.
 */
import { globSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { OUT, ROOT } from './transpiled.mjs';

const { outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: globSync('{src,test,migrations,bench}/**/*.ts', { cwd: ROOT }),
  // Places in the files are told as if they stood beside their sources.
  outdir: '.',
  outbase: '.',
  write: false,
  format: 'esm',
  target: 'node22',
  sourcemap: 'inline',
  sourcesContent: false,
});

await rm(OUT, { recursive: true, force: true });
for (const { path, contents } of outputFiles) {
  const file = join(OUT, relative(ROOT, path));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contents);
}
