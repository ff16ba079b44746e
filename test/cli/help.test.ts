import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, Option } from 'commander';
import { programOf } from '../../src/cli/program.js';
import { HOST_COMMANDS } from '../../src/host-commands.js';
import { run } from './run.js';

const program = programOf({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: {},
  hostCommands: HOST_COMMANDS,
});

const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({
    writeOut: part => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
};

const isOneSentence = (text: string): boolean => text.length > 10 && !text.endsWith('.');

const describes = ({ description }: Option): boolean => description.length > 2;

for (const command of leaves(program)) {
  const path = pathOf(command);
  test(`the help of \`${path}\` says what it does, describes what it takes, and has an example and exit codes`, () => {
    const help = helpOf(command);
    assert.ok(isOneSentence(command.description()), command.description());
    for (const option of command.options.filter(({ hidden }) => !hidden))
      assert.ok(describes(option), option.flags);
    for (const argument of command.registeredArguments)
      assert.notEqual(argument.description, '', argument.name());
    assert.match(help, /^Exit codes: 0 .*2 for bad input/m);
    const example =
      /^ {2}\$ (?:[^\n]*\| |kubectl[^\n]*\\\n[^\n]*\| |)(weirgate [a-z-]+(?: [a-z-]+)*)/m.exec(
        help,
      )?.[1];
    assert.ok(example?.startsWith(path), `${path}: ${example}`);
  });
}

test('help of commands that ask a server shows how to name it; that of others does not', () => {
  for (const command of leaves(program)) {
    const shown = /--server <url>[\s\S]*--token <token>/.test(helpOf(command));
    const asks =
      /^weirgate (?!netpol (?:lint|assert|connectivity map)|serve|worker|migrate|backup|restore|demo|completion)/;
    assert.equal(shown, asks.test(pathOf(command)), pathOf(command));
  }
});

test('what may be given several times says so, and nothing else does', () => {
  for (const command of leaves(program))
    for (const option of command.options)
      if (Array.isArray(option.defaultValue) && option.name() !== 'fail-on')
        assert.match(option.description, /\(repeatable/, `${pathOf(command)} ${option.flags}`);
});

test('`help A B` is `A B --help`', async () => {
  const wanted = await run(['network-flow', 'list', '--help']);
  assert.match(wanted.out, /^Usage: weirgate network-flow list/);
  assert.deepEqual(await run(['help', 'network-flow', 'list']), wanted);
});
