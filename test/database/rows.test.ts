import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EntityManager } from 'typeorm';
import { type Caller, LOCAL_CALLER } from '../../src/access/caller.js';
import { migrateJobs } from '../../src/database/jobs.js';
import { type Column, declaredColumns } from '../../src/database/row.js';
import { withDatabase } from '../support/database.js';
import { type Described, describe } from '../support/describe.js';
import { runAlerts, runBaselines } from './rows/baselines.js';
import { runFlowLists } from './rows/flow-lists.js';
import { runIngestion, runRetention } from './rows/flows.js';
import { runInventory } from './rows/inventory.js';
import { runJobs, runSimulations } from './rows/jobs.js';
import { runEnforcement, runPolicySets } from './rows/policies.js';
import { runAudit, runMutationKeys, runSeal, runTokens } from './rows/tokens.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every statement of the stores, run once; those that are put together, with a sample of each part. */
async function runAll(manager: EntityManager, caller: Caller): Promise<void> {
  await runInventory(manager, caller);
  await runIngestion(manager, caller);
  await runBaselines(manager, caller);
  await runAlerts(manager, caller);
  await runEnforcement(manager, caller);
  await runPolicySets(manager, caller);
  await runSimulations(manager, caller);
  await runJobs(manager, caller);
  await runTokens(manager, caller);
  await runAudit(manager);
  await runSeal(manager);
  await runMutationKeys(manager);
  await runFlowLists(manager, caller);
  await runRetention(manager, caller);
}

async function stores(): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of glob('**/*.store.ts', { cwd: SRC })) paths.push(path);
  return paths;
}

/** Names in comments at the beginning of statements, which `statement` did not put there. */
async function namesIn(path: string): Promise<readonly string[]> {
  const source = await readFile(join(SRC, path), 'utf8');
  return [...source.matchAll(/[`']\/\* (\S+) \*\//g)].map(([, name]) => name ?? '');
}

/** What a store asks without a name is in no list, and would be checked by nobody. */
async function unnamedIn(path: string): Promise<readonly string[]> {
  const source = await readFile(join(SRC, path), 'utf8');
  return [...source.matchAll(/\.query\(\s*[`'](?!\/\* )(.*)/g)].map(
    ([, text]) => `${path}: ${text}`,
  );
}

const TRANSACTION = /^(START TRANSACTION|COMMIT|SAVEPOINT \w+|RELEASE SAVEPOINT \w+)$/;

const named = (sql: string): string | undefined => /^\/\* ([\w.]+) \*\//.exec(sql)?.[1];

/** `id uuid` or `port int4?`, where the question mark says that the table's column may be null; optional ones that are not there are left out. */
const declaredText = (
  columns: Readonly<Record<string, Column<unknown>>>,
  found: ReadonlySet<string>,
): readonly string[] =>
  Object.entries(columns)
    .filter(([name, { optional }]) => !optional || found.has(name))
    .map(
      ([name, { type, nullable, byStatement }]) =>
        `${name} ${type}${nullable !== byStatement ? '?' : ''}`,
    );

/** What an expression answers may be null for all that Postgres says: there the declaration is believed. */
const foundText = (
  { name, type, notNull }: Described,
  columns: Readonly<Record<string, Column<unknown>>>,
): string => `${name} ${type}${(notNull === null ? columns[name]?.nullable : !notNull) ? '?' : ''}`;

/** Who sees a cluster, a namespace of one cluster, and the workloads with a label in some namespaces. */
const CALLERS: readonly Caller[] = [
  { ...LOCAL_CALLER, clusters: ['lab'] },
  { ...LOCAL_CALLER, clusters: ['lab'], namespaces: ['shop'] },
  {
    ...LOCAL_CALLER,
    namespaces: ['shop', "it's"],
    selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] },
  },
];

const scopeText = ({ namespaces, selector }: Caller): string =>
  JSON.stringify([namespaces, selector]);

for (const caller of CALLERS) {
  test(`every statement answers the columns that its rows are declared to have, for ${scopeText(caller)}`, () =>
    withDatabase(async ({ source, statements, url }) => {
      const paths = await stores();
      for (const path of paths) await import(join(SRC, path));
      await migrateJobs(url);
      await runAll(source.manager, caller);
      const run = [...new Set(statements)].filter(sql => !TRANSACTION.test(sql));
      const asked = run.filter(sql => named(sql) !== undefined);
      const nameless = [
        ...run.filter(sql => named(sql) === undefined),
        ...(await Promise.all(paths.map(unnamedIn))).flat(),
      ];
      assert.deepEqual(nameless, [], 'statements without a name');
      const answers = await describe(url, asked);
      for (const [place, sql] of asked.entries()) {
        const columns = declaredColumns.get(named(sql) ?? '') ?? {};
        const fields = (answers[place] ?? []).filter(({ type }) => type !== 'void');
        const found = fields.map(field => foundText(field, columns));
        const names = new Set(fields.map(({ name }) => name));
        assert.deepEqual(found.toSorted(), declaredText(columns, names).toSorted(), sql);
      }
      const checked = new Set(asked.map(named));
      const written = [
        ...declaredColumns.keys(),
        ...(await Promise.all(paths.map(namesIn))).flat(),
      ];
      assert.deepEqual(
        written.filter(name => !checked.has(name)),
        [],
        'statements of which no sample runs',
      );
    }));
}
