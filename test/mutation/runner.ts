import { appendFileSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext, StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { type CollectedTest, collectedTests, collectFrom } from './collector.ts';

const COLLECTOR = new URL('./collector.ts', import.meta.url).href;

/** The compiled tests ask for `node:test`, and get the collector. */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'node:test' ? { url: COLLECTOR, shortCircuit: true } : next(specifier, context),
});

/** A property that finds nothing in this time is not worth more: each survivor runs every one that reaches it. */
fc.configureGlobal({ seed: 7, endOnFailure: true, interruptAfterTimeLimit: 100 });

/** A test's file: no name of a file holds a blank. */
const fileOf = (id: string): string => id.split(' ', 1)[0] ?? id;

const collect = (file: string): Promise<void> =>
  collectFrom(file, () => import(pathToFileURL(resolve(file)).href));

/** Where instrumented code looks for the active mutant, and counts. */
const instrumented = (): InstrumenterContext => {
  const holder = globalThis as { __stryker__?: InstrumenterContext };
  holder.__stryker__ ??= {};
  return holder.__stryker__;
};

type OwnOptions = {
  readonly inProcess: {
    readonly testFiles: readonly string[];
    readonly firstFiles: readonly string[];
    /** What no test kills in this time (ms) counts as a survivor. */
    readonly budget: number;
  };
};

/** In the sandbox: what a process that ended has learned, for the one that takes its place. */
const TIMES = 'mutation-times.json';
const KILLS = 'mutation-kills.jsonl';

/** `netpol/lint` of `src/netpol/lint/rules/dns.ts`, which is tested in `test/netpol/lint/`. */
const roomOf = (mutant: string): string =>
  /src\/(netpol\/\w+)\//.exec(mutant)?.[1] ?? 'netpol/none';

/** A test of the mutant's own room, or of its file's name: `test/netpol/reading/render.test.ts` for `src/netpol/render.ts`. */
const isNear = (mutant: string, test: string): boolean =>
  test.includes(`/${roomOf(mutant)}/`) || test.includes(`/${basename(mutant, '.ts')}.test.`);

/**
 * Runs the engine's tests in the process that stays: a mutant costs the time of the tests that reach it, not a
 * start of Node for each test file (docs/mutation.md). A mutant that awakes at import has a process of its own;
 * Stryker also starts one after a mutant that did not end.
 */
class InProcessRunner implements TestRunner {
  static readonly inject = tokens(commonTokens.options);
  readonly #files: readonly string[];
  readonly #budget: number;
  /** What each test takes, and each file: its tests, and what it does when it is loaded. */
  readonly #milliseconds = new Map<string, number>();
  /** How many mutants of a file each test has killed, by file and test: what killed one likely kills the next. */
  readonly #kills = new Map<string, Map<string, number>>();
  #isLoaded = false;
  #isSpoilt = false;

