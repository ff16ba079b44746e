import { type ExecFileOptions, execFile } from 'node:child_process';

/**
 * Runs a program to its end. The signal interrupts it, and it is waited for all the same: what it leaves must not come after us.
 * @throws when it fails, or was interrupted
 */
export const runProgram = (
  program: string,
  flags: readonly string[],
  options: ExecFileOptions,
  signal?: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = execFile(program, [...flags], { ...options, encoding: 'utf8' }, error =>
      error === null ? resolve() : reject(error),
    );
    const interrupt = (): void => void child.kill('SIGINT');
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    child.once('exit', () => signal?.removeEventListener('abort', interrupt));
  });
