import { type Command, Option } from 'commander';
import { failOnOption } from './fail-on.js';
import { Exit } from './shell.js';

const FAIL_ON = { allowed: 'ALLOWED', denied: 'DENIED', undecidable: 'UNDECIDABLE' } as const;

type FailOn = keyof typeof FAIL_ON;

/** With these all that is not allowed for certain counts. */
const UNCERTAIN: readonly FailOn[] = ['denied', 'undecidable'];

export type VerdictExitOptions = {
  readonly exitCode?: boolean;
  readonly failOn: readonly FailOn[];
};

/** `--fail-on`, and the short form of what is mostly wanted. */
export const addVerdictExit = (command: Command): Command =>
  command
    .addOption(
      new Option('--exit-code', `the same as --fail-on ${UNCERTAIN.join(',')}`).conflicts('failOn'),
    )
    .addOption(failOnOption(FAIL_ON, []));

export const exitOfVerdicts = (
  { exitCode, failOn }: VerdictExitOptions,
  verdicts: readonly string[],
): Exit => {
  const counting = exitCode === true ? UNCERTAIN : failOn;
  return counting.some(name => verdicts.includes(FAIL_ON[name])) ? Exit.FINDINGS : Exit.CLEAN;
};
