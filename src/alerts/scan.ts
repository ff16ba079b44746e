import { timeText } from '../flows/time.js';
import { AlertRule, alertId, PeerGroup, RANKS } from './alert.js';
import type { RaiseStore, Scanner } from './alert-raise.store.js';
import { type AlertRuleDefinition, DEFAULT_SCAN_THRESHOLD } from './alert-rule.js';
import type { End } from './deviation.js';
import { isAbout } from './rule-scope.js';

type Touched = {
  readonly rules: readonly AlertRuleDefinition[];
  readonly cluster: string;
  /** Deployments that met a rule in the batch. */
  readonly owners: readonly End[];
  /** The hours in which they did, in microseconds. */
  readonly hours: readonly number[];
};

const scannerOf = ({ id }: End, rule: AlertRuleDefinition): Scanner => ({
  deploymentId: id,
  alertId: alertId(id, PeerGroup.SCAN, ''),
  threshold: rule.parameters.threshold ?? DEFAULT_SCAN_THRESHOLD,
  rank: RANKS.LATERAL_SCAN,
  ruleId: rule.id,
  severity: rule.severity,
  category: rule.categories[0] ?? '',
});

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;

/** All hours of the days (UTC) of these hours, in microseconds. */
const wholeDays = (hours: readonly number[]): readonly number[] =>
  [...new Set(hours.map(hour => Math.floor(hour / DAY) * DAY))]
    .toSorted((one, other) => one - other)
    .flatMap(day => Array.from({ length: 24 }, (_, place) => day + place * HOUR));

/** Exclusions of a peer or a port do not concern a scan of many. */
export const MANY = { label: '', name: '', dnsName: null, block: null } as const;

/**
 * Raises an alert of each deployment that tried many peers and ports of the cluster within an hour of observation, or twice
 * as many within a day (UTC), all
 * of them flows that met another rule. It is worked out from what is stored, so that no cut of the records changes it.
 * Where several rules are about a deployment, the first of them counts.
 */
export async function scan(
  store: Pick<RaiseStore, 'scanning' | 'putScans'>,
  clusterId: number,
  { rules, cluster, owners, hours }: Touched,
): Promise<void> {
  const ofScans = rules.filter(({ criterion }) => criterion === AlertRule.LATERAL_SCAN);
  const possible = owners.flatMap(owner => {
    const rule = ofScans.find(one => isAbout(one, { cluster, owner, peer: MANY, port: null }));
    return rule === undefined ? [] : [scannerOf(owner, rule)];
  });
  if (possible.length === 0) return;
  const texts = wholeDays(hours).map(timeText);
  const scanners = await store.scanning(clusterId, possible, texts);
  if (scanners.length > 0) await store.putScans(clusterId, scanners, texts);
}
