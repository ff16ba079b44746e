import { flowId } from '../flows/edge.js';
import type { ScopedDeployment } from '../inventory/scope.store.js';
import { type Problem, Severity } from '../netpol/index.js';
import { type BaselineEntry, EntryStatus } from './baseline.js';
import type { BaselineStore, EntryOf } from './baseline.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import { settingsOf } from './baseline-settings.js';
import { type BaselineScope, chosenIn, type ScopeStores } from './chosen.js';
import type { DecayStore } from './decay.store.js';
import type { DecideEntriesOutcome, DecideStores } from './decide-entries.js';
import { staleIn } from './expected-version.js';
import { TrafficPattern } from './pattern.js';
import { writeDecision } from './write-decision.js';

export type DecayStores = ScopeStores & {
  readonly baselines: Pick<BaselineStore, 'entriesOf' | 'ofDeployments'>;
  readonly baselineSettings: Pick<BaselineSettingStore, 'ofCluster'>;
  readonly baselineDecay: DecayStore;
};

/** An entry that nothing was seen of for so long that it should go. */
export type Decayed = {
  readonly entry: EntryOf;
  /** When its flow was last let through, ISO text; null: never, or it was forgotten. */
  readonly lastSeenAt: string | null;
  /** Days before the newest observation of the cluster. */
  readonly unseenDays: number;
};

const DAY_MS = 86_400_000;

/** What is seen once a month is not gone after one: three of its turns must have been missed. */
const TURNS: Partial<Record<TrafficPattern, number>> = {
  [TrafficPattern.DAILY]: 3,
  [TrafficPattern.WEEKLY]: 3 * 7,
  [TrafficPattern.MONTHLY]: 3 * 31,
};

/** Days without a sight after which an entry is proposed for removal. */
export const decaysAfter = ({ pattern }: Pick<BaselineEntry, 'pattern'>, decayDays: number) =>
  Math.max(decayDays, pattern === null ? 0 : (TURNS[pattern] ?? 0));

/** The flow that an entry is of. */
const flowOf = ({ direction, deploymentId, peerId, port, protocol }: EntryOf): string =>
  direction === 'EGRESS'
    ? flowId(deploymentId, peerId, port, protocol)
    : flowId(peerId, deploymentId, port, protocol);

export type DecayOutcome = {
  /** The deployments that were looked at. */
  readonly chosen: readonly ScopedDeployment[];
  /** Those unseen for longest first. */
  readonly decayed: readonly Decayed[];
  readonly problems: readonly Problem[];
};

const nothingSeen: Problem = {
  code: 'NO_FLOWS',
  severity: Severity.INFO,
  message: 'nothing was ever observed of the cluster, so that nothing is known to be gone',
  path: 'cluster',
  place: null,
  hint: 'send flows first',
};

/**
 * Entries that were learned, and of which nothing was seen for as many days as the settings say: by observation time, so that
 * a source that is silent lets nothing decay. They are proposed; nothing is removed.
 */
export async function decayOf(stores: DecayStores, scope: BaselineScope): Promise<DecayOutcome> {
  const { clusterId } = scope;
  const newest = await stores.baselineDecay.newest(clusterId);
  const { chosen, problems } = await chosenIn(stores, scope);
  if (newest === null) return { chosen, decayed: [], problems: [...problems, nothingSeen] };
  const rows = await stores.baselineSettings.ofCluster(clusterId);
  const settings = new Map(chosen.map(one => [one.id, settingsOf(rows, one)]));
  const keys = chosen.map(({ id }) => ({ clusterId, id }));
  const entries = (await stores.baselines.entriesOf(keys)).filter(
    ({ status }) => status === EntryStatus.OBSERVED,
  );
  const seen = await stores.baselineDecay.lastSeen(clusterId, entries.map(flowOf));
  const last = new Map(seen.map(one => [one.flowId, one.lastSeenAt]));
  const decayed = entries.flatMap(entry => {
    const lastSeenAt = last.get(flowOf(entry)) ?? null;
    const at = Math.max(Date.parse(lastSeenAt ?? entry.lastSeenAt), Date.parse(entry.lastSeenAt));
    const unseenDays = Math.floor((Date.parse(newest) - at) / DAY_MS);
    const days = settings.get(entry.deploymentId)?.decayDays ?? 0;
    return unseenDays >= decaysAfter(entry, days) ? [{ entry, lastSeenAt, unseenDays }] : [];
  });
  return {
    chosen,
    decayed: decayed.toSorted((one, other) => other.unseenDays - one.unseenDays),
    problems,
  };
}

export type ApplyDecayDeps = {
  readonly transaction: <T>(work: (stores: DecayStores & DecideStores) => Promise<T>) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
  readonly who: string;
};

export type ApplyDecayInput = BaselineScope & { readonly reason: string | null };

/** Takes out what is proposed, at both ends: REMOVED, so that it is learned again when it is seen again. */
export const applyDecay = (
  { transaction, now, who }: ApplyDecayDeps,
  input: ApplyDecayInput,
): Promise<DecideEntriesOutcome> =>
  transaction(async stores => {
    await stores.baselines.lockCluster(input.clusterId);
    const { chosen, decayed, problems } = await decayOf(stores, input);
    const stale = await staleIn(stores.baselines, input, chosen);
    if (stale !== null) return { baselines: [], changed: 0, problems: [stale] };
    const outcome = await writeDecision(
      stores,
      input.clusterId,
      decayed.map(({ entry }) => entry),
      {
        decision: {
          status: EntryStatus.REMOVED,
          statusAt: now(),
          statusBy: who,
          reason: input.reason ?? 'not seen for long',
        },
        source: 'applyBaselineDecay',
      },
    );
    return { ...outcome, problems };
  });
