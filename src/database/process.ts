import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** True while the id is in use: another user's process counts, and one that ended and was not yet waited for. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of proc_pid_stat(5): clock ticks after boot. The name in field 2 may hold spaces and brackets. */
function linuxStart(pid: number): string | null {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ');
  const [state] = fields ?? [];
  return state === 'Z' ? null : (fields?.[19] ?? null);
}

const told = (pid: number, column: string): string | null =>
  execFileSync('ps', ['-o', `${column}=`, '-p', `${pid}`], { encoding: 'utf8' }).trim() || null;

/**
 * When a process started, as an opaque text: with the id it names one process, for ids are used again.
 * Null when no such process runs.
 */
export function startOf(pid: number): string | null {
  if (!isTaken(pid)) return null;
  try {
    if (process.platform === 'win32') return 'unknown';
    return process.platform === 'linux' ? linuxStart(pid) : told(pid, 'lstart');
  } catch {
    return null;
  }
}

/** The command line of a process, blanks between the words; null when no such process runs. */
export function commandOf(pid: number): string | null {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || null
      : told(pid, 'command');
  } catch {
    return null;
  }
}
