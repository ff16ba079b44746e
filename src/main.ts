#!/usr/bin/env node
import { assertNodeVersion } from './node-version.js';

assertNodeVersion();

// Loaded only now: an old Node would fail on the syntax first.
const { runCli } = await import('./cli/program.js');
const { createTokenOnDatabase, HOST_COMMANDS, startOwnServer } = await import('./host-commands.js');
const { environment } = await import('./config.js');

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: environment(),
  hostCommands: HOST_COMMANDS,
  startServer: startOwnServer,
  createTokenOnDatabase,
});
