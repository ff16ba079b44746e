import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Caller, LOCAL_CALLER } from '../../src/access/caller.js';
import { alertStore } from '../../src/alerts/alert.store.js';
import { alertRaiseStore } from '../../src/alerts/alert-raise.store.js';
import { SHIPPED_RULES } from '../../src/alerts/alert-rule.js';
import { type ClusterAlert, clusterAlertId } from '../../src/alerts/cluster-alert.js';
import { clusterAlertStore } from '../../src/alerts/cluster-alert.store.js';
import { silenceStore } from '../../src/alerts/silence.store.js';
import { watchSources } from '../../src/alerts/watch-sources.js';
import { encodeId } from '../../src/query/node-id.js';
import { withDatabase } from '../support/database.js';
import { flow, type Lab, labs } from '../support/lab.js';
import { SHOP } from '../support/shop.js';

const lab = labs();

const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
  policySet { id version } policies { yaml } problems { code severity } } }`;
const TEST = `mutation ($input: TestAlertRuleInput!) { testAlertRule(input: $input) { flows problems { code }
  alerts { line why groupKind groupName events flowCount deployment { name } firstOccurredAt lastOccurredAt } } }`;
const RULE =
  'mutation ($input: UpdateAlertRuleInput!) { updateAlertRule(input: $input) { rule { enabled } problems { code } } }';
const RESOLVE =
  'mutation ($input: ResolveAlertsInput!) { resolveAlerts(input: $input) { alerts { state } problems { code } } }';
const ACCEPT =
  'mutation ($input: AcceptAlertsInput!) { acceptAlerts(input: $input) { alerts { state } problems { code } } }';
const ALERTS = `query ($filter: AlertFilter!) { alerts(filter: $filter) { totalCount nodes { id rule state message occurrences groupKind
  groupName deployment { name } peer { __typename } flow { id } flows { id } policy { name } resolution lead { rule } } } }`;
const PLACES = `query ($cluster: String!) { cluster(name: $cluster) { alertCounts { active } }
  alertFacets(filter: { cluster: { eq: $cluster } }) { facet value count } }`;

const alertsOf = async ({ ask, cluster }: Lab, filter: object = {}) =>
  (await ask(ALERTS, { filter: { cluster: { eq: cluster }, ...filter } })).alerts.nodes;

const told = async (shop: Lab) =>
  (await alertsOf(shop, { linked: true }))
    .map(({ rule, state, groupName }: Record<string, string>) => `${rule} ${groupName} ${state}`)
    .toSorted();

type Document = {
  metadata: { name: string; namespace: string; annotations?: object };
  spec: { ingress?: unknown[] };
};

/** As the API server would show them. */
const applied = (policies: readonly Document[]): readonly object[] =>
  policies.map(policy => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    ...policy,
    metadata: {
      ...policy.metadata,
      uid: 'u',
      resourceVersion: '1',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
  }));

async function generated(shop: Lab): Promise<readonly Document[]> {
  const { policies, problems } = await shop.call(GENERATE, { from: 'FLOWS', name: 'tight' });
  assert.ok(policies !== null, JSON.stringify(problems));
  const { parse } = await import('yaml');
  return policies.map(({ yaml }: { yaml: string }) => parse(yaml));
}

const replace = { mode: 'REPLACE' } as const;

/** What a shipped rule would have raised on the last hour. */
const tested = async (shop: Lab, criterion: string) => {
  const input = { id: criterionId(criterion), since: '1h' };
  const { alerts, problems } = await shop.call(TEST, input);
  assert.deepEqual(problems, []);
  return alerts.map(
    ({ line, groupKind, events, flowCount, deployment }: Record<string, unknown>) => {
      assert.deepEqual([flowCount, deployment], [0, null]);
      return `${groupKind} ${line} ${events}`;
    },
  );
};

const OTHER = {
  metadata: { namespace: 'shop', name: 'by-hand' },
  spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
};

test('a set that was in force and is not any more is an alert, until it is in force again', async () => {
  const shop = lab('drift');
  await shop.take(SHOP);
  await shop.see(flow('shop/web', 'shop/api', 8080), flow('shop/api', 'shop/db', 5432));
  const set = await generated(shop);
  const [first, ...others] = set;
  assert.ok(first && others.length > 0);
  await shop.take(applied(others), replace);
  assert.deepEqual(await told(shop), [], 'a set that was never in force drifts from nothing');
  await shop.take(applied(set), replace);
  assert.deepEqual(await told(shop), []);
  const open = { ...first, spec: { ...first.spec, ingress: [{}] } };
  await shop.take(applied([open, ...others]), replace);
  assert.deepEqual(await told(shop), ['DRIFT tight ACTIVE']);
  const [alert] = await alertsOf(shop);
  assert.equal(
    alert.message.includes(`\`NetworkPolicy shop/${first.metadata.name}\` is other`),
    true,
  );
  assert.deepEqual(
    [alert.deployment, alert.peer, alert.flow, alert.flows, alert.groupKind],
    [null, null, null, [], 'POLICY_SET'],
  );
  await shop.take(applied(others), replace);
  assert.match((await alertsOf(shop))[0].message, /is gone/);
  await shop.call(RESOLVE, { cluster: undefined, ids: [alert.id] });
  await shop.take(applied([...others, OTHER]), replace);
  assert.deepEqual(await told(shop), ['DRIFT tight RESOLVED'], 'it says nothing else than before');
  await shop.take(applied([...set, OTHER]), replace);
  await shop.take(applied([open, ...others, OTHER]), replace);
  assert.deepEqual(await told(shop), ['DRIFT tight ACTIVE'], 'it drifted once more');
  await shop.take(applied(set), replace);
  assert.deepEqual(await told(shop), ['DRIFT tight RESOLVED']);
  assert.deepEqual(
    await tested(shop, 'DRIFT'),
    ['POLICY_SET tight 1'],
    'it stands no more, and would have been told',
  );
});

