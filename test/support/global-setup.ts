// Node loads this file before `--import` takes effect, so that what reads TypeScript comes in by hand.
if (process.execArgv.some(argument => argument.endsWith('transpiled.mjs'))) {
  await import('./transpiled.mjs');
} else {
  (await import('tsx/esm/api')).register();
}
const server = await import('./test-server.js');

export const globalSetup = server.startTestServer;
export const globalTeardown = server.stopTestServer;
