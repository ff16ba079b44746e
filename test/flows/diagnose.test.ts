import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose, type IntakeFacts } from '../../src/flows/diagnose.js';
import { withDatabase } from '../support/database.js';
import { type Door, openDoor } from './support/door.js';
import {
  flowStores,
  ingestDeps,
  lines,
  NOW,
  record,
  type Send,
  sender,
  workload,
} from './support/intake.js';

const HEALTHY: IntakeFacts = {
  name: 'lab',
  lastImportAt: NOW,
  lastIngestAt: NOW,
  newestObservationAt: NOW,
  verdictsPending: false,
  chunks: 1,
  accepted: 10,
  lost: 0,
  skipped: {},
  rejected: {},
  deployments: 3,
  silentDeployments: 0,
  silentNames: [],
  hasFlows: true,
  hasDns: true,
  clusterNames: { own: [], undecided: [] },
  privateOutside: { ends: 0, examples: [] },
  unresolved: [],
};

const cases: readonly (readonly [string, Partial<IntakeFacts>, readonly string[]])[] = [
  ['nothing is missing', {}, []],
  [
    'nothing at all',
    {
      lastImportAt: null,
      lastIngestAt: null,
      newestObservationAt: null,
      hasFlows: false,
      hasDns: false,
      accepted: 0,
    },
    ['NO_FLOWS', 'NO_INVENTORY'],
  ],
  ['no snapshot', { lastImportAt: null }, ['NO_INVENTORY']],
  ['the wrong format', { accepted: 0, rejected: { NOT_JSON: 7 } }, ['ALL_REJECTED']],
  ['some bad records', { rejected: { NO_TIME: 1 }, skipped: { reply: 2 } }, ['RECORDS_REJECTED']],
  [
    'answers only',
    { accepted: 0, skipped: { reply: 3, 'reply-unknown-overlay': 1 } },
    ['ONLY_REPLIES'],
  ],
  ['status only', { accepted: 0, skipped: { 'node-status': 3 } }, ['ONLY_SKIPPED']],
  ['a clock ahead', { newestObservationAt: '2027-01-01T00:00:00.000000Z' }, ['CLOCK_AHEAD']],
  ['a recording', { newestObservationAt: '2019-01-01T00:00:00.000000Z' }, ['OLD_OBSERVATIONS']],
  [
    'a sender that stopped',
    {
      lastIngestAt: '2026-11-20T00:00:00.000000Z',
      newestObservationAt: '2026-11-20T00:00:00.000000Z',
    },
    ['NOTHING_LATELY'],
  ],
  ['lost events', { lost: 4 }, ['EVENTS_LOST']],
  [
    'nobody known',
    { unresolved: [{ reason: 'ADDRESS_OF_NOBODY_KNOWN', flows: 1, example: '10.0.0.9' }] },
    ['UNRESOLVED_PEERS'],
  ],
  ['silence', { silentDeployments: 1, silentNames: ['shop/idle'] }, ['SILENT_DEPLOYMENTS']],
  ['a new name', { clusterNames: { own: ['east', 'old'], undecided: [] } }, ['CLUSTER_RENAMED']],
  [
    'names of several clusters',
    { clusterNames: { own: [], undecided: ['east', 'west'] } },
    ['CLUSTER_NAMES_UNDECIDED'],
  ],
  ['no look-ups', { hasDns: false }, ['NO_DNS']],
  ['a new evaluation', { verdictsPending: true }, ['VERDICTS_PENDING']],
];

for (const [title, facts, codes] of cases)
  test(`of ${title} the diagnosis is ${codes.join(' and ') || 'empty'}`, () => {
    const problems = diagnose({ ...HEALTHY, ...facts }, new Date(NOW));
    assert.deepEqual(
      problems.map(({ code }) => code),
      codes,
    );
    for (const { message } of problems) assert.match(message, /^\P{Lu}.*[^.]$/u);
  });