const criterionId = (criterion: string): string =>
  encodeId(
    'AlertRuleDefinition',
    0,
    SHIPPED_RULES.find(rule => rule.criterion === criterion)?.id ?? '',
  );

const enable = ({ ask }: Lab, enabled: boolean) =>
  ask(RULE, { input: { id: criterionId('POLICY_CHANGED'), enabled } });

test('a policy that somebody makes, changes or deletes is an alert where the rule is on, and what a set has is none', async () => {
  const shop = lab('changed');
  await enable(shop, true);
  await shop.take(SHOP);
  await shop.see(flow('shop/web', 'shop/api', 8080));
  const set = await generated(shop);
  const closed = { ...OTHER, spec: { ...OTHER.spec, ingress: [] } };
  await shop.take(applied([OTHER]), replace);
  assert.deepEqual(await told(shop), [], 'nothing was known before the first import');
  await shop.take(applied([OTHER, ...set]), replace);
  assert.deepEqual(await told(shop), [], 'a set was applied');
  await shop.take(
    applied([{ ...OTHER, metadata: { ...OTHER.metadata, labels: { a: 'b' } } } as never, ...set]),
    replace,
  );
  assert.deepEqual(await told(shop), [], 'a label decides nothing');
  await shop.take(applied([closed, ...set]), replace);
  const name = 'NetworkPolicy shop/by-hand';
  assert.deepEqual(await told(shop), [`POLICY_CHANGED ${name} ACTIVE`]);
  const [alert] = await alertsOf(shop, { namespace: { eq: 'shop' } });
  assert.deepEqual([alert.policy.name, alert.occurrences], ['by-hand', '1']);
  const { problems } = await shop.call(ACCEPT, { cluster: undefined, ids: [alert.id] });
  assert.deepEqual(problems, [{ code: 'NOT_OF_FLOWS' }]);
  const { cluster, alertFacets } = await shop.ask(PLACES, { cluster: shop.cluster });
  assert.equal(cluster.alertCounts.active, 1);
  assert.deepEqual(
    alertFacets.filter(({ facet }: { facet: string }) => facet === 'namespace'),
    [{ facet: 'namespace', value: 'shop', count: 1 }],
  );
  await shop.take(applied(set), replace);
  assert.equal((await alertsOf(shop))[0].occurrences, '2', 'it was deleted besides');
  await shop.take(applied([OTHER, ...set]), replace);
  assert.deepEqual(await told(shop), [`POLICY_CHANGED ${name} RESOLVED`], 'as it was before');
  await shop.take(applied([OTHER]), replace);
  assert.deepEqual(
    (await told(shop)).filter((text: string) => text.endsWith('ACTIVE')),
    [
      'DRIFT tight ACTIVE',
      ...set.map(({ metadata }) => `POLICY_CHANGED NetworkPolicy shop/${metadata.name} ACTIVE`),
    ].toSorted(),
  );
  assert.deepEqual(
    (await alertsOf(shop, { state: ['ACTIVE'] })).map(({ rule }: { rule: string }) => rule),
    ['DRIFT'],
    'one incident is one alert',
  );
  assert.deepEqual(await tested(shop, 'POLICY_CHANGED'), [
    `POLICY ${name} 2`,
    ...set.map(({ metadata }) => `POLICY NetworkPolicy shop/${metadata.name} 1`).toSorted(),
  ]);
  await enable(shop, false);
});