  constructor(options: StrykerOptions) {
    const { testFiles, firstFiles, budget } = (options as unknown as OwnOptions).inProcess;
    this.#budget = budget;
    this.#files = [...new Set([...firstFiles, ...globSync([...testFiles]).toSorted()])];
  }

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async dryRun({ disableBail }: DryRunOptions): Promise<DryRunResult> {
    const context = instrumented();
    context.mutantCoverage = { static: {}, perTest: {} };
    await this.#load();
    const tests = await this.#run(collectedTests(), !disableBail, Number.POSITIVE_INFINITY);
    for (const { id, timeSpentMs } of tests) this.#addTime(fileOf(id), timeSpentMs);
    writeFileSync(TIMES, JSON.stringify([...this.#milliseconds]));
    const { mutantCoverage } = context;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, disableBail } = options;
    const isAtImport = mutantActivation === 'static';
    // What was loaded before would spare this one, or kill it: Stryker tries it again in a new process.
    if (this.#isSpoilt || (isAtImport && this.#isLoaded)) process.exit(1);
    const context = instrumented();
    delete context.mutantCoverage;
    const activate = () => {
      Object.assign(context, { activeMutant: activeMutant.id, hitLimit, hitCount: 0 });
    };
    if (isAtImport) this.#recall();
    else await this.#load();
    activate();
    const tests = isAtImport
      ? await this.#loadAndRun(
          this.#filesFor(activeMutant.fileName),
          options.testFilter,
          !disableBail,
        )
      : await this.#run(
          this.#reaching(options.testFilter, activeMutant.fileName),
          !disableBail,
          performance.now() + this.#budget,
        );
    this.#countKill(activeMutant.fileName, tests);
    const endless = determineHitLimitReached(context.hitCount, hitLimit);
    delete context.activeMutant;
    if (isAtImport) this.#isSpoilt = true;
    else await this.#checkSpoilt(tests);
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests });
  }

  async #load(): Promise<void> {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    for (const file of this.#files) {
      const start = performance.now();
      await collect(file);
      this.#addTime(file, performance.now() - start);
    }
    this.#recall();
  }

  #addTime(id: string, time: number): void {
    this.#milliseconds.set(id, (this.#milliseconds.get(id) ?? 0) + time);
  }

  #recall(): void {
    if (!existsSync(TIMES)) return;
    for (const [id, time] of JSON.parse(readFileSync(TIMES, 'utf8')) as [string, number][])
      this.#milliseconds.set(id, time);
    if (!existsSync(KILLS)) return;
    for (const line of readFileSync(KILLS, 'utf8').split('\n').filter(Boolean)) {
      const [mutant, test] = JSON.parse(line) as [string, string];
      this.#addKill(mutant, test);
    }
  }

  /**
   * For a mutant in code that runs at import, in a process that has just begun: file by file, so that a kill costs
   * little.
   */
  async #loadAndRun(
    files: readonly string[],
    filter: readonly string[] | undefined,
    bail: boolean,
  ): Promise<TestResult[]> {
    const results: TestResult[] = [];
    const before = new Set<CollectedTest>();
    const end = performance.now() + this.#budget;
    for (const file of files) {
      if (performance.now() > end) break;
      const broken = await this.#loadFault(file);
      if (broken !== null) return [...results, broken];
      const fresh = this.#reaching(filter, '').filter(test => !before.has(test));
      results.push(...(await this.#run(fresh, bail, end)));
      if (bail && results.at(-1)?.status === TestStatus.Failed) break;
      for (const test of fresh) before.add(test);
    }
    return results;
  }

  /** A test file that cannot even be loaded with the mutant notices it, under the name of one of its tests. */
  async #loadFault(file: string): Promise<TestResult | null> {
    try {
      await collect(file);
      return null;
    } catch (error) {
      const failureMessage = error instanceof Error ? error.message : String(error);
      const id = [...this.#milliseconds.keys()].find(one => one.startsWith(`${file} `)) ?? file;
      return { id, name: id, timeSpentMs: 0, status: TestStatus.Failed, failureMessage };
    }
  }

  /** All files, in the order of `#reaching`. */
  #filesFor(mutant: string): readonly string[] {
    const kills = new Map<string, number>();
    for (const [id, count] of this.#kills.get(mutant) ?? [])
      kills.set(fileOf(id), (kills.get(fileOf(id)) ?? 0) + count);
    return this.#files.toSorted(this.#byWorth(mutant, kills, file => file));
  }

  /** The tests that reach a mutant. */
  #reaching(filter: readonly string[] | undefined, mutant: string): readonly CollectedTest[] {
    const wanted = filter === undefined ? null : new Set(filter);
    const kills = this.#kills.get(mutant) ?? new Map<string, number>();
    return collectedTests()
      .filter(({ id }) => wanted === null || wanted.has(id))
      .toSorted(this.#byWorth(mutant, kills, ({ id }) => id));
  }

  /** First what killed most mutants of its file for its time, then the fastest; what is near may take five times as long. */
  #byWorth<T>(
    mutant: string,
    kills: ReadonlyMap<string, number>,
    idOf: (one: T) => string,
  ): (one: T, other: T) => number {
    const time = (id: string) => 1 + (this.#milliseconds.get(id) ?? 0);
    const worth = (id: string) => (kills.get(id) ?? 0) / time(id);
    const cost = (id: string) => time(id) / (isNear(mutant, id) ? 5 : 1);
    return (one, other) =>
      worth(idOf(other)) - worth(idOf(one)) || cost(idOf(one)) - cost(idOf(other));
  }

  #countKill(mutant: string, results: readonly TestResult[]): void {
    const killer = results.find(({ status }) => status === TestStatus.Failed);
    if (killer === undefined) return;
    this.#addKill(mutant, killer.id);
    appendFileSync(KILLS, `${JSON.stringify([mutant, killer.id])}\n`);
  }

  #addKill(mutant: string, test: string): void {
    const known = this.#kills.get(mutant) ?? new Map<string, number>();
    this.#kills.set(mutant, known.set(test, (known.get(test) ?? 0) + 1));
  }

  /** With `bail` until one fails, and no longer than until `end`. */
  async #run(tests: readonly CollectedTest[], bail: boolean, end: number): Promise<TestResult[]> {
    const results: TestResult[] = [];
    for (const one of tests) {
      if (performance.now() > end) break;
      const result = await this.#runOne(one);
      results.push(result);
      if (bail && result.status === TestStatus.Failed) break;
    }
    return results;
  }

  /** Without a file name: the incremental report would look for the compiled file, and think each test new. */
  async #runOne({ id, run }: CollectedTest): Promise<TestResult> {
    const context = instrumented();
    context.currentTestId = id;
    const start = performance.now();
    const failure = await run().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const timeSpentMs = performance.now() - start;
    delete context.currentTestId;
    const result = { id, name: id, timeSpentMs };
    if (failure !== null)
      return { ...result, status: TestStatus.Failed, failureMessage: failure || 'failed' };
    this.#milliseconds.set(id, timeSpentMs);
    return { ...result, status: TestStatus.Success };
  }

  /** A test that still fails without the mutant says that it left something behind. */
  async #checkSpoilt(results: readonly TestResult[]): Promise<void> {
    const failed = results.find(({ status }) => status === TestStatus.Failed);
    const again = collectedTests().find(({ id }) => id === failed?.id);
    if (again === undefined) return;
    const { status } = await this.#runOne(again);
    this.#isSpoilt = status === TestStatus.Failed;
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
];

/** Our section of `stryker.config.json`. */
export const strykerValidationSchema = {
  properties: {
    inProcess: {
      type: 'object',
      required: ['testFiles', 'firstFiles', 'budget'],
      additionalProperties: false,
      properties: {
        testFiles: { type: 'array', items: { type: 'string' } },
        firstFiles: { type: 'array', items: { type: 'string' } },
        budget: { type: 'number' },
      },
    },
  },
};