/** Cluster `lab` with three flows, two of them with an end that nobody knows, and a deployment without any. */
const withThinCluster = (use: (bench: Door & { readonly send: Send }) => Promise<void>) =>
  withDatabase(async fixture => {
    const stores = flowStores(fixture.source.manager);
    const deps = ingestDeps(fixture, flowStores);
    const send = sender(deps);
    const labelled = { namespace: 'shop', labels: { app: 'x' } };
    await send(
      lines(
        record(),
        record({ time: '2026-11-22T07:00:00Z', destination: { ip: '10.1.2.3' } }),
        record({ source: labelled, destination: workload('api') }),
      ),
    );
    await send('bad\nworse');
    await fixture.execute(`insert into peer (cluster_id, id, kind, natural_key, name, namespace, workload_kind, inferred)
      values (1, gen_random_uuid(), 'DEPLOYMENT', 'shop/Deployment/idle', 'idle', 'shop', 'Deployment', false)`);
    await use({ ...openDoor(fixture, stores, deps), send });
  });

const DIAGNOSE = '{ cluster(name: "lab") { diagnose { code message } } }';
type Found = { readonly code: string; readonly message: string };

test('a cluster says why its graph is empty', () =>
  withDatabase(async fixture => {
    const stores = flowStores(fixture.source.manager);
    const deps = ingestDeps(fixture, flowStores);
    const { ask } = openDoor(fixture, stores, deps);
    const codes = async (): Promise<readonly string[]> =>
      (await ask(DIAGNOSE)).cluster.diagnose.map(({ code }: Found) => code);
    await stores.clusters.ensure('lab', NOW);
    assert.deepEqual(await codes(), ['NO_FLOWS', 'NO_INVENTORY']);
    await sender(deps)('bad\nworse');
    assert.deepEqual(await codes(), ['ALL_REJECTED', 'NO_INVENTORY']);
  }));

test('a cluster says why its graph is thin, in one statement', () =>
  withThinCluster(async ({ ask, statementsOf }) => {
    const { diagnose: found } = (await ask(DIAGNOSE)).cluster;
    const lastNamed = (message: string) => /`[^`]*`(?=[^`]*$)/.exec(message)?.[0] ?? null;
    assert.deepEqual(
      found.map(({ code, message }: Found) => [code, lastNamed(message)]),
      [
        ['RECORDS_REJECTED', '`NOT_JSON`'],
        ['NO_INVENTORY', null],
        ['UNRESOLVED_PEERS', '`10.1.2.3`'],
        ['UNRESOLVED_PEERS', '`shop{app=x}`'],
        ['SILENT_DEPLOYMENTS', '`shop/idle`'],
        ['NO_DNS', null],
      ],
    );
    assert.deepEqual(await statementsOf(DIAGNOSE), ['clusters.byName', 'diagnosis.factsOf']);
  }));

test('a window says what it did not show', () =>
  withThinCluster(async ({ ask }) => {
    const complete = async (window: string) =>
      (
        await ask(`{ cluster(name: "lab") { completeness${window} { since until firstSeenAt lastSeenAt flows
          lostEvents rejectedRecords unresolvedFlows silentHours silentDeployments } } }`)
      ).cluster.completeness;
    assert.deepEqual(await complete(''), {
      since: null,
      until: null,
      firstSeenAt: '2026-11-22T07:00:00.000000Z',
      lastSeenAt: '2026-11-22T10:00:00.000000Z',
      flows: 3,
      lostEvents: '0',
      rejectedRecords: '2',
      unresolvedFlows: 2,
      silentHours: 2,
      silentDeployments: ['shop/idle'],
    });
    const early = await complete('(until: "2026-11-22T09:00:00Z")');
    assert.deepEqual(
      [early.until, early.flows, early.silentDeployments],
      ['2026-11-22T09:00:00.000000Z', 1, ['shop/idle']],
    );
    const shown = await complete('(namespaces: ["other"])');
    assert.deepEqual(shown.silentDeployments, []);
  }));