const clusterAlert = (name: string, namespace: string | null): ClusterAlert => {
  const subject = { kind: 'POLICY', key: name, name, namespace, id: null } as const;
  const at = '2026-11-22T10:00:00Z';
  return {
    id: clusterAlertId(subject),
    rule: 'POLICY_CHANGED',
    rank: 66,
    ruleIds: [],
    severity: 'LOW',
    category: '',
    subject,
    message: name,
    occurrences: 1,
    adds: true,
    firstOccurredAt: at,
    lastOccurredAt: at,
    leadId: null,
  };
};

test('who sees some namespaces sees what is about policies in them, and who sees some workloads nothing of it', () =>
  withDatabase(async ({ source, execute }) => {
    await execute(`insert into cluster (id, name, created_at) values (1, 'lab', now())`);
    const own = clusterAlert('own', 'shop');
    const alerts = [own, clusterAlert('other', 'pay'), clusterAlert('wide', null)];
    await clusterAlertStore(source.manager).raise(1, alerts);
    const keys = alerts.map(({ id }) => ({ clusterId: 1, id }));
    const seenBy = async (scope: Partial<Caller>) =>
      (await alertStore(source.manager, { ...LOCAL_CALLER, ...scope }).byIds(keys)).map(
        ({ message }) => message,
      );
    assert.equal((await seenBy({})).length, 3);
    assert.deepEqual(await seenBy({ namespaces: ['shop'] }), ['own']);
    const selector = { matchLabels: { app: 'web' } };
    assert.deepEqual(await seenBy({ namespaces: ['shop'], selector }), []);
    assert.deepEqual(await seenBy({ clusters: ['elsewhere'] }), []);
  }));

test('a source that is silent is an alert until it shows something newer, and one that somebody resolved is not told again', () =>
  withDatabase(async ({ source, execute }) => {
    await execute(`insert into cluster (id, name, created_at) values (1, 'lab', now())`);
    const stores = {
      alertRaises: alertRaiseStore(source.manager),
      clusterAlerts: clusterAlertStore(source.manager),
      silences: silenceStore(source.manager),
    };
    const start = Date.UTC(2026, 10, 22);
    let minute = 0;
    const look = async (times: number, isNew: boolean) => {
      for (let time = 0; time < times; time += 1) {
        minute += 1;
        const at = new Date(start + minute * 60_000);
        if (isNew)
          await execute(`insert into ingest_ledger (cluster_id, source, hour, accepted, duplicates, lost, skipped, rejected, last_seen_at)
            values (1, 'hubble', date_trunc('hour', '${at.toISOString()}'::timestamptz), 1, 0, 0, '{}', '{}', '${at.toISOString()}')
            on conflict (cluster_id, source, hour) do update set last_seen_at = excluded.last_seen_at`);
        await watchSources({ transaction: work => work(stores) }, at);
      }
    };
    const found = async () =>
      (
        await source.query('select rule, state, group_name, first_occurred_at as at from alert')
      ).map((row: Record<string, unknown>) =>
        [row['rule'], row['state'], row['group_name']].join(' '),
      );
    await look(20, true);
    await look(119, false);
    assert.deepEqual(await found(), []);
    await look(2, false);
    assert.deepEqual(await found(), ['INGESTION_GAP OPEN hubble']);
    await execute(`update alert set state = 'RESOLVED', resolved_at = now(), resolved_by = 'me'`);
    await look(1, false);
    assert.deepEqual(await found(), ['INGESTION_GAP RESOLVED hubble']);
    await execute(`update alert set state = 'OPEN', resolved_at = null, resolved_by = null`);
    await look(1, true);
    assert.deepEqual(await found(), ['INGESTION_GAP RESOLVED hubble']);
  }));
