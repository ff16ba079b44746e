import assert from 'node:assert/strict';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../src/access/caller.js';
import { alertStore } from '../../../src/alerts/alert.store.js';
import { alertActStore } from '../../../src/alerts/alert-act.store.js';
import { alertCountStore } from '../../../src/alerts/alert-count.store.js';
import { AlertOrderField, alertCondition, alertOrder } from '../../../src/alerts/alert-filter.js';
import { alertMoveStore } from '../../../src/alerts/alert-move.store.js';
import { alertRaiseStore } from '../../../src/alerts/alert-raise.store.js';
import { alertRuleStore } from '../../../src/alerts/alert-rule.store.js';
import { alertSettleStore } from '../../../src/alerts/alert-settle.store.js';
import { volumeStore } from '../../../src/alerts/volume.store.js';
import { baselineStore } from '../../../src/baselines/baseline.store.js';
import { baselineAcceptStore } from '../../../src/baselines/baseline-accept.store.js';
import { baselineEntryStore } from '../../../src/baselines/baseline-entry.store.js';
import { BASELINE_ORDER, baselineCondition } from '../../../src/baselines/baseline-filter.js';
import { baselineHistoryStore } from '../../../src/baselines/baseline-history.store.js';
import { baselineMergeStore } from '../../../src/baselines/baseline-merge.store.js';
import { baselinePageStore } from '../../../src/baselines/baseline-page.store.js';
import { baselineScopeStore } from '../../../src/baselines/baseline-scope.store.js';
import { baselineSettingStore } from '../../../src/baselines/baseline-setting.store.js';
import { DEFAULT_SETTINGS } from '../../../src/baselines/baseline-settings.js';
import { coverageStore } from '../../../src/baselines/coverage.store.js';
import { decayStore } from '../../../src/baselines/decay.store.js';
import { notificationStore } from '../../../src/notifiers/notification.store.js';
import { notifierStore } from '../../../src/notifiers/notifier.store.js';
import { pageRequest } from '../../../src/query/page.js';
import { runBaselineEntries } from './baseline-entries.js';
import { runClusterAlerts } from './cluster-alerts.js';
import { DEPLOYMENT, FLOW, KEYS, NOW, OTHER } from './keys.js';

const ENTRY = {
  clusterId: 1,
  deploymentId: DEPLOYMENT,
  id: FLOW,
  direction: 'EGRESS',
  peerId: OTHER,
  port: 80,
  protocol: 'TCP',
  firstSeenAt: NOW,
  lastSeenAt: NOW,
  events: '1',
  days: 1,
  hours: 1,
  pattern: null,
  status: 'OBSERVED',
  statusAt: null,
  statusBy: null,
  reason: null,
} as const;

export async function runBaselines(manager: EntityManager, caller: Caller): Promise<void> {
  const baselines = baselineStore(manager, caller);
  const pages = baselinePageStore(manager, caller);
  const wanted = baselineCondition({ namespace: { eq: 'shop' } }, 'LOCKED');
  await pages.page(wanted, pageRequest({ first: 1 }, BASELINE_ORDER));
  await pages.count(wanted);
  await baselines.lockCluster(1);
  const learned = { version: 1, learnedSince: null, learnedUntil: null, generatedAt: NOW };
  const baseline = {
    clusterId: 1,
    deploymentId: DEPLOYMENT,
    state: 'LEARNING',
    lockedAt: null,
    continuous: false,
    coveredHours: 1,
    quietHours: 1,
    events: '1',
    lastNewAt: null,
    stableSince: null,
    reopenedAt: null,
    relock: false,
  } as const;
  await baselines.put([{ ...baseline, ...learned }], [ENTRY]);
  await baselines.ofDeployments(KEYS);
  await baselines.entriesOf(KEYS);
  await runBaselineEntries(manager, caller);
  await baselines.setLocked(1, [DEPLOYMENT], true, NOW);
  const done = { now: NOW, source: 'test', who: 'tester', why: null };
  await baselines.keepRevision(1, [DEPLOYMENT], done);
  await baselines.markFlows(1, [DEPLOYMENT]);
  await baselines.markFlowIds(1, [FLOW]);
  await runBaselineParts(manager, caller);
  const accepts = baselineAcceptStore(manager);
  await accepts.acceptable(1, [FLOW]);
  await accepts.add(1, [ENTRY]);
  const mergers = baselineMergeStore(manager);
  await mergers.entriesOf(1, [DEPLOYMENT]);
  await mergers.adopt(1, [DEPLOYMENT], [OTHER]);
  await mergers.replace(1, [ENTRY], [ENTRY]);
  await mergers.bump(1, [DEPLOYMENT]);
}

