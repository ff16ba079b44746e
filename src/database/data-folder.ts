import { constants } from 'node:fs';
import { access, mkdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, failure } from './failure.js';

/** What a new cluster takes: its catalogs, and the first files of its log. */
const SMALLEST_FREE = 100 * 2 ** 20;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'the system makes no folder there',
  ENOTDIR: 'it is a file, or a part of the path is',
};

const unusable = (folder: string, error: unknown) =>
  failure(
    `the data folder \`${folder}\` cannot be used: ${REASONS[codeOf(error) ?? ''] ?? String(error)}`,
    'name one that this user may write by `--data-dir`, or another Postgres by `--database-url`',
    error,
  );

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    error => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );

/** One folder after another: with `recursive` Node tries for ever where the system makes none, as in /proc. */
async function make(folder: string): Promise<void> {
  if (await isThere(folder)) return;
  if (dirname(folder) !== folder) await make(dirname(folder));
  await mkdir(folder).catch(error => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

/** Whether the embedded Postgres has been set up in the folder. @throws Failure where it can be no folder */
export const hasCluster = (folder: string): Promise<boolean> =>
  isThere(join(folder, 'postgres')).catch(error => {
    throw unusable(folder, error);
  });

async function assertRoom(folder: string): Promise<void> {
  if (await hasCluster(folder)) return;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= SMALLEST_FREE) return;
  throw failure(
    `${Math.floor(free / 2 ** 20)} MiB are free at \`${folder}\`, and a new Postgres needs ${SMALLEST_FREE / 2 ** 20}`,
    'make room, or name a folder on another disk by `--data-dir`',
  );
}

/**
 * Makes the folder where it is missing. A second call does nothing.
 * @throws Failure where it is a file, cannot be written, or has no room for a new database
 */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await make(folder);
    if (!(await stat(folder)).isDirectory())
      throw Object.assign(new Error('a file'), { code: 'ENOTDIR' });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, error);
  }
  await assertRoom(folder);
}
