/** Something whose time is taken. What it answers is kept, so that no compiler can leave the work out. */
export type Work = { readonly name: string; readonly run: () => unknown };

/** Milliseconds of each round, in the order of the rounds. */
export type Timing = {
  readonly name: string;
  readonly wall: readonly number[];
  /**
   * Processor time of all threads of the process, the collector's and the compiler's included. For
   * work of one thread it is at least the wall time of a machine that nobody shares.
   */
  readonly cpu: readonly number[];
};

/** The middle one; of an even number the upper of the two in the middle. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;

/** What the rounds answered last, in sight of the optimizer. */
const answers: unknown[] = [];

/** Garbage of the work before is no cost of this one; only where `--expose-gc` was given. */
const collect = (): void => globalThis.gc?.();

async function timeOf({ run }: Work): Promise<{ wall: number; cpu: number }> {
  collect();
  const cpu = process.cpuUsage();
  const start = performance.now();
  answers[0] = await run();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 };
}

/** All works take turns in each round, so that they meet the same noise. Times in the order of `works`. */
export async function rounds(works: readonly Work[], count: number): Promise<readonly Timing[]> {
  const timings = works.map(({ name }) => ({ name, wall: [] as number[], cpu: [] as number[] }));
  for (let round = 0; round < count; round++) {
    for (const [place, work] of works.entries()) {
      const { wall, cpu } = await timeOf(work);
      timings[place]?.wall.push(wall);
      timings[place]?.cpu.push(cpu);
    }
  }
  return timings;
}

/** One work alone. */
export async function roundsOf(work: Work, count: number): Promise<Timing> {
  const [timing] = await rounds([work], count);
  if (timing === undefined) throw new Error(`no time was taken of \`${work.name}\``);
  return timing;
}

/**
 * How many times dearer `one` is than `other`: the middle of the ratios round by round. Of processor
 * time, since both are works of one thread, and wall time on a shared machine is mostly waiting.
 */
export const ratioOf = (one: Timing, other: Timing): number =>
  median(one.cpu.map((cpu, round) => cpu / (other.cpu[round] ?? median(other.cpu))));