async function runBaselineParts(manager: EntityManager, caller: Caller): Promise<void> {
  const settings = baselineSettingStore(manager, caller);
  const row = { ...DEFAULT_SETTINGS, namespace: '', deployment: '', updatedAt: NOW };
  await settings.put(1, { ...row, version: 1, updatedBy: 'test' });
  await settings.ofCluster(1);
  await settings.shown(1);
  const coverage = coverageStore(manager);
  await coverage.covered(1, { since: NOW, until: NOW });
  await coverage.releases(1, [DEPLOYMENT]);
  await coverage.policyChanges(1, [DEPLOYMENT]);
  await baselineStore(manager, caller).reopen(1, [DEPLOYMENT], NOW);
  const history = baselineHistoryStore(manager, caller);
  await history.ofDeployments(KEYS, 5);
  await history.entriesAt({ clusterId: 1, id: DEPLOYMENT }, { version: 1, at: NOW });
  const decay = decayStore(manager);
  await decay.newest(1);
  await decay.lastSeen(1, [FLOW]);
  await coverage.own(1, [DEPLOYMENT], NOW);
  await baselineScopeStore(manager, caller).selected(1, { matchLabels: { app: 'db' } });
  const entries = baselineEntryStore(manager);
  await entries.blocks(1, [DEPLOYMENT]);
  await entries.peersNamed(1, ['shop/db']);
  await entries.put(1, [ENTRY]);
  await entries.remove(1, []);
  await entries.bump(1, [DEPLOYMENT]);
}

const RAISED = {
  id: FLOW,
  rank: 70,
  rule: 'DENIED',
  rules: ['DENIED'],
  ruleIds: [OTHER],
  category: 'test',
  severity: 'HIGH',
  deploymentId: DEPLOYMENT,
  peerId: OTHER,
  groupKind: 'PEER',
  groupName: 'shop/db',
  flowId: FLOW,
  line: 'test',
  why: 'test',
  events: 1,
  passed: 0,
  firstOccurredAt: NOW,
  lastOccurredAt: NOW,
} as const;

const SCANNER = {
  deploymentId: DEPLOYMENT,
  alertId: OTHER,
  threshold: 1,
  rank: 40,
  ruleId: OTHER,
  severity: 'HIGH',
  category: 'test',
} as const;

const RESOLVED = {
  state: 'RESOLVED',
  snoozedUntil: null,
  resolvedAt: NOW,
  resolution: null,
  resolvedBy: 'test',
} as const;

async function runRaises(manager: EntityManager): Promise<void> {
  const raises = alertRaiseStore(manager);
  await raises.watched(1);
  await raises.suspects(1, { flows: [FLOW], told: [FLOW], bad: [OTHER], unlearned: true });
  await raises.outside(1, [FLOW]);
  await raises.letThrough(1, [FLOW]);
  await raises.raise(1, [RAISED], [RAISED]);
  await raises.scanning(1, [SCANNER], [NOW]);
  await raises.putScans(1, [SCANNER], [NOW]);
  const volumes = volumeStore(manager);
  await volumes.volumes(1, [{ flowId: FLOW, hour: NOW }], 1);
  const group = {
    groupKind: 'NAME',
    groupKey: 'test',
    groupName: 'test',
    line: 'test',
    why: 'test',
  };
  const owner = {
    ...SCANNER,
    namespace: 'shop',
    name: 'web',
    label: 'shop/web',
    namespaceLabels: null,
    labels: null,
    learnedAt: NOW,
  };
  await volumes.putVolumes(1, [{ ...owner, ...group, hours: [], unusual: [NOW] }]);
  await raises.relink(1, [DEPLOYMENT]);
  await raises.flowsAfter(1, { since: NOW, until: NOW, after: null, limit: 1 });
  await raises.hoursOf(1, [FLOW], { since: NOW, until: NOW });
  const rules = alertRuleStore(manager);
  await rules.lock();
  const [rule] = await rules.all();
  if (rule !== undefined) await rules.put({ ...rule, updatedAt: NOW, updatedBy: 'test' });
  await rules.remove(OTHER);
  const acts = alertActStore(manager);
  const act = {
    clusterId: 1,
    id: FLOW,
    alertId: FLOW,
    kind: 'KILL_POD',
    state: 'REQUESTED',
  } as const;
  await acts.request([{ ...act, requestedAt: NOW, decidedAt: null, decidedBy: null }]);
  await acts.ofAlerts(KEYS);
  await acts.byIds([{ clusterId: 1, id: FLOW }]);
  await acts.decide({ clusterId: 1, id: FLOW }, 'APPROVED', 'test');
}

