import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../../shared/data');

/** The path of a recorded file beside the project. */
export const recorded = (path: string): string => resolve(FOLDER, path);

/** For a test's `skip`: why, when a recorded file is not there, else false. */
recorded.missing = (...paths: readonly string[]): string | false => {
  const lacking = paths.filter(path => !existsSync(recorded(path)));
  return lacking.length === 0 ? false : `recorded data is not there: ${lacking.join(', ')}`;
};
