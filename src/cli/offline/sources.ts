import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Source } from '../../netpol/index.js';
import { unreadable } from '../file-faults.js';
import { Failure } from '../shell.js';
import { decoded } from './decoded.js';

const MANIFEST = /\.(?:ya?ml|json)$/i;

/**
 * The manifests under the paths: a folder with all below it (`*.yaml`, `*.yml`, `*.json`), a file
 * of any name, or `-` for standard input. In the order of their names.
 */
export const readSources = async (
  paths: readonly string[],
  stdin: NodeJS.ReadableStream,
): Promise<readonly Source[]> => {
  const sources: Source[] = [];
  for (const path of paths) {
    if (path === '-') sources.push({ file: '-', text: await readStdin(stdin) });
    else sources.push(...(await readPath(path)));
  }
  return sources;
};

/** The text of one file, or of standard input for `-`. */
export const readTextAt = async (path: string, stdin: NodeJS.ReadableStream): Promise<string> =>
  path === '-' ? readStdin(stdin) : (await readSource(path)).text;

const READ = new WeakSet<NodeJS.ReadableStream>();

/** Standard input is there once: who names it twice would get nothing the second time. */
export const takeStdin = (stdin: NodeJS.ReadableStream): NodeJS.ReadableStream => {
  if (READ.has(stdin))
    throw new Failure('standard input is named twice', 'put one of the two into a file');
  READ.add(stdin);
  return stdin;
};

const readStdin = async (stdin: NodeJS.ReadableStream): Promise<string> =>
  decoded(await buffer(takeStdin(stdin)), '-');

const readPath = async (path: string): Promise<readonly Source[]> => {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new Failure(
      `\`${path}\` does not exist`,
      'name a folder with manifests, a file, or `-` for standard input',
    );
  }
  const files = found.isDirectory() ? await filesBelow(path) : [path];
  return Promise.all(files.map(readSource));
};

const readSource = async (file: string): Promise<Source> => {
  const read = await readFile(file).catch(error => {
    throw unreadable(file, error);
  });
  return { file, text: decoded(read, file) };
};

const filesBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(error => {
    throw unreadable(folder, error);
  });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (MANIFEST.test(entry.name) && (await isFile(path))) found.push(path);
  }
  return found;
};

/** Also through a link, as mounted ConfigMaps have them. */
const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isFile() ?? false;
