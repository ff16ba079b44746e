import { readdirSync, readFileSync } from 'node:fs';

/** Of `/proc/PID/stat` in ticks of 10 ms, which is what Linux counts in on every machine that Node runs on. */
const TICK = 10;

/** Parent, and milliseconds of processor time so far; null when there is no such process any more. */
function processOf(pid: number): { readonly parent: number; readonly time: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): what follows the name in brackets is (3) state, (4) ppid, … (14) utime, (15) stime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), time: (Number(fields[11]) + Number(fields[12])) * TICK };
  } catch {
    return null;
  }
}

/** Milliseconds that a process has computed so far, all of its threads together. Linux only. */
export function timeOf(pid: number): number {
  const found = processOf(pid);
  if (found === null) throw new Error(`process ${pid} is not running, or this is not Linux`);
  return found.time;
}

/** The same of the processes that a process has started and that run still: the backends of a Postgres. */
export const timeOfChildren = (pid: number): number =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => processOf(Number(name)))
    .reduce((sum, one) => sum + (one?.parent === pid ? one.time : 0), 0);
