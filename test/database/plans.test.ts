import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityManager } from 'typeorm';
import { type Caller, LOCAL_CALLER } from '../../src/access/caller.js';
import { migrateJobs } from '../../src/database/jobs.js';
import { withDatabase } from '../support/database.js';
import { type Asked, explained, UNATTENDED } from './explained.js';
import { FILLED } from './filled.js';
import { runAlerts, runBaselines } from './rows/baselines.js';
import { runFlowLists } from './rows/flow-lists.js';
import { runIngestion } from './rows/flows.js';
import { runInventory } from './rows/inventory.js';
import { runJobs, runSimulations } from './rows/jobs.js';
import { runEnforcement, runPolicySets } from './rows/policies.js';

type Run = (manager: EntityManager, caller: Caller) => Promise<void>;

/** Each begins with the same rows. */
const RUNS: readonly Run[] = [
  runInventory,
  runBaselines,
  runAlerts,
  runEnforcement,
  runPolicySets,
  runSimulations,
  runJobs,
  runFlowLists,
  runIngestion,
];

class TakenBack extends Error {}

/** All statements of the samples, each with the most rows that one of its kind read. */
async function askedBy(
  manager: EntityManager,
  callers: readonly Caller[],
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const each = callers.flatMap(caller => RUNS.map(run => ({ caller, run })));
  for (const { caller, run } of each)
    await manager
      .transaction(async within => {
        await explained(within, asked, () => run(within, caller));
        throw new TakenBack();
      })
      .catch(error => {
        if (!(error instanceof TakenBack)) throw error;
      });
  const most = new Map<string, Asked>();
  for (const one of asked) if (one.rows >= (most.get(one.name)?.rows ?? 0)) most.set(one.name, one);
  return [...most.values()].toSorted((one, other) => other.rows - one.rows);
}

/** As many as the tables have that a statement may have to read whole: flows, their ends and hours. */
const WHOLE = 40_000;

/** Known to read more, with the reason. */
const MORE: ReadonlySet<string> = new Set<string>([
  // Each alert of a deployment is held against those before it: the hub of the samples has five hundred.
  'alertRaises.relink',
  // The same where peers outside are put together by block.
  'flowOutside.groups',
  // Each Service is held against the deployments of its namespace, and these against their label sets.
  'snapshots.assignServices',
]);

/** A page in the order of an index, or what is looked up for the rows of a page. */
const FEW =
  /^(alerts|simulations|flows|peers|namespaces|policies|policySets|jobs|alertCounts|deployments|flowCounts)\.(byIds|of[A-Z]\w*|\w+Of|history|spans|sights|policyTexts)$/;

const NOT_FEW: ReadonlySet<string> = new Set([
  // They count all that a cluster or a namespace has.
  'alertCounts.ofClusters',
  'alertCounts.ofNamespaces',
  // In the order of the names of ends it asks whom the workloads of a scope met.
  'flows.ofDeployments',
]);

/** What is read for the hundred flows of one deployment and for the workloads of one namespace. */
const MOST = 1_500;

const OF_NAMESPACE: Caller = { ...LOCAL_CALLER, clusters: ['lab'], namespaces: ['shop'] };
const CALLERS: readonly Caller[] = [{ ...LOCAL_CALLER, clusters: ['lab'] }, OF_NAMESPACE];

const shown = (asked: readonly Asked[]): readonly string[] =>
  asked.map(({ name, rows, scans }) => `${name}: ${Math.round(rows)} ${scans.join(' ')}`);

async function bounded(
  manager: EntityManager,
  state: string,
  callers: readonly Caller[],
): Promise<void> {
  const asked = await askedBy(manager, callers);
  const many = asked.filter(({ name, rows }) => rows > WHOLE && !MORE.has(name));
  assert.deepEqual(shown(many), [], state);
  const few = asked.filter(({ name }) => FEW.test(name) && !NOT_FEW.has(name));
  assert.ok(few.length > 20, 'lookups are among them');
  assert.deepEqual(shown(few.filter(({ rows }) => rows > MOST)), [], state);
}

test('analysed or not, no statement multiplies tables, and a lookup reads no table from end to end', () =>
  withDatabase(async ({ source, execute, url }) => {
    await migrateJobs(url);
    await execute(UNATTENDED);
    for (const sql of FILLED) await execute(sql);
    await bounded(source.manager, 'fresh', CALLERS);
    const attended = `select relname from pg_stat_user_tables where last_autoanalyze is not null`;
    assert.deepEqual(await source.query(attended), [], 'nobody analysed a table meanwhile');
    await execute('analyze');
    // Statements for who sees some namespaces hold all that is in the others: asking both would take as long again.
    await bounded(source.manager, 'analysed', [OF_NAMESPACE]);
  }));
