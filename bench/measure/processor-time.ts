import { readdirSync, readFileSync } from 'node:fs';

/** Of `/proc/PID/stat` in ticks of 10 ms, which is what Linux counts in on every machine that Node runs on. */
const TICK = 10;

type Process = {
  readonly parent: number;
  /** Milliseconds of processor time so far. */
  readonly time: number;
  /** The same of its children that have ended. */
  readonly ended: number;
};

/** Null when there is no such process any more. */
function processOf(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): after the name in brackets (3) state, (4) ppid, … (14) utime, (15) stime, (16) cutime, (17) cstime.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return {
      parent: fields[1] ?? 0,
      time: (user + system) * TICK,
      ended: (endedUser + endedSystem) * TICK,
    };
  } catch {
    return null;
  }
}

function runningOf(pid: number): Process {
  const found = processOf(pid);
  if (found !== null) return found;
  throw new Error(`process ${pid} is not running, or this is not Linux`);
}

/** Milliseconds that a process has computed so far, all of its threads together. Linux only. */
export const timeOf = (pid: number): number => runningOf(pid).time;

/** The same of all processes that a process ever started: the backends of a Postgres. */
export const timeOfChildren = (pid: number): number =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => processOf(Number(name)))
    .reduce((sum, one) => sum + (one?.parent === pid ? one.time : 0), runningOf(pid).ended);
