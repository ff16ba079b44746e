import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { EVERYWHERE, SHIPPED_RULES } from '../../src/alerts/alert-rule.js';
import { alertSettleStore } from '../../src/alerts/alert-settle.store.js';
import { createAlertRule, deleteAlertRule, updateAlertRule } from '../../src/alerts/change-rule.js';
import { testRule } from '../../src/alerts/rule-use-cases.js';
import { flowStores, lines, NOW, record, workload } from '../flows/support/intake.js';
import { changeRuleDeps, type Watching, withWatching } from './support/watching.js';

const DRAFT = {
  name: 'Bad neighbours',
  description: 'a test',
  criterion: 'KNOWN_BAD',
  severity: 'CRITICAL',
  categories: ['Threats'],
  parameters: { addresses: ['203.0.113.66', '192.0.2.77/24'] },
  scope: EVERYWHERE,
  exclusions: [],
  enabled: true,
  enforcement: 'KILL_POD',
} as const;

const codes = ({ problems }: { readonly problems: readonly { readonly code: string }[] }) =>
  problems.map(({ code }) => code);

const raised = ({ rows }: Watching) =>
  rows(
    `select rule, severity, category, group_name, occurrences::int from alert order by group_name`,
  );

const CALLS = lines(
  record({ destination: { ip: '203.0.113.66' }, port: 443 }),
  record({ destination: { ip: '198.51.100.1' }, port: 443 }),
  record({ source: { ip: '192.0.2.5' }, destination: workload('web'), port: 8080 }),
);

test('a rule of known bad addresses raises alerts within its scope, and asks for what it should', () =>
  withWatching(async watching => {
    const deps = changeRuleDeps(watching.source);
    const made = await createAlertRule(deps, DRAFT);
    assert.deepEqual(made.rule?.parameters.addresses, ['192.0.2.0/24', '203.0.113.66']);
    await watching.send(CALLS);
    const bad = { rule: 'KNOWN_BAD', severity: 'CRITICAL', category: 'Threats', occurrences: 1 };
    assert.deepEqual(await raised(watching), [
      { ...bad, group_name: 'addresses outside' },
      { ...bad, group_name: 'callers from outside' },
    ]);
    const actions = () => watching.rows('select kind, state from alert_action');
    assert.deepEqual(await actions(), [
      { kind: 'KILL_POD', state: 'REQUESTED' },
      { kind: 'KILL_POD', state: 'REQUESTED' },
    ]);
    await watching.send(
      lines(
        record({ destination: { ip: '203.0.113.66' }, port: 443, time: '2026-11-22T11:00:00Z' }),
      ),
    );
    assert.equal((await actions()).length, 2);
    await deleteAlertRule(deps, { id: made.rule?.id ?? null, expectedVersion: null });
    await alertSettleStore(watching.source.manager).settle(null, NOW);
    assert.deepEqual(await watching.rows('select distinct state from alert'), [
      { state: 'RESOLVED' },
    ]);
  }));

test('a rule looks at its scope alone, and not at what it excludes', () =>
  withWatching(async watching => {
    const deps = changeRuleDeps(watching.source);
    const scope = { clusters: ['lab'], namespaces: ['shop'], labels: null };
    const none = { namespace: null, deployment: null, port: null };
    const exclusions = [{ ...none, peer: '203.0.113.66' }];
    const early = await createAlertRule(deps, { ...DRAFT, scope, exclusions });
    assert.deepEqual(codes(early), ['NOT_FOUND']);
    await flowStores(watching.source.manager).clusters.ensure('lab', NOW);
    await createAlertRule(deps, { ...DRAFT, scope, exclusions });
    await watching.send(CALLS);
    await watching.send(CALLS, { cluster: 'other', key: 'other' });
    assert.deepEqual(
      (await raised(watching)).map(alert => alert['group_name']),
      ['callers from outside'],
    );
  }));

test('what is wrong with a rule is told, and shipped rules can be changed but not deleted', () =>
  withWatching(async ({ source }) => {
    const deps = changeRuleDeps(source);
    const wrong = { addresses: ['nonsense'], threshold: 1 };
    const refused = await createAlertRule(deps, { ...DRAFT, name: ' ', parameters: wrong });
    assert.deepEqual(
      [refused.rule, codes(refused)],
      [null, ['BAD_NAME', 'BAD_ADDRESS', 'BAD_THRESHOLD', 'NO_EFFECT']],
    );
    await createAlertRule(deps, DRAFT);
    assert.deepEqual(codes(await createAlertRule(deps, { ...DRAFT, name: 'BAD NEIGHBOURS' })), [
      'NAME_TAKEN',
    ]);
    const [shipped] = SHIPPED_RULES;
    const id = shipped?.id ?? '';
    const change = { enabled: false };
    const off = await updateAlertRule(deps, { id, expectedVersion: 0, change });
    assert.deepEqual(
      [off.rule?.enabled, off.rule?.version, off.rule?.name],
      [false, 1, shipped?.name],
    );
    assert.deepEqual(codes(await updateAlertRule(deps, { id, expectedVersion: 0, change })), [
      'CONFLICT',
    ]);
    assert.deepEqual(codes(await deleteAlertRule(deps, { id, expectedVersion: 99 })), ['CONFLICT']);
    const back = await deleteAlertRule(deps, { id, expectedVersion: null });
    assert.deepEqual([back.rule, codes(back)], [shipped, ['SHIPPED']]);
    assert.deepEqual(codes(await deleteAlertRule(deps, { id: null, expectedVersion: null })), [
      'NOT_FOUND',
    ]);
    const caller = { ...LOCAL_CALLER, clusters: ['lab'] };
    assert.deepEqual(
      codes(await createAlertRule({ ...deps, caller }, { ...DRAFT, name: 'mine' })),
      ['FORBIDDEN'],
    );
  }));

test('a test of a rule says what it would have raised, and raises nothing', () =>
  withWatching(async watching => {
    await watching.send(CALLS);
    await watching.send(
      lines(
        ...Array.from({ length: 12 }, (_, place) =>
          record({
            destination: workload(`t-${place}`),
            port: 80,
            verdict: 'DENIED',
            time: '2026-11-22T10:30:00Z',
          }),
        ),
      ),
      { key: 'scan' },
    );
    const before = await watching.rows('select * from alert order by id');
    const input = {
      id: null,
      cluster: 'lab',
      since: '2026-11-22T00:00:00Z',
      until: '2026-11-23T00:00:00Z',
    };
    const tested = async (draft: Parameters<typeof createAlertRule>[1]) => {
      const { alerts } = await testRule(
        { reads: watching.stores, caller: LOCAL_CALLER },
        { ...input, draft },
      );
      return alerts.map(one => [one.groupName, one.events, one.flowCount]);
    };
    assert.deepEqual((await tested(DRAFT)).toSorted(), [
      ['addresses outside', 1, 1],
      ['callers from outside', 1, 1],
    ]);
    const [scanned] = await tested({
      ...DRAFT,
      criterion: 'LATERAL_SCAN',
      parameters: { threshold: 12 },
    });
    assert.deepEqual(scanned?.slice(1), [12, 12]);
    assert.deepEqual(
      await tested({ ...DRAFT, criterion: 'LATERAL_SCAN', parameters: { threshold: 13 } }),
      [],
    );
    assert.deepEqual(await watching.rows('select * from alert order by id'), before);
  }));
