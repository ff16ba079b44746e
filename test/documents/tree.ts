import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['.ci', 'bench', 'build', 'docker', 'docs', 'migrations', 'src', 'test'];

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Files of a folder of the project, as paths from its top. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(ROOT.length + 1));

export const files: readonly string[] = [
  ...FOLDERS.flatMap(filesIn),
  ...readdirSync(ROOT, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name }) => name),
];

/** Names of the folders in `src/`. */
export const rooms: readonly string[] = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name);

/** What stands between backticks within a line, outside of code blocks. */
export const quoted = (markdown: string): readonly string[] =>
  [...markdown.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, text = '']) => text,
  );

/** The code blocks of a language (`''`: of none), without their fences. */
export const blocksOf = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(/^```([a-z]*)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , text = '']) => text);
