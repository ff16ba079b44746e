import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { alertStore } from '../../src/alerts/alert.store.js';
import { AlertOrderField, alertCondition, alertOrder } from '../../src/alerts/alert-filter.js';
import { baselineStore } from '../../src/baselines/baseline.store.js';
import { baselineMergeStore } from '../../src/baselines/baseline-merge.store.js';
import { type Column, declaredColumns } from '../../src/database/row.js';
import { pageRequest } from '../../src/query/page.js';
import { withDatabase } from '../support/database.js';
import { describe } from '../support/describe.js';

const ID = '00000000-0000-0000-0000-000000000001';
const KEYS = [{ clusterId: 1, id: ID }];
const NOW = '2026-11-22T10:00:00.000000Z';

/** Every statement of the stores that answers rows, run once; those that are put together, with a sample of each part. */
async function runAll(manager: EntityManager): Promise<void> {
  const alerts = alertStore(manager, LOCAL_CALLER);
  const baselines = baselineStore(manager, LOCAL_CALLER);
  await alerts.suspects(1, [ID]);
  await alerts.resolve(KEYS, NOW, null);
  await alerts.byIds(KEYS);
  await alerts.ofDeployments(KEYS);
  await alerts.ofFlows(KEYS);
  const filter = alertCondition({ cluster: { eq: 'lab' }, since: '7d' }, new Date());
  for (const field of Object.values(AlertOrderField)) {
    const order = alertOrder({ field, direction: 'ASC' });
    await alerts.page(filter, pageRequest({ first: 10 }, order));
    await alerts.page(filter, pageRequest({ first: 10 }, order, false));
  }
  await alerts.count(filter);
  await baselines.lockCluster(1);
  await baselines.ofDeployments(KEYS);
  await baselines.entriesOf(KEYS);
  await baselines.setState(1, [ID], 'LOCKED', NOW);
  await baselines.keepRevision(1, [ID], NOW, 'test');
  await baselines.markFlows(1, [ID]);
  await baselines.markFlowIds(1, [ID]);
  await baselineMergeStore(manager).entriesOf(1, [ID]);
}

const named = (sql: string): string | undefined => /^\/\* ([\w.]+) \*\//.exec(sql)?.[1];

/** `id uuid` or `port int4?`, where the question mark says that it may be null; optional ones that are not there are left out. */
const declaredText = (
  columns: Readonly<Record<string, Column<unknown>>>,
  found: ReadonlySet<string>,
): readonly string[] =>
  Object.entries(columns)
    .filter(([name, { optional }]) => !optional || found.has(name))
    .map(([name, { type, nullable }]) => `${name} ${type}${nullable ? '?' : ''}`);

test('every statement answers the columns that its rows are declared to have', () =>
  withDatabase(async ({ source, statements, url }) => {
    await runAll(source.manager);
    const asked = statements.filter(sql => named(sql) !== undefined);
    const answers = await describe(url, asked);
    const checked = new Set<string>();
    for (const [place, sql] of asked.entries()) {
      const name = named(sql) ?? '';
      const fields = (answers[place] ?? []).filter(({ type }) => type !== 'void');
      const columns = declaredColumns.get(name) ?? {};
      // What an expression answers may be null for all that Postgres says: there the declaration is believed.
      const found = fields.map(field => {
        const isNullable = field.notNull === null ? columns[field.name]?.nullable : !field.notNull;
        return `${field.name} ${field.type}${isNullable ? '?' : ''}`;
      });
      const names = new Set(fields.map(({ name }) => name));
      assert.deepEqual(found.toSorted(), declaredText(columns, names).toSorted(), sql);
      checked.add(name);
    }
    const unchecked = [...declaredColumns.keys()].filter(name => !checked.has(name));
    assert.deepEqual(unchecked, [], 'statements of which no sample runs');
  }));
