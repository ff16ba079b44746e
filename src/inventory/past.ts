import type { Facts, NamespaceFact, PodFact } from '../netpol/index.js';
import { podFacts } from './facts.js';
import type { LabelSet } from './label-set.js';
import type {
  PastDeployment,
  PastEnd,
  PastLabelSet,
  PastNamespace,
  PastRevision,
  PastStore,
} from './past.store.js';

/** What an end of flows was, in turn. Moments are DateTimes, in the order of time. */
type Timeline = {
  /** Each begins what comes after it. */
  readonly changes: readonly string[];
  /** It has ended then: what it was last is what it is for flows that were recorded later. */
  readonly endedAt: string | null;
};

/** What a deployment was, in turn: one more state than there are changes. */
type PastPods = Timeline & { readonly states: readonly (readonly PodFact[])[] };

/** Ends of flows that were not always what they are now. */
export type Past = {
  readonly deployments: ReadonlyMap<string, PastPods>;
  /** Nodes, and addresses outside. */
  readonly others: ReadonlyMap<string, Timeline>;
  /** By name, in the order of time. */
  readonly namespaces: ReadonlyMap<string, readonly PastNamespace[]>;
};

/** The next moment at which an end becomes something else; null: it is what it is now. */
export function nextChange(past: Past, peerId: string, at: string): string | null {
  const timeline = past.deployments.get(peerId) ?? past.others.get(peerId);
  if (timeline === undefined) return null;
  return timeline.changes.find(moment => moment > at) ?? timeline.endedAt;
}

const at = <Row extends { readonly validFrom: string }>(
  rows: readonly Row[],
  moment: string,
): Row | undefined => rows.findLast(({ validFrom }) => validFrom <= moment) ?? rows[0];

const setsHeld = (sets: readonly PastLabelSet[], moment: string): readonly PastLabelSet[] =>
  sets.filter(
    ({ validFrom, validTo }) => validFrom <= moment && (validTo === null || validTo > moment),
  );

/**
 * Known pods also cover what was before the first of them. What flows told last before a moment holds until they tell
 * something else, or something is imported: not every source tells labels, and silence takes none away.
 */
function setsAt(
  sets: readonly PastLabelSet[],
  moment: string,
  revised: boolean,
): readonly LabelSet[] {
  const held = setsHeld(sets, moment);
  const first = sets[0]?.validFrom ?? moment;
  const last = sets
    .flatMap(({ told, validTo }) =>
      told && validTo !== null && validTo <= moment ? [validTo] : [],
    )
    .toSorted()
    .at(-1);
  const instead =
    last === undefined || revised
      ? setsHeld(sets, moment < first ? first : moment)
      : sets.filter(({ told, validTo }) => told && validTo === last);
  return (held.length > 0 ? held : instead).map(set => ({ ...set, pods: 0 }));
}

type Told = {
  readonly revisions: readonly PastRevision[];
  readonly sets: readonly PastLabelSet[];
  readonly namespace: readonly PastNamespace[];
  readonly named: ReadonlySet<string>;
};

function podsAt(
  { id, namespace, kind, name }: PastDeployment,
  { revisions, sets, named }: Told,
  moment: string,
): readonly PodFact[] {
  const revision = at(revisions, moment);
  const revised = revision !== undefined && revision.validFrom <= moment;
  const then = setsAt(sets, moment, revised);
  if (revision === undefined && then.length === 0) return [];
  const row = { id, namespace, kind, name, addresses: [], nodes: [] };
  const known = revision ?? { labels: {}, ports: [], hostNetwork: false };
  return podFacts({ ...known, ...row, revised }, then, named);
}

const BEGINNING = '0001-01-01T00:00:00.000000Z';

