import type { EntityManager } from 'typeorm';
import type { ClusterAlert } from '../../../src/alerts/cluster-alert.js';
import { clusterAlertStore } from '../../../src/alerts/cluster-alert.store.js';
import { clusterPastStore } from '../../../src/alerts/cluster-past.store.js';
import { policyWatchStore } from '../../../src/alerts/policy-watch.store.js';
import { silenceStore } from '../../../src/alerts/silence.store.js';
import { NOW, OTHER } from './keys.js';

const CLUSTER_ALERT: ClusterAlert = {
  id: OTHER,
  rule: 'DRIFT',
  rank: 64,
  ruleIds: [OTHER],
  severity: 'LOW',
  category: 'test',
  subject: { kind: 'POLICY_SET', key: 'set', name: 'set', namespace: null, id: OTHER },
  message: 'drifted',
  occurrences: 1,
  adds: false,
  firstOccurredAt: NOW,
  lastOccurredAt: NOW,
  leadId: null,
};

export async function runClusterAlerts(manager: EntityManager): Promise<void> {
  const alerts = clusterAlertStore(manager);
  await alerts.raise(1, [CLUSTER_ALERT]);
  await alerts.open(1, [OTHER]);
  await alerts.openOfRule(OTHER);
  await alerts.settle(1, [OTHER], NOW);
  const policies = policyWatchStore(manager);
  await policies.expected(1);
  await policies.kept(1, [{ kind: 'NetworkPolicy', namespace: 'shop', name: 'api' }]);
  await policies.inForce(1, OTHER, NOW);
  await policies.before(1, OTHER, NOW);
  const window = { since: NOW, until: NOW };
  const pasts = clusterPastStore(manager);
  await pasts.firstKnown(1);
  await pasts.changed(1, window, 1);
  await pasts.policies(1, [OTHER], window);
  await pasts.sets(1, window);
  await pasts.hours(1, window);
  const silences = silenceStore(manager);
  await silences.sources();
  const counts = { newestAt: 0, checkedAt: 0, silentSeconds: 0, usualSeconds: 0, arrivals: 0 };
  await silences.put([{ clusterId: 1, source: 'neutral', ...counts }]);
}
