/**
 * Writes every TypeScript file of the house as JavaScript to `.transpiled/`, before a run of many test files. Each of
 * them is a process that loads hundreds of modules: to look for each of these in a cache takes longer than to run them.
 * `--packages`: what they load of packages, too.
 */
import { globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundlePackages } from './packages.mjs';
import { LIST, OUT, ROOT } from './written.mjs';

/** Decorators have to be compiled, and so have fields of classes (`useDefineForClassFields` is false). */
const MORE_THAN_TYPES = /^\s*@\w+\(|^\s*(?:export )?(?:abstract )?class /m;

/** With blanks in place of its types, so that each line and column stays where it was; null: it has to be compiled. */
function stripped(source) {
  if (MORE_THAN_TYPES.test(source)) return null;
  try {
    return stripTypeScriptTypes(source);
  } catch {
    return null;
  }
}

/** With a source map, which takes a while to read: hence not of all files. */
async function compiled(entryPoints) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    // Places in the files are told as if they stood beside their sources.
    outdir: '.',
    outbase: '.',
    write: false,
    format: 'esm',
    target: 'node22',
    sourcemap: 'inline',
    sourcesContent: false,
  });
  return outputFiles.map(({ path, text }) => ({ file: relative(ROOT, path), text }));
}

const sources = globSync('{src,test,migrations,bench}/**/*.ts', { cwd: ROOT });
const read = await Promise.all(
  sources.map(async path => ({
    path,
    text: stripped(await readFile(join(ROOT, path), 'utf8')),
  })),
);
const rest = await compiled(read.filter(({ text }) => text === null).map(({ path }) => path));
const plain = read
  .filter(({ text }) => text !== null)
  .map(({ path, text }) => ({ file: path.replace(/\.ts$/, '.js'), text }));

await rm(OUT, { recursive: true, force: true });
for (const { file, text } of [...plain, ...rest]) {
  const path = join(OUT, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
await writeFile(LIST, JSON.stringify([...plain, ...rest].map(({ file }) => file)));
if (process.argv.includes('--packages')) await bundlePackages();
