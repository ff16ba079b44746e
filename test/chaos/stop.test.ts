import { test } from 'node:test';
import { withFolder } from '../support/folder.js';
import { stopAfter } from './stop-at-any-moment.js';

// `npm run chaos` does the same at many more moments.
for (const [milliseconds, signal] of [
  [2_000, 'SIGTERM'],
  [4_000, 'SIGINT'],
] as const)
  test(`${signal} ${milliseconds} ms after the start ends the server, and nothing of it is left`, () =>
    withFolder(folder => stopAfter(folder, milliseconds, signal)));
