/** What Stryker reports of a run: shared by `run.ts` and `report.ts`. */
import { existsSync, readFileSync } from 'node:fs';

export type Mutant = {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
};

export type Tested = { readonly source: string; readonly mutants: readonly Mutant[] };

export type Report = { readonly files: Readonly<Record<string, Tested>> };

export const reportAt = (file: string): Report =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : { files: {} };

/** In code that runs only at import, which needs a new process for each mutant, or ended its process: left for `--survivors`. */
export const isUntried = ({ status }: Mutant): boolean =>
  status === 'Ignored' || status === 'RuntimeError';

/** Whether no test killed it, for whatever reason. */
export const isAlive = (mutant: Mutant): boolean =>
  mutant.status === 'Survived' || mutant.status === 'NoCoverage' || isUntried(mutant);
