#!/usr/bin/env node
import nodeModule from 'node:module';
import { nodeVersionProblem } from './node-version.js';

/** Loaded only once the version is known to do: an old Node would fail on the syntax first. */
async function main(): Promise<number> {
  // What was compiled once is kept for the next command, in Node's own folder.
  nodeModule.enableCompileCache?.();
  const { runCli } = await import('./cli/program.js');
  const { createTokenOnDatabase, HOST_COMMANDS, startOwnServer } = await import(
    './host-commands.js'
  );
  const { environment } = await import('./config.js');
  return runCli(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: environment(),
    onInterrupt: stop => {
      process.once('SIGINT', stop);
      return () => process.off('SIGINT', stop);
    },
    hostCommands: HOST_COMMANDS,
    startServer: startOwnServer,
    createTokenOnDatabase,
  });
}

const problem = nodeVersionProblem(process.versions.node);
if (problem === null) {
  const code = await main();
  process.exitCode ||= code;
} else {
  process.stderr.write(`error: ${problem}\n`);
  process.exitCode = 2;
}
