import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text as textIn } from 'node:stream/consumers';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { runCli } from '../../src/cli/program.js';
import { readConfig } from '../../src/config.js';
import { HOST_COMMANDS } from '../../src/host-commands.js';
import { run } from '../cli/run.js';
import { blocksOf, textOf } from './tree.js';

const readme = textOf('README.md');

const NPM = 'npm run -s weirgate -- ';

/** The words of each command that the README runs, without the shell's pipes. */
const invocations: readonly (readonly string[])[] = blocksOf(readme, '')
  .flatMap(block => block.split('\n'))
  .flatMap(line => line.split(' | '))
  .map(line => line.replace(/^\$ /, ''))
  .filter(line => line.startsWith(NPM))
  .map(line => line.slice(NPM.length).match(/"[^"]*"|\S+/g) ?? []);

const tabled = [...readme.matchAll(/^\| `([a-z][a-z -]+)` \|/gm)].map(([, words = '']) => words);

/** The help of a command, and its usage line without the program's name. */
async function helpOf(words: readonly string[]): Promise<{ help: string; usage: string }> {
  const output = new PassThrough();
  const io = { stdin: process.stdin, stdout: output, stderr: output, env: {} };
  await runCli([...words, '--help'], { ...io, hostCommands: HOST_COMMANDS });
  output.end();
  const help = await textIn(output);
  return { help, usage: /^Usage: weirgate (.*)$/m.exec(help)?.[1] ?? '' };
}

/** The command that words begin with: what its usage names before its first argument. */
const commandOf = (usage: string): string => usage.split(/ ?[[<]/, 1)[0] ?? '';

test('every command of the table is there, and every command is in the table', async () => {
  for (const words of tabled)
    assert.equal(commandOf((await helpOf(words.split(' '))).usage), words);
  const found: string[] = [];
  const walk = async (words: readonly string[]): Promise<void> => {
    const { help, usage } = await helpOf(words);
    if (!usage.includes('[command]')) found.push(words.join(' '));
    else
      for (const [, name = ''] of help.split('Commands:')[1]?.matchAll(/^ {2}([a-z-]+)/gm) ?? [])
        if (name !== 'help') await walk([...words, name]);
  };
  await walk([]);
  assert.deepEqual(tabled.toSorted(), found.toSorted());
});

for (const words of invocations) {
  test(`the README can run: ${words.join(' ')}`, async () => {
    const names = words.slice(
      0,
      words.findIndex(word => !/^[a-z][a-z-]*$/.test(word)),
    );
    const { help, usage } = await helpOf(names);
    const command = commandOf(usage);
    assert.ok(
      command !== '' && names.join(' ').startsWith(command),
      `${names.join(' ')}: ${usage}`,
    );
    assert.ok(!usage.includes('[command]'), `${command} is not a whole command`);
    const flags = words.filter(word => /^--?[a-z]/.test(word));
    assert.deepEqual(
      flags.filter(flag => !new RegExp(`${flag}[ ,\\n]`).test(help)),
      [],
    );
  });
}

/** `…` in a block stands for any lines. */
function assertShows(shown: readonly string[], printed: readonly string[]): void {
  let at = 0;
  let gap = false;
  for (const line of shown) {
    if (line === '…') {
      gap = true;
      continue;
    }
    const found: number = gap ? printed.indexOf(line, at) : at;
    assert.equal(printed[found], line);
    at = found + 1;
    gap = false;
  }
  if (!gap) assert.deepEqual(printed.slice(at), []);
}

const offline = blocksOf(readme, '')
  .map(block => block.trimEnd().split('\n'))
  .filter(([first = '']) => first.startsWith(`$ ${NPM}`) && first.includes('docs/examples/'))
  .filter(([first = '']) => !first.includes(' --cluster '));

for (const [first = '', ...shown] of offline) {
  test(`the README shows what is printed by: ${first.slice(2 + NPM.length)}`, async () => {
    const { out } = await run(first.slice(2 + NPM.length).split(' '));
    assertShows(shown, out.trimEnd().split('\n'));
  });
}

test('at least five commands are run and compared', () => assert.ok(offline.length >= 5));

const KEBAB = /[A-Z]/g;
const flagOf = (key: string): string => key.replaceAll(KEBAB, letter => `-${letter.toLowerCase()}`);

test('the table of settings has every variable, with its default', () => {
  const reading = readConfig({}, {});
  assert.ok('config' in reading);
  const variables = [...textOf('src/config.ts').matchAll(/\(\s*'([a-z-]+)',\s*'([A-Z_]+)'/g)];
  assert.equal(variables.length, Object.keys(reading.config).length);
  const defaults = new Map(
    Object.entries(reading.config).map(([key, value]) => [flagOf(key.replace(/Ms$/, '')), value]),
  );
  for (const [, flag = '', variable = ''] of variables) {
    const row = new RegExp(
      `^\\| \`${variable}\` \\| (?:\`--${flag}\`)? ?\\| \`?([^|\`]*?)\`? \\|`,
      'm',
    );
    const told = row.exec(readme)?.[1] ?? assert.fail(`no row for ${variable}`);
    const value = String(defaults.get(flag) ?? 'none') || 'none';
    assert.ok(told === value || value.endsWith(`/${told}`), `${variable}: ${told}, not ${value}`);
  }
});

test('every GraphQL document of the README is valid', () => {
  const schema = buildSchema(textOf('schema.graphql'));
  const documents = blocksOf(readme, 'graphql');
  assert.ok(documents.length >= 2);
  for (const text of documents) assert.deepEqual(validate(schema, parse(text)), []);
});
