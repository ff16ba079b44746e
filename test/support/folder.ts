import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Linux keeps its files in memory: tests make and remove many thousands, for which disks look long for a place. */
const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;

export const QUICK_FOLDERS = [IN_MEMORY, tmpdir()];

/** Where databases of tests are made: in memory where there is plenty of it. */
export async function quickFolder(): Promise<string> {
  const { bavail, bsize } = await statfs(IN_MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize < ENOUGH_BYTES ? tmpdir() : IN_MEMORY;
}

/** For a process that makes a database of its own. */
export const quickEnvironment = async (): Promise<NodeJS.ProcessEnv> => ({
  ...process.env,
  TMPDIR: await quickFolder(),
});

/** Gives the test a folder of its own. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(await quickFolder(), 'weirgate-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
