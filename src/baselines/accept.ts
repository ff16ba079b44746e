import { METADATA_CLASS } from '../flows/flow-view.js';
import { counted, type Problem, Severity } from '../netpol/index.js';
import { type BaselineDirection, type Decision, EntryStatus, entryId } from './baseline.js';
import type { BaselineStore } from './baseline.store.js';
import type { AcceptableFlow, BaselineAcceptStore } from './baseline-accept.store.js';

export type AcceptStores = {
  readonly baselines: Pick<BaselineStore, 'lockCluster' | 'keepRevision' | 'markFlows'>;
  readonly baselineAccepts: BaselineAcceptStore;
};

export type Accept = {
  /** Ids of flows. */
  readonly flows: readonly string[];
  /** ISO text. */
  readonly now: string;
  /** Who does it, for the history. */
  readonly who: string;
  readonly why: string | null;
};

export type Accepted = {
  /** Flows that a baseline of an end of theirs holds now. */
  readonly held: readonly string[];
  readonly problems: readonly Problem[];
};

/** Why a flow cannot be normal; null: it can. */
function refusal({ trafficClass, ends, forbidden }: AcceptableFlow): string | null {
  if (trafficClass === METADATA_CLASS)
    return 'calls of a cloud metadata service, which are never normal: exclude them from the rule instead';
  if (forbidden)
    return 'flows that are forbidden in the baseline of an end: confirm the entry first, if that was wrong';
  return ends.length === 0 ? 'flows of ends without a baseline: learn one first' : null;
}

const entryOf = (
  { port, protocol, ...flow }: AcceptableFlow,
  decision: Decision,
  end: {
    readonly deploymentId: string;
    readonly peerId: string;
    readonly direction: BaselineDirection;
  },
) => {
  const place = { direction: end.direction, peerId: end.peerId, port, protocol };
  const { firstSeenAt, lastSeenAt, events, days, hours } = flow;
  return {
    ...place,
    id: entryId(place),
    deploymentId: end.deploymentId,
    firstSeenAt,
    lastSeenAt,
    events,
    days,
    hours,
    pattern: null,
    ...decision,
  };
};

function refused(flows: readonly AcceptableFlow[]): readonly Problem[] {
  const byReason = Map.groupBy(flows, flow => refusal(flow) ?? '');
  byReason.delete('');
  return [...byReason].map(([reason, some]) => ({
    code: 'NOT_ACCEPTED',
    severity: Severity.WARNING,
    message: `${counted(some.length, 'flow was', 'flows were')} not accepted: ${reason}`,
    path: null,
    place: null,
    hint: null,
  }));
}

/**
 * Adds flows to the baselines of their ends, locked ones as well, as the next version. Those that a baseline holds
 * already stay as they are. In a transaction.
 */
export async function acceptFlows(
  { baselines, baselineAccepts }: AcceptStores,
  clusterId: number,
  { flows: ids, now, who, why }: Accept,
): Promise<Accepted> {
  await baselines.lockCluster(clusterId);
  const flows = await baselineAccepts.acceptable(clusterId, ids);
  const good = flows.filter(flow => refusal(flow) === null);
  const decision = { status: EntryStatus.CONFIRMED, statusAt: now, statusBy: who, reason: why };
  const entries = good.flatMap(flow => flow.ends.map(end => entryOf(flow, decision, end)));
  const owners = [...new Set(entries.map(({ deploymentId }) => deploymentId))];
  if (owners.length > 0) {
    await baselineAccepts.add(clusterId, entries);
    await baselines.keepRevision(clusterId, owners, {
      now,
      source: 'acceptAlerts',
      who,
      why,
    });
    await baselines.markFlows(clusterId, owners);
  }
  return { held: good.map(({ id }) => id), problems: refused(flows) };
}