async function runCounts(manager: EntityManager, caller: Caller): Promise<void> {
  const counts = alertCountStore(manager, caller);
  await counts.ofClusters(KEYS);
  await counts.ofNamespaces(KEYS);
  await counts.ofDeployments(KEYS);
  await counts.facets(alertCondition(null, new Date()));
}

async function runNotifiers(manager: EntityManager): Promise<void> {
  const notifiers = notifierStore(manager);
  const target = { id: OTHER, name: 'test', kind: 'WEBHOOK', config: {}, secret: null } as const;
  const which = { minSeverity: 'LOW', rules: null, clusters: null, enabled: true } as const;
  const how = { maxPerHour: null, digest: false, oldSecret: null, oldSecretUntil: null } as const;
  const told = { failures: 0, lastError: null, version: 1, updatedAt: NOW, updatedBy: 'test' };
  await notifiers.lock();
  await notifiers.put({ ...target, ...which, ...how, ...told });
  await notifiers.all();
  await notifiers.putConfig(OTHER, { url: 'https://example.org' });
  await notifiers.mayTest(OTHER);
  const notifications = notificationStore(manager);
  assert.equal(await notifications.claim([], 'holder'), null);
  await notifications.take(OTHER, 1);
  await notifications.begin({ notifierId: OTHER, holder: 'holder' }, FLOW, []);
  const nothing = { error: null, waitMs: null, pauseMs: null, gone: false, ref: null } as const;
  await notifications.settle(OTHER, FLOW, { ...nothing, state: 'SENT' });
  await notifications.standing(OTHER);
  await notifications.note(OTHER, 'test');
  await notifications.release(OTHER, 'holder');
  await notifications.counts();
  await notifications.retryDead(OTHER);
  await notifications.askAgain();
  await notifications.forget(30);
  await notifiers.remove(OTHER);
}

export async function runAlerts(manager: EntityManager, caller: Caller): Promise<void> {
  await runRaises(manager);
  await runCounts(manager, caller);
  await runNotifiers(manager);
  await alertSettleStore(manager).settle(1, NOW);
  await alertSettleStore(manager).wake();
  await alertSettleStore(manager).forgetMatches(10);
  await alertSettleStore(manager).openOfRule(OTHER, { after: null, limit: 1 });
  await alertSettleStore(manager).resolve(1, [OTHER], NOW);
  await alertSettleStore(manager).settleReplies(1, [OTHER], NOW);
  await runClusterAlerts(manager);
  const moves = alertMoveStore(manager);
  await moves.moveFlows(1, [{ from: OTHER, to: OTHER }]);
  await moves.matchesOf(1, [OTHER]);
  const to = { ...RAISED, id: OTHER };
  await moves.flowsTo(1, [OTHER]);
  const left = { firstSeen: 0, lastSeen: 1 };
  await moves.takeFrom(1, [{ flowId: OTHER, verdict: 'DENIED', events: 0, left }]);
  await moves.moveMatch(1, { alertId: OTHER, flowId: OTHER, to });
  await moves.dropEmpty(1, [{ alertId: OTHER, flowId: OTHER, to }]);
  await moves.tellLatest(1, OTHER, OTHER, to);
  const alerts = alertStore(manager, caller);
  await alerts.change(KEYS, RESOLVED);
  await alerts.byIds(KEYS);
  await alerts.ofDeployments(KEYS);
  await alerts.ofFlows(KEYS, 1);
  await alerts.ofLeads(KEYS, 1);
  await alerts.flowsOf(KEYS);
  await alerts.everyFlowOf(KEYS);
  await alerts.comment({
    clusterId: 1,
    id: FLOW,
    alertId: FLOW,
    createdAt: NOW,
    author: 'a',
    text: 'b',
  });
  await alerts.commentsOf(KEYS);
  const filter = alertCondition(
    {
      cluster: { eq: 'lab' },
      rule: 'DENIED',
      state: 'OPEN',
      namespace: { eq: 'shop' },
      since: '7d',
    },
    new Date(),
  );
  await alerts.lockFound(filter, 10);
  for (const field of Object.values(AlertOrderField)) {
    const order = alertOrder({ field, direction: 'ASC' });
    await alerts.page(filter, pageRequest({ first: 10 }, order));
    await alerts.page(filter, pageRequest({ first: 10 }, order, false));
  }
  await alerts.count(filter);
}
