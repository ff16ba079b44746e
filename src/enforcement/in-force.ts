import { type ClusterFacts, factsOf } from '../inventory/facts.js';
import type { FactsStore } from '../inventory/facts.store.js';
import type { VersionStore } from '../inventory/versions.store.js';
import {
  compile,
  DEFAULT_MODES,
  type Facts,
  type Modes,
  type Policy,
  type PolicyIdentity,
  withChange,
  withTwins,
} from '../netpol/index.js';
import type { Evaluated, KeptSet, KeptSets } from './kept-sets.js';
import { passingLabelsIn } from './named-labels.js';
import { PolicySource } from './policy.js';
import type { PolicyStore } from './policy.store.js';
import { storedPolicies } from './stored-policies.js';

export type InForceStores = {
  readonly facts: FactsStore;
  readonly policies: Pick<PolicyStore, 'inForce' | 'hashesInForce' | 'bearing'>;
  readonly versions: Pick<VersionStore, 'of'>;
  readonly keptSets: KeptSets;
};

/** A deployment whose labels nobody knows is left out: a verdict on it is UNDECIDABLE, not "no policy selects it". */
const withKnownLabels = ({ facts, unlabelled }: ClusterFacts): Facts => ({
  ...facts,
  pods: facts.pods.filter(({ key }) => !unlabelled.has(key)),
});

function evaluatedOf(cluster: ClusterFacts, policies: readonly Policy[], modes?: Modes): Evaluated {
  const facts = withKnownLabels(cluster);
  return {
    facts,
    known: cluster.facts,
    named: cluster.named,
    policies,
    compiled: compile(withTwins(facts), policies, modes),
  };
}

type PolicyPart = Pick<KeptSet, 'hashes' | 'byId'>;

/** Policies of the store, of which those with a known text are taken from `known`. */
async function policiesNow(
  { policies }: InForceStores,
  clusterId: number,
  known: PolicyPart | null,
): Promise<PolicyPart> {
  const hashes = await policies.hashesInForce(clusterId, PolicySource.LIVE);
  const fresh = hashes.filter(({ id, hash }) => known?.hashes.get(id) !== hash);
  const read = await policies.bearing(
    clusterId,
    fresh.map(({ id }) => id),
  );
  const rows = new Map(read.map(row => [row.id, row]));
  const ordered = fresh.flatMap(({ id }) => rows.get(id) ?? []);
  const made = new Map(
    storedPolicies(ordered).map((policy, place) => [ordered[place]?.id ?? '', policy]),
  );
  const byId = new Map<string, Policy>();
  for (const { id } of hashes) {
    const policy = made.get(id) ?? known?.byId.get(id);
    if (policy !== undefined) byId.set(id, policy);
  }
  return { hashes: new Map(hashes.map(({ id, hash }) => [id, hash])), byId };
}

/** More changes than these are compiled afresh: that takes no longer. */
const MOST_CHANGES = 50;

const identity = ({ kind, namespace, name }: Policy): PolicyIdentity => ({ kind, namespace, name });

/**
 * The set with other policies: carried over by the engine's own change where each one that differs had a place
 * before, else compiled afresh, so that the order of policies never depends on the way they came.
 */
function withPolicies(before: KeptSet, { byId }: PolicyPart): Evaluated {
  const policies = [...byId.values()];
  const put = [...byId].filter(([id, policy]) => before.byId.get(id) !== policy);
  const removed = [...before.byId].filter(([id]) => !byId.has(id));
  const isNew = put.some(([id]) => !before.byId.has(id));
  if (isNew || put.length + removed.length > MOST_CHANGES) {
    return evaluatedOf(before.cluster, policies);
  }
  const compiled = withChange(before.evaluated.compiled, {
    policies: {
      put: put.map(([, policy]) => policy),
      remove: removed.map(([, policy]) => identity(policy)),
    },
  });
  return { ...before.evaluated, policies, compiled };
}

/** Facts that tell more labels apart than are named give the same answers. */
const tellsApart = ({ named }: Pick<ClusterFacts, 'named'>, wanted: ReadonlySet<string>): boolean =>
  [...wanted].every(key => named.has(key));

async function advanced(
  stores: InForceStores,
  clusterId: number,
  before: KeptSet | null,
): Promise<KeptSet> {
  const versions = await stores.versions.of(clusterId);
  const samePolicies = before?.versions.policies === versions.policies;
  const sameFacts = before?.versions.facts === versions.facts;
  if (samePolicies && sameFacts) return before;
  const now = samePolicies ? before : await policiesNow(stores, clusterId, before);
  const named = passingLabelsIn([...now.byId.values()]);
  if (sameFacts && tellsApart(before.cluster, named))
    return { ...before, ...now, versions, evaluated: withPolicies(before, now) };
  const cluster = await factsOf(stores.facts, clusterId, null, named);
  const evaluated = evaluatedOf(cluster, [...now.byId.values()]);
  return { versions, cluster, hashes: now.hashes, byId: now.byId, evaluated };
}

/** The kept set of a cluster, as of the versions that this transaction sees: one statement where nothing has changed. */
export async function keptSet(stores: InForceStores, clusterId: number): Promise<KeptSet> {
  const before = stores.keptSets.of(clusterId);
  const now = await advanced(stores, clusterId, before);
  if (now !== before) stores.keptSets.keep(clusterId, now);
  return now;
}

const isDefault = (modes: Modes): boolean =>
  JSON.stringify(modes) === JSON.stringify(DEFAULT_MODES);

/** The cluster's facts with the LIVE policies, as of now or of a moment (ISO text). */
export async function inForce(
  stores: InForceStores,
  clusterId: number,
  at: string | null,
  modes?: Modes,
): Promise<Evaluated> {
  if (at !== null) {
    const records = await stores.policies.inForce(clusterId, PolicySource.LIVE, at);
    const policies = storedPolicies(records);
    const cluster = await factsOf(stores.facts, clusterId, at, passingLabelsIn(policies));
    return evaluatedOf(cluster, policies, modes);
  }
  const { cluster, evaluated } = await keptSet(stores, clusterId);
  return modes === undefined || isDefault(modes)
    ? evaluated
    : evaluatedOf(cluster, evaluated.policies, modes);
}

/**
 * The same cluster in force for a candidate that may name labels which the policies in force do not: such labels are
 * told apart before and after it.
 */
export async function inForceFor(
  stores: InForceStores,
  clusterId: number,
  live: Evaluated,
  { after, at, modes }: Compared,
): Promise<Evaluated> {
  const named = passingLabelsIn([...live.policies, ...after]);
  if (tellsApart(live, named)) return live;
  const cluster = await factsOf(stores.facts, clusterId, at, named);
  return evaluatedOf(cluster, live.policies, modes);
}

/**
 * The policies of now held against the cluster as it was at a moment.
 * @param live tells which policies, and which labels are told apart
 */
export async function inForceBefore(
  stores: Pick<InForceStores, 'facts'>,
  clusterId: number,
  live: Pick<Evaluated, 'policies' | 'named'>,
  { at, modes }: { readonly at: string; readonly modes: Modes },
): Promise<Evaluated> {
  const cluster = await factsOf(stores.facts, clusterId, at, live.named);
  return evaluatedOf(cluster, live.policies, modes);
}

type Compared = {
  /** What would be in force. */
  readonly after: readonly Policy[];
  readonly at: string | null;
  readonly modes?: Modes;
};
