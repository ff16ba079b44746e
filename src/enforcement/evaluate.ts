import type { EdgeVerdicts, Recorded } from '../flows/ingest/flow.store.js';
import type { VersionStore, Versions } from '../inventory/versions.store.js';
import type { EvaluationStore, FlowVerdict, JudgedFlow } from './evaluation.store.js';
import { type InForceStores, keptSet } from './in-force.js';
import { isolateAll, isolateNew } from './isolation.js';
import type { IsolationStore } from './isolation.store.js';
import type { KeptSet } from './kept-sets.js';
import { PolicySource } from './policy.js';
import { askedColumns, judgedColumns, noEnds, UNGOVERNED, verdictsOf } from './verdicts.js';

export type EvaluationStores = InForceStores & {
  readonly evaluation: EvaluationStore;
  readonly isolation: IsolationStore;
};

/** Whether any policy is in force: with the versions that are kept, one statement. */
async function isGoverned(stores: EvaluationStores, clusterId: number): Promise<boolean> {
  const { policies } = await stores.versions.of(clusterId);
  const kept = stores.keptSets.of(clusterId);
  if (kept?.versions.policies === policies) return kept.byId.size > 0;
  return (await stores.policies.hashesInForce(clusterId, PolicySource.LIVE)).length > 0;
}

/** A flow before it is stored, between peers that are. */
type NewFlow = Pick<
  JudgedFlow,
  'sourceId' | 'destinationId' | 'port' | 'protocol' | 'servicePort' | 'trafficClass'
>;

/**
 * What the policies in force say of flows that may be new, in their order: a row that is written with its verdict is
 * written once. The transaction holds the cluster's flows.
 */
export async function verdictsOfNew(
  stores: EvaluationStores,
  clusterId: number,
  flows: readonly NewFlow[],
): Promise<readonly Omit<FlowVerdict, 'flowId'>[]> {
  if (flows.length === 0) return [];
  if (!(await isGoverned(stores, clusterId))) return flows.map(() => UNGOVERNED);
  const { evaluated } = await keptSet(stores, clusterId);
  const asked = askedColumns(flows);
  const columns = await judgedColumns(stores.evaluation, clusterId, asked, noEnds());
  const verdictAt = verdictsOf(evaluated.compiled, columns);
  return flows.map((_, place) => verdictAt(place));
}

/** Judges flows that are new, and were not judged before they were written. */
async function judgeStored(
  stores: EvaluationStores,
  clusterId: number,
  flows: readonly string[],
): Promise<void> {
  if (flows.length === 0) return;
  const judged = await stores.evaluation.judgedByIds(clusterId, flows);
  const verdicts = await verdictsOfNew(stores, clusterId, judged);
  await stores.evaluation.putVerdicts(
    clusterId,
    verdicts.map((verdict, place) => ({ flowId: judged[place]?.id ?? '', ...verdict })),
  );
}

/**
 * Says of flows that were not known before, or are no probes any more, what the policies in force say of them, and of
 * deployments that were not known before how they are isolated. The transaction holds the cluster's flows.
 * @param judged flows that were judged before they were written; this holds for those that are fresh
 */
export async function evaluateFresh(
  stores: EvaluationStores,
  clusterId: number,
  recorded: readonly Recorded[],
  judged: EdgeVerdicts,
): Promise<void> {
  if (recorded.length === 0) return;
  const open = recorded.filter(({ id, unmasked }) => unmasked || !judged.has(id));
  await judgeStored(
    stores,
    clusterId,
    open.map(({ id }) => id),
  );
  const { isolation } = stores;
  if (!(await isGoverned(stores, clusterId))) return isolation.none(clusterId, false);
  const { evaluated } = await keptSet(stores, clusterId);
  await isolateNew(isolation, clusterId, evaluated);
}

export type ReevaluateDeps = {
  readonly reads: EvaluationStores;
  readonly transaction: <T>(
    work: (stores: {
      readonly evaluation: EvaluationStore;
      readonly isolation: IsolationStore;
      readonly versions: Pick<VersionStore, 'of'>;
    }) => Promise<T>,
  ) => Promise<T>;
};

/** Flows that are read at a time. */
const PAGE = 20_000;

/** So many changes are written as one, together with the end of the epoch; more are written as they are found. */
const AT_ONCE = 50_000;

const isSame = (one: Versions, other: Versions): boolean =>
  one.facts === other.facts && one.policies === other.policies;

const isOther = (flow: JudgedFlow, now: Omit<FlowVerdict, 'flowId'>): boolean =>
  flow.verdict !== now.verdict || flow.governed !== now.governed || flow.basis !== now.basis;

/** All flows of a cluster whose verdict is another one now, page by page. */
async function* changedVerdicts(
  { evaluation }: EvaluationStores,
  clusterId: number,
  { evaluated }: KeptSet,
): AsyncGenerator<readonly FlowVerdict[]> {
  const ends = noEnds();
  let after: string | null = null;
  for (;;) {
    const flows: readonly JudgedFlow[] = await evaluation.judgedAfter(clusterId, after, PAGE);
    const columns = await judgedColumns(evaluation, clusterId, askedColumns(flows), ends);
    const verdictAt = verdictsOf(evaluated.compiled, columns);
    const changed: FlowVerdict[] = [];
    for (const [place, flow] of flows.entries()) {
      const now = verdictAt(place);
      if (isOther(flow, now)) changed.push({ flowId: flow.id, ...now });
    }
    yield changed;
    after = flows.at(-1)?.id ?? null;
    if (flows.length < PAGE) return;
  }
}

type Writing = {
  readonly clusterId: number;
  readonly set: KeptSet;
  readonly verdicts: readonly FlowVerdict[];
  /** With the last verdicts: readers are told that the epoch is complete. */
  readonly last: boolean;
};

/** Writes verdicts unless facts or policies have moved on meanwhile; then answers false. */
const write = (
  { transaction }: ReevaluateDeps,
  { clusterId, set, verdicts, last }: Writing,
): Promise<boolean> =>
  transaction(async ({ evaluation, isolation, versions }) => {
    await evaluation.lock(clusterId);
    if (!isSame(await versions.of(clusterId), set.versions)) return false;
    if (verdicts.length > 0) await evaluation.putVerdicts(clusterId, verdicts);
    if (last) {
      await isolateAll(isolation, clusterId, set.evaluated);
      await evaluation.completeEpoch(clusterId);
    }
    return true;
  });

async function judgeAgain(deps: ReevaluateDeps, clusterId: number): Promise<boolean> {
  const set = await keptSet(deps.reads, clusterId);
  let verdicts: FlowVerdict[] = [];
  for await (const changed of changedVerdicts(deps.reads, clusterId, set)) {
    verdicts.push(...changed);
    if (verdicts.length <= AT_ONCE) continue;
    if (!(await write(deps, { clusterId, set, verdicts, last: false }))) return false;
    verdicts = [];
  }
  return write(deps, { clusterId, set, verdicts, last: true });
}

/**
 * Policies, labels or namespaces have changed: every edge of the cluster is judged anew, and the verdicts that are
 * others are written. Nothing is computed inside a transaction: flows that come meanwhile are judged by the new
 * policies (ingestion holds the cluster's row), and what is written is written only while the versions that it was
 * judged by are the latest; else all begins again. A second call at the same time does no harm.
 */
export async function reevaluate(deps: ReevaluateDeps, clusterId: number): Promise<void> {
  while (!(await judgeAgain(deps, clusterId)));
}
