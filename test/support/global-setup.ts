import { register } from 'tsx/esm/api';

// Node loads this file before `--import tsx` takes effect, so that the rest comes in by hand.
register();
const server = await import('./test-server.js');

export const globalSetup = server.startTestServer;
export const globalTeardown = server.stopTestServer;
