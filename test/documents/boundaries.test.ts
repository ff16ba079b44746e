import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cruise, type IFlattenedRuleSet } from 'dependency-cruiser';
import { files, textOf } from './tree.js';

const { default: configuration } = await import(
  resolve(import.meta.dirname, '../../.dependency-cruiser.mjs')
);

type Sources = Readonly<Record<string, string>>;

/** Names of the rules that files, by path and text, break in a checkout of their own. */
async function broken(context: TestContext, sources: Sources): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'boundaries-'));
  context.after(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const ruleSet: IFlattenedRuleSet = { forbidden: configuration.forbidden };
  const { output } = await cruise(['src'], {
    baseDir: folder,
    validate: true,
    ruleSet,
    tsPreCompilationDeps: true,
  });
  assert.ok(typeof output === 'object');
  assert.equal(output.summary.totalDependenciesCruised, Object.keys(sources).length - 1);
  return output.summary.violations.map(({ rule }) => rule.name);
}

/** One file that imports another. */
const importing = (from: string, to: string): Sources => {
  const path = relative(dirname(from), to)
    .replace(/^(?!\.)/, './')
    .replace(/ts$/, 'js');
  return {
    [from]: `import { x } from '${path}';\nexport const y = x;\n`,
    [to]: 'export const x = 1;\n',
  };
};

const PLANTED: readonly (readonly [from: string, to: string, rules: readonly string[]])[] = [
  ['src/netpol/lint/a.ts', 'src/netpol/decide/b.ts', []],
  ['src/netpol/lint/rules/a.ts', 'src/netpol/lint/b.ts', []],
  ['src/netpol/decide/a.ts', 'src/netpol/policy.ts', []],
  [
    'src/netpol/decide/a.ts',
    'src/netpol/lint/b.ts',
    ['netpol-decide-imports-only-what-comes-before'],
  ],
  [
    'src/netpol/compile/a.ts',
    'src/netpol/rows/b.ts',
    ['netpol-compile-imports-only-what-comes-before'],
  ],
  ['src/netpol/list/a.ts', 'src/netpol/index.ts', ['netpol-list-imports-only-what-comes-before']],
  ['src/netpol/policy.ts', 'src/netpol/compile/b.ts', ['words-of-the-engine-import-no-folder']],
  ['src/netpol/news/a.ts', 'src/netpol/policy.ts', ['every-folder-of-the-engine-is-listed']],
  [
    'src/netpol/decide/a.ts',
    'src/query/b.ts',
    ['netpol-imports-only-lower-rooms', 'netpol-is-pure'],
  ],
  ['src/flows/a.ts', 'src/netpol/decide/b.ts', ['netpol-has-one-door']],
  ['src/flows/a.ts', 'src/netpol/index.ts', []],
  ['src/flows/a.ts', 'src/alerts/b.ts', ['flows-imports-only-lower-rooms']],
];

for (const [from, to, rules] of PLANTED) {
  test(`${from} ${rules.length === 0 ? 'may' : 'may not'} import ${to}`, async context => {
    assert.deepEqual((await broken(context, importing(from, to))).toSorted(), rules.toSorted());
  });
}

/** How a statement begins in a literal, and a condition in one; no description does. */
const SQL =
  /[`'"](?:\/\* \S+ \*\/)?\s*(?:select\s[^`'"]*\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|with\s+\w+\s+as)\s/i;

test('files of the API hold no SQL', () => {
  for (const text of [
    'const ALL = `select id from flow`;',
    "query('delete from flow where id = $1')",
    '`/* flows.set */\n  update flow set port = 1`',
  ])
    assert.match(text, SQL);
  const api = files.filter(file => /^src\/.*\.graphql\.ts$/.test(file));
  assert.ok(api.length > 50);
  assert.deepEqual(
    api.filter(file => SQL.test(textOf(file))),
    [],
  );
});