/** Null where a deployment was the same all the time, for policies, and has not ended. */
function pastPods(one: PastDeployment, told: Told, since: string | null): PastPods | null {
  const begin = since ?? BEGINNING;
  const moments = [
    ...told.revisions.map(({ validFrom }) => validFrom),
    ...told.sets.flatMap(({ validFrom, validTo }) => [validFrom, validTo ?? BEGINNING]),
    ...told.namespace.slice(1).map(({ validFrom }) => validFrom),
  ].filter(moment => moment > begin);
  const stateAt = (moment: string) => {
    const pods = podsAt(one, told, moment);
    return { pods, text: JSON.stringify([pods, at(told.namespace, moment)?.labels]) };
  };
  let state = stateAt(begin);
  const changes: string[] = [];
  const states = [state.pods];
  for (const moment of [...new Set(moments)].toSorted()) {
    if (one.endedAt !== null && moment >= one.endedAt) break;
    const next = stateAt(moment);
    if (next.text === state.text) continue;
    changes.push(moment);
    states.push(next.pods);
    state = next;
  }
  const isSame = changes.length === 0 && one.endedAt === null;
  return isSame ? null : { changes, states, endedAt: one.endedAt };
}

const timelinesOf = (ends: readonly PastEnd[]): ReadonlyMap<string, Timeline> =>
  new Map(
    [...Map.groupBy(ends, ({ peerId }) => peerId)].map(([peerId, moments]) => [
      peerId,
      { changes: moments.map(({ moment }) => moment), endedAt: null },
    ]),
  );

/**
 * What ends of flows were after `since` (DateTime; null: ever) and are no more: five statements.
 * @param named labels that controllers write anew for each pod or rollout, and that policies name nonetheless
 */
export async function pastOf(
  store: PastStore,
  clusterId: number,
  since: string | null,
  named: ReadonlySet<string>,
): Promise<Past> {
  const deployments = await store.deployments(clusterId, since);
  const ids = deployments.map(({ id }) => id);
  const revisions = ids.length === 0 ? [] : await store.revisions(clusterId, ids);
  const sets = ids.length === 0 ? [] : await store.labelSets(clusterId, ids);
  const namespaces = Map.groupBy(await store.namespaces(clusterId), ({ name }) => name);
  const revisionsOf = Map.groupBy(revisions, ({ deploymentId }) => deploymentId);
  const setsOf = Map.groupBy(sets, ({ deploymentId }) => deploymentId);
  const told = ({ id, namespace }: PastDeployment): Told => ({
    revisions: revisionsOf.get(id) ?? [],
    sets: setsOf.get(id) ?? [],
    namespace: namespaces.get(namespace) ?? [],
    named,
  });
  const past = deployments.flatMap(one => {
    const pods = pastPods(one, told(one), since);
    return pods === null ? [] : [[one.id, pods] as const];
  });
  return {
    deployments: new Map(past),
    others: timelinesOf(await store.ends(clusterId, since)),
    namespaces,
  };
}

/** What a deployment was just before a moment; null: what it is now. */
function podsBefore({ changes, states, endedAt }: PastPods, moment: string) {
  const place = changes.filter(change => change < moment).length;
  return place === changes.length && endedAt === null ? null : (states[place] ?? []);
}

const namespaceBefore = (
  revisions: readonly PastNamespace[],
  moment: string,
): NamespaceFact | null => {
  const then = revisions.findLast(({ validFrom }) => validFrom < moment) ?? revisions[0];
  return then === undefined ? null : { name: then.name, labels: then.labels };
};

/** Pods and namespaces of a cluster just before a moment. */
export type FactsBefore = {
  /** By deployment: those of the past that were not what they are now. */
  readonly pods: ReadonlyMap<string, readonly PodFact[]>;
  readonly namespaces: readonly NamespaceFact[];
};

/** The pods of the facts by their deployments' ids. */
export const podsByDeployment = ({ pods }: Pick<Facts, 'pods'>) =>
  Map.groupBy(pods, ({ key, memberOf }) => memberOf ?? key);

/**
 * @param facts what is known now
 * @param now its pods by deployment
 */
export function factsBefore(
  past: Past,
  { facts, now }: { readonly facts: Facts; readonly now: ReturnType<typeof podsByDeployment> },
  moment: string,
): FactsBefore {
  const pods = [...past.deployments].map(
    ([id, timeline]) => [id, podsBefore(timeline, moment) ?? now.get(id) ?? []] as const,
  );
  const known = new Set(facts.namespaces.map(({ name }) => name));
  return {
    pods: new Map(pods),
    namespaces: [...past.namespaces].flatMap(([name, revisions]) => {
      const then = known.has(name) ? namespaceBefore(revisions, moment) : null;
      return then === null ? [] : [then];
    }),
  };
}
