/**
 * Stands in for `node:test` in mutation runs: tests are collected, so that the runner can run them again and
 * again in one process. It knows what the engine's tests use of `node:test`; anything else fails when it is used.
 */
export type CollectedTest = {
  /** File and name, unique. */
  readonly id: string;
  readonly run: () => Promise<void>;
};

/** What a test function is given. */
type Context = {
  readonly name: string;
  readonly after: (clean: () => unknown) => void;
  readonly diagnostic: (message: string) => void;
};

type Body = (context: Context) => unknown;
type Options = { readonly skip?: boolean | string };

const collected: CollectedTest[] = [];
let openFile = '';

/** Collects the tests that `load` declares, under the name of their file. */
export async function collectFrom(file: string, load: () => Promise<unknown>): Promise<void> {
  openFile = file;
  await load();
}

export const collectedTests = (): readonly CollectedTest[] => collected;

function idOf(name: string): string {
  const id = `${openFile} ${name}`;
  const twins = collected.filter(one => one.id === id || one.id.startsWith(`${id} #`)).length;
  return twins === 0 ? id : `${id} #${twins + 1}`;
}

async function runBody(name: string, body: Body): Promise<void> {
  const cleaners: (() => unknown)[] = [];
  try {
    await body({ name, after: clean => cleaners.push(clean), diagnostic: () => undefined });
  } finally {
    for (const clean of cleaners) await clean();
  }
}

export function test(name: string, ...rest: readonly [Body] | readonly [Options, Body]): void {
  const [options, body] = rest.length === 2 ? rest : [{}, rest[0]];
  if (options.skip) return;
  const id = idOf(name);
  collected.push({ id, run: () => runBody(name, body) });
}
