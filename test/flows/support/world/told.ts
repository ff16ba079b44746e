import { INGEST, type Lab } from '../../../support/lab.js';
import { SHOWN_AT, SNAPSHOT, timeAt } from './snapshot.js';
import type { Sending } from './world.js';

const END = `{ __typename ... on Deployment { name namespace { name } } ... on ExternalEntity { name dnsName }
  ... on ClusterNode { name } ... on UnresolvedPeer { name reason } }`;
const COUNTS = '{ events allowed denied audited failed unknown connections bytes }';
const FLOWS = `query ($cluster: StringFilter!, $since: TimeBound, $until: TimeBound) {
  flows(first: 60, filter: { cluster: $cluster }) { nodes {
    source ${END} destination ${END} protocol port servicePort trafficClass directionKnown directionBasis
    observedVerdict firstSeenAt lastSeenAt events connections bytes policyVerdict policyBasis tags
    observedPolicies { name } within: counts(since: $since, until: $until) ${COUNTS}
    tagsWithin: tags(since: $since, until: $until) history(by: HOUR) { points { at counts ${COUNTS} } } } } }`;
const BASELINES = `query ($cluster: StringFilter!) { baselines(first: 15, filter: { cluster: $cluster }) { nodes {
  deployment { name } state coveredHours events learnedSince learnedUntil
  entries(first: 60) { nodes { direction peer ${END} port protocol status firstSeenAt lastSeenAt hours days events reason } } } } }`;
const ALERTS = `query ($cluster: StringFilter!) { alerts(first: 60, filter: { cluster: $cluster, linked: true }) { nodes {
  rules category severity state groupKind groupName deployment { name } occurrences firstOccurredAt lastOccurredAt message flowCount
  flows { source ${END} destination ${END} port } } } }`;
const COMPLETENESS = `query ($name: String!) { cluster(name: $name) { completeness {
  flows firstSeenAt lastSeenAt lostEvents rejectedRecords silentDeployments silentHours unresolvedFlows
  sources { name accepted lost rejected skipped withoutId firstAt lastAt gapCount
    rejectedReasons { reason count } skippedReasons { reason count } } } } }`;

/** Objects without order: the rows of a list by what they say. */
// biome-ignore lint/suspicious/noExplicitAny: any answer
const sorted = (rows: readonly any[]): readonly any[] =>
  rows.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

/** All that the API says of a cluster, without ids and times of receipt. */
export async function toldOf({ ask, cluster }: Lab): Promise<object> {
  const asked = { cluster: { eq: cluster } };
  const window = { since: timeAt(120), until: timeAt(240) };
  const { flows } = await ask(FLOWS, { ...asked, ...window });
  const { baselines } = await ask(BASELINES, asked);
  const { alerts } = await ask(ALERTS, asked);
  const of = await ask(COMPLETENESS, { name: cluster });
  return {
    flows: sorted(flows.nodes),
    baselines: sorted(
      // biome-ignore lint/suspicious/noExplicitAny: any answer
      baselines.nodes.map((one: any) => ({ ...one, entries: sorted(one.entries.nodes) })),
    ),
    // biome-ignore lint/suspicious/noExplicitAny: any answer
    alerts: sorted(alerts.nodes.map((one: any) => ({ ...one, flows: sorted(one.flows) }))),
    completeness: of.cluster.completeness,
  };
}

/** The same with each time that lies within an hour at its start: hours are all that is known of flows that were taken apart. */
export const toTheHour = (told: object): object =>
  JSON.parse(JSON.stringify(told).replaceAll(/(T\d\d):\d\d:\d\d\.\d+Z/g, '$1:00:00Z'));

/** Sends one after the other, and the inventory where it is named. */
export async function sendAll(shop: Lab, sendings: readonly Sending[]): Promise<void> {
  for (const [place, sending] of sendings.entries()) {
    if (sending === 'SNAPSHOT') {
      await shop.take(SNAPSHOT, { observedAt: SHOWN_AT });
      continue;
    }
    const { format, records } = sending;
    const text = records.map(record => JSON.stringify(record)).join('\n');
    await shop.call(INGEST, { format, records: text, key: `file-${place}` });
  }
}
