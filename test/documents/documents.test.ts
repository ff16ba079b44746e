import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files, quoted, rooms, textOf } from './tree.js';

const ENGINE = 'src/netpol/README.md';
const DOCUMENTS = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', 'src/README.md', ENGINE];

/** `src/config.ts`, `flows/ingest/ingest.ts`, `.ci/run`; not `x.store.ts` or `http-*.ts`, which stand for many. */
const isFile = (text: string): boolean =>
  /^[\w./-]+\.(ts|mjs|json|md|yaml|yml|sql|graphql)$/.test(text) &&
  !/^x\.|NAME|^\.[a-z]+$/.test(text);

for (const document of DOCUMENTS) {
  test(`every file that ${document} names is there`, () => {
    const named = quoted(textOf(document)).filter(isFile);
    const missing = named.filter(
      name => !files.some(file => file === name || file.endsWith(`/${name}`)),
    );
    assert.deepEqual(missing, []);
  });
}

/** The words of a list in `.dependency-cruiser.mjs`. */
const listIn = (name: string): readonly string[] =>
  [
    ...(new RegExp(`const ${name} = \\[([\\s\\S]*?)\\]`)
      .exec(textOf('.dependency-cruiser.mjs'))?.[1]
      ?.matchAll(/'(\w+)'/g) ?? []),
  ].map(([, word = '']) => word);

test('the list of rooms is told in order, and is complete', () => {
  const order = listIn('rooms');
  const told = [...textOf('src/README.md').matchAll(/^\| `(\w+)\/` \|/gm)].map(
    ([, room = '']) => room,
  );
  assert.deepEqual([...told].sort(), [...rooms].sort());
  assert.deepEqual(
    told.filter(room => order.includes(room)),
    order.filter(room => told.includes(room)),
  );
  const architecture = textOf('ARCHITECTURE.md');
  assert.deepEqual(
    rooms.filter(room => !architecture.includes(`\n  ${room}/ `)),
    [],
  );
});

test('the walk through the engine names its folders in order, and fits on a few screens', () => {
  const text = textOf(ENGINE);
  const told = [...text.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, folder = '']) => folder);
  assert.deepEqual(told, listIn('engineFolders'));
  assert.ok(text.split('\n').length <= 150);
});

test('every function of the walk through the engine is in the file that it names', () => {
  const steps = [...textOf(ENGINE).matchAll(/\| `(\w+)` \| `([\w/-]+\.ts)` \|$/gm)];
  assert.ok(steps.length >= 30);
  const missing = steps.filter(
    ([, name, file]) =>
      !new RegExp(`^export (?:const|function\\*?) ${name}\\b`, 'm').test(
        textOf(`src/netpol/${file}`),
      ),
  );
  assert.deepEqual(
    missing.map(([step]) => step),
    [],
  );
});

test('src/README.md fits on a few screens', () => {
  assert.ok(textOf('src/README.md').split('\n').length <= 100);
});

const decisions = files.filter(file => file.startsWith('docs/decisions/')).sort();

test('decisions are numbered without a gap', () => {
  assert.deepEqual(
    decisions.map(file => Number(file.slice('docs/decisions/'.length).split('-')[0])),
    decisions.map((_, place) => place + 1),
  );
});

for (const [place, file] of decisions.entries()) {
  test(`${file} is one screen of background, decision and price`, () => {
    const text = textOf(file);
    assert.match(text, new RegExp(`^# ${place + 1}\\. `));
    assert.deepEqual(
      [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
      ['Background', 'Decision', 'Price'],
    );
    assert.ok(text.split('\n').length <= 50);
  });
}

test('every npm script that a document names is there', () => {
  const { scripts } = JSON.parse(textOf('package.json'));
  const named = DOCUMENTS.flatMap(document => [
    ...textOf(document).matchAll(/npm run (?:-s |--silent )?([a-z][\w:]*)/g),
  ]).map(([, name = '']) => name);
  assert.deepEqual(
    [...new Set(named)].filter(name => !(name in scripts)),
    [],
  );
});
