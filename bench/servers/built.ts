import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isQuick } from '../measure/options.js';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

let built: readonly string[] | null = null;

/**
 * Arguments of Node for the server as it is shipped: tsx would name every closure anew, each time that one is made. A
 * quick run does not build.
 */
export function weirgate(): readonly string[] {
  if (isQuick) return [...process.execArgv, path('../../src/main.ts')];
  if (built === null) {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: path('../..'), stdio: 'inherit' });
    built = [path('../../dist/src/main.js')];
  }
  return built;
}
