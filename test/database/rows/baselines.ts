import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { alertStore } from '../../../src/alerts/alert.store.js';
import { AlertOrderField, alertCondition, alertOrder } from '../../../src/alerts/alert-filter.js';
import { baselineStore } from '../../../src/baselines/baseline.store.js';
import { baselineMergeStore } from '../../../src/baselines/baseline-merge.store.js';
import { pageRequest } from '../../../src/query/page.js';
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
} as const;

export async function runBaselines(manager: EntityManager): Promise<void> {
  const baselines = baselineStore(manager, LOCAL_CALLER);
  await baselines.lockCluster(1);
  const learned = { version: 1, learnedSince: null, learnedUntil: null, generatedAt: NOW };
  const baseline = {
    clusterId: 1,
    deploymentId: DEPLOYMENT,
    state: 'LEARNING',
    lockedAt: null,
  } as const;
  await baselines.put([{ ...baseline, ...learned }], [ENTRY]);
  await baselines.ofDeployments(KEYS);
  await baselines.entriesOf(KEYS);
  await baselines.setState(1, [DEPLOYMENT], 'LOCKED', NOW);
  await baselines.keepRevision(1, [DEPLOYMENT], NOW, 'test');
  await baselines.markFlows(1, [DEPLOYMENT]);
  await baselines.markFlowIds(1, [FLOW]);
  const mergers = baselineMergeStore(manager);
  await mergers.entriesOf(1, [DEPLOYMENT]);
  await mergers.adopt(1, [DEPLOYMENT], [OTHER]);
  await mergers.replace(1, [ENTRY], [ENTRY]);
  await mergers.bump(1, [DEPLOYMENT]);
}

const ALERT = {
  clusterId: 1,
  id: FLOW,
  rule: 'DENIED',
  category: 'test',
  severity: 'HIGH',
  state: 'OPEN',
  deploymentId: DEPLOYMENT,
  peerId: OTHER,
  flowId: FLOW,
  message: 'test',
  occurrences: '1',
  firstOccurredAt: NOW,
  lastOccurredAt: NOW,
  resolvedAt: null,
  resolution: null,
} as const;

export async function runAlerts(manager: EntityManager): Promise<void> {
  const alerts = alertStore(manager, LOCAL_CALLER);
  await alerts.hasBaselines(1);
  await alerts.suspects(1, [FLOW], [FLOW]);
  await alerts.letThrough(1, [FLOW]);
  await alerts.raise(1, [ALERT]);
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
}
