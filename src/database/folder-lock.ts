import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, failure } from './failure.js';
import { startOf } from './process.js';

/** The process that holds a data folder. Its start time tells it from a later one of the same id. */
type Holder = { readonly pid: number; readonly startedAt: string | null };

const LOCK = 'server.lock';

export const lockFile = (folder: string): string => join(folder, LOCK);

const myself = (): Holder => ({ pid: process.pid, startedAt: startOf(process.pid) });

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' && value !== null && 'pid' in value && Number.isInteger(value.pid);

async function holderOf(path: string): Promise<Holder | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isHolder(value) ? value : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

const lives = ({ pid, startedAt }: Holder): boolean => {
  const start = startOf(pid);
  return start !== null && (startedAt === null || start === startedAt);
};

/** The process that holds the folder now; null when none does, or it died without letting go. */
export async function liveHolder(folder: string): Promise<number | null> {
  const holder = await holderOf(lockFile(folder));
  return holder !== null && lives(holder) ? holder.pid : null;
}

const inUse = (folder: string, pid: number | null): Error =>
  failure(
    `the data folder \`${folder}\` is in use by process ${pid ?? 'unknown'}`,
    'stop that server, or give this one a data folder of its own by `--data-dir`',
  );

/** A hard link comes into being whole and only once, so exactly one of several processes wins. */
async function claim(written: string, path: string): Promise<boolean> {
  try {
    await link(written, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes `path` over from a holder that died. Who may do so is settled by a claim beside it, so that two
 * starting servers never both replace the file; a claim whose owner died in between is taken over in turn.
 */
async function takeOver(folder: string, written: string, path: string): Promise<void> {
  const holder = await holderOf(path);
  if (holder !== null && lives(holder)) throw inUse(folder, holder.pid);
  if (path.length - lockFile(folder).length > 20) throw inUse(folder, holder?.pid ?? null);
  const right = `${path}.next`;
  if (!(await claim(written, right))) await takeOver(folder, written, right);
  try {
    const again = await holderOf(path);
    if (again !== null && lives(again)) throw inUse(folder, again.pid);
    await link(written, `${written}.copy`);
    await rename(`${written}.copy`, path);
  } finally {
    await rm(right, { force: true });
  }
}

/**
 * Makes this process the only one that uses the data folder; answers the function that lets go.
 * Throws a Failure that names the process when another one holds it.
 */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const path = lockFile(folder);
  const written = `${path}.${randomUUID()}`;
  await writeFile(written, JSON.stringify(myself()), { mode: 0o644 });
  try {
    if (!(await claim(written, path))) await takeOver(folder, written, path);
  } finally {
    await rm(written, { force: true });
  }
  return () => rm(path, { force: true });
}
