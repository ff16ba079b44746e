import { timeText } from '../flows/time.js';
import { AlertRule, alertId, PeerGroup, RANKS } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import { type AlertRuleDefinition, DEFAULT_MEGABYTES } from './alert-rule.js';
import { isAbout } from './rule-scope.js';
import type { Exfiltration, FlowHourKey, Volume, VolumeStore } from './volume.store.js';
import { bytesText, unusualHours } from './volume-hours.js';

const MEGABYTE = 1_000_000;

const bytesOf = ({ parameters }: AlertRuleDefinition): number =>
  (parameters.megabytes ?? DEFAULT_MEGABYTES) * MEGABYTE;

/** The group as lists show it. */
const shown = ({ groupKey }: Volume): string =>
  groupKey === '' ? 'addresses outside' : `EXTERNAL:${groupKey}`;

/** What an unusual volume is as an alert, by the first of the rules that is about it; null: it is not unusual. */
function exfiltrationOf(
  volume: Volume,
  rules: readonly AlertRuleDefinition[],
  cluster: string,
): Exfiltration | null {
  const { deploymentId, groupKey, groupKind, hours, learnedAt } = volume;
  const named = groupKind === PeerGroup.NAME ? groupKey : null;
  const peer = { label: shown(volume), name: groupKey, dnsName: named, block: groupKey || null };
  const rule = rules.find(one => isAbout(one, { cluster, owner: volume, peer, port: null }));
  if (rule === undefined) return null;
  const unusual = unusualHours(hours, bytesOf(rule)).filter(({ hour }) => hour >= learnedAt);
  const [first, ...others] = unusual;
  if (first === undefined) return null;
  const most = others.reduce((best, one) => (one.bytes > best.bytes ? one : best), first);
  const usual = most.usual === 0 ? 'nothing was moved before' : `usual is ${bytesText(most.usual)}`;
  return {
    ...volume,
    alertId: alertId(deploymentId, PeerGroup.VOLUME, `${groupKind} ${groupKey}`),
    groupName: groupKey === '' ? 'addresses outside' : groupKey,
    unusual: unusual.map(({ hour }) => hour),
    line: `\`${volume.label}\` <-> \`${shown(volume)}\``,
    why: `${bytesText(most.bytes)} were moved within an hour, and ${usual}`,
    rank: RANKS.EXFILTRATION,
    ruleId: rule.id,
    severity: rule.severity,
    category: rule.categories[0] ?? '',
  };
}

/** The unusual volumes of these flows and hours, by the rules that are given. */
export async function unusualVolumes(
  store: Pick<VolumeStore, 'volumes'>,
  clusterId: number,
  { name, rules }: Pick<Watched, 'name' | 'rules'>,
  touched: readonly FlowHourKey[],
): Promise<readonly Exfiltration[]> {
  const about = rules.filter(({ criterion }) => criterion === AlertRule.EXFILTRATION);
  if (about.length === 0 || touched.length === 0) return [];
  const least = Math.min(...about.map(bytesOf));
  const volumes = await store.volumes(clusterId, touched, least);
  return volumes.flatMap(volume => exfiltrationOf(volume, about, name) ?? []);
}

type Hour = { readonly flowId: string; readonly hour: number; readonly bytes: number | null };

export type VolumeDeps = {
  readonly alertVolumes: VolumeStore;
  readonly alertRaises: Pick<RaiseStore, 'watched' | 'relink'>;
};

/**
 * Raises an alert of each deployment that moved more bytes to or from a group of peers outside in an hour than is usual for the two. It
 * is worked out from what is stored, so that no cut of the records changes it. Of sources that tell no bytes nothing is known.
 */
export async function watchVolumes(
  { alertVolumes, alertRaises }: VolumeDeps,
  clusterId: number,
  hours: readonly Hour[],
): Promise<void> {
  const touched = hours
    .filter(({ bytes }) => bytes !== null && bytes > 0)
    .map(({ flowId, hour }) => ({ flowId, hour: timeText(hour) }));
  if (touched.length === 0) return;
  const watched = await alertRaises.watched(clusterId);
  if (!watched.hasBaselines) return;
  const found = await unusualVolumes(alertVolumes, clusterId, watched, touched);
  if (found.length === 0) return;
  await alertVolumes.putVolumes(clusterId, found);
  await alertRaises.relink(clusterId, [...new Set(found.map(one => one.deploymentId))]);
}
