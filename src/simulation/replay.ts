import type { EvaluationStore } from '../enforcement/evaluation.store.js';
import type { InForceStores } from '../enforcement/in-force.js';
import type { Evaluated } from '../enforcement/kept-sets.js';
import { askedColumns, type Ends, judgedColumns, verdictsOf } from '../enforcement/verdicts.js';
import type { Window } from '../flows/flow-condition.js';
import { type Past, pastOf } from '../inventory/past.js';
import type { PastStore } from '../inventory/past.store.js';
import type { Modes, Policy } from '../netpol/index.js';
import { type ReplayedSets, replayedSets, type Sets } from './replay-sets.js';
import { justBefore, type Run, runsOf, type StateEnd, type TouchedFlow } from './replay-times.js';
import { classOfOutcome, outcomeOf } from './simulated-chunks.js';
import { deniedClassOf, type FlowClass, RANKS, type Span } from './simulation.js';
import type { SimulationRunStore } from './simulation-run.store.js';

export type Replayed = {
  /** What becomes of flows whose ends were something else at some time, by id. */
  readonly outcomes: ReadonlyMap<string, { readonly class: FlowClass; readonly outcome: number }>;
  readonly spans: readonly Span[];
};

export type ReplayReads = InForceStores & {
  readonly past: PastStore;
  readonly evaluation: Pick<EvaluationStore, 'peerEnds'>;
  readonly simulationRuns: Pick<SimulationRunStore, 'touchedFlows'>;
};

type Asked = {
  readonly clusterId: number;
  readonly window: Window;
  readonly live: Evaluated;
  /** What would be in force. */
  readonly after: readonly Policy[];
  readonly modes: Modes;
  readonly sets: Sets;
  readonly ends: Ends;
};

/** Flows with their hours that are read at a time. */
const PAGE = 2_000;

/** A flow with the runs of its hours; what policies see of other ends than deployments is asked of the whole cluster. */
type Replaying = {
  readonly flow: TouchedFlow;
  readonly runs: readonly Run[];
  readonly whole: boolean;
};

const isOnlyNow = (runs: readonly Run[]): boolean =>
  runs.every(({ states }) => states.length === 1 && states[0] === null);

async function touched(
  { simulationRuns }: ReplayReads,
  { clusterId, window }: Asked,
  past: Past,
): Promise<readonly Replaying[]> {
  const peers = [...past.deployments.keys(), ...past.others.keys()];
  if (peers.length === 0) return [];
  const found: Replaying[] = [];
  let after: string | null = null;
  for (;;) {
    const page = { after, limit: PAGE };
    const flows: readonly TouchedFlow[] = await simulationRuns.touchedFlows(
      clusterId,
      window,
      peers,
      page,
    );
    for (const flow of flows) {
      const runs = runsOf(past, window, flow);
      if (isOnlyNow(runs)) continue;
      const whole = past.others.has(flow.sourceId) || past.others.has(flow.destinationId);
      found.push({ flow, runs, whole });
    }
    after = flows.at(-1)?.id ?? null;
    if (flows.length < PAGE) return found;
  }
}

/** Outcomes by the end of the state that they hold for. */
type ByState = Map<StateEnd, number>;

type Judging = {
  readonly reads: ReplayReads;
  readonly asked: Asked;
  readonly outcomes: ReadonlyMap<string, ByState>;
};

/** Judges flows by the sets of one state. */
async function judge(
  { reads, asked, outcomes }: Judging,
  { before, after }: Sets,
  state: StateEnd,
  flows: readonly TouchedFlow[],
): Promise<void> {
  const asking = askedColumns(flows);
  const columns = await judgedColumns(reads.evaluation, asked.clusterId, asking, asked.ends);
  const beforeAt = verdictsOf(before, columns);
  const afterAt = verdictsOf(after, columns);
  for (const [place, { id }] of flows.entries()) {
    const outcome = outcomeOf(beforeAt(place).verdict, afterAt(place).verdict);
    outcomes.get(id)?.set(state, outcome);
  }
}

/** Flows by the states that they are to be judged in. */
function byState(all: readonly Replaying[]): ReadonlyMap<StateEnd, readonly TouchedFlow[]> {
  const flows = new Map<StateEnd, TouchedFlow[]>();
  for (const { flow, runs } of all) {
    for (const state of new Set(runs.flatMap(({ states }) => states))) {
      const known = flows.get(state);
      if (known === undefined) flows.set(state, [flow]);
      else known.push(flow);
    }
  }
  return flows;
}

async function judgeStates(
  judging: Judging,
  made: ReplayedSets,
  all: readonly Replaying[],
): Promise<void> {
  for (const whole of [false, true]) {
    const states = byState(all.filter(one => one.whole === whole));
    // The latest first: that is the least that differs from now.
    const moments = [...states.keys()].flatMap(state => state ?? []).toSorted();
    for (const moment of moments.toReversed()) {
      const sets = whole ? await made.ofCluster(moment) : made.ofPods(moment);
      await judge(judging, sets, moment, states.get(moment) ?? []);
    }
    await judge(judging, judging.asked.sets, null, states.get(null) ?? []);
  }
}

type Answer = Pick<Span, 'class' | 'outcome' | 'at'>;

const rankOf = (name: FlowClass): number => RANKS.indexOf(name);

/** What needs a look comes before what does not. */
const worst = <Of extends Pick<Span, 'class'>>(all: readonly Of[]): Of | undefined =>
  all.reduce<Of | undefined>(
    (one, other) => (one === undefined || rankOf(other.class) < rankOf(one.class) ? other : one),
    undefined,
  );

function answerOf({ states }: Run, outcomes: ByState): Answer | undefined {
  return worst(
    states.flatMap(state => {
      const outcome = outcomes.get(state);
      const at = state === null ? null : justBefore(state);
      return outcome === undefined ? [] : [{ outcome, class: classOfOutcome(outcome), at }];
    }),
  );
}

function spansOf({ flow, runs }: Replaying, outcomes: ByState): readonly Span[] {
  const spans: Span[] = [];
  for (const run of runs) {
    const answer = answerOf(run, outcomes);
    const last = spans.at(-1);
    if (answer === undefined) continue;
    if (last?.outcome === answer.outcome && last.at === answer.at)
      spans[spans.length - 1] = { ...last, until: run.until };
    else
      spans.push({
        ...answer,
        flowId: flow.id,
        from: run.from,
        until: run.until,
        isAnswer: false,
      });
  }
  const seen = spans.map(span => ({
    span,
    class: flow.denied ? deniedClassOf(span.class) : span.class,
  }));
  const answer = worst(seen)?.span;
  return spans.map(span => (span === answer ? { ...span, isAnswer: true } : span));
}

function replayedOf(all: readonly Replaying[], outcomes: ReadonlyMap<string, ByState>): Replayed {
  const spans = all.flatMap(one => spansOf(one, outcomes.get(one.flow.id) ?? new Map()));
  const denied = new Set(all.flatMap(({ flow }) => (flow.denied ? [flow.id] : [])));
  const answers = spans.filter(({ isAnswer }) => isAnswer);
  return {
    spans,
    outcomes: new Map(
      answers.map(({ flowId, class: name, outcome }) => [
        flowId,
        { outcome, class: denied.has(flowId) ? deniedClassOf(name) : name },
      ]),
    ),
  };
}

/**
 * Judges the flows whose ends were something else at some time under what they were in the hours in which the flow was
 * seen: labels of the deployments and namespaces, addresses of nodes, what held an address. The policies are those of now and the
 * candidate's. As a whole a flow is what needs a look first among what it was in its hours. Where nothing has changed in and
 * since the window, five short statements are all that is done.
 */
export async function replay(reads: ReplayReads, asked: Asked): Promise<Replayed> {
  const { clusterId, window, live, after, modes, sets } = asked;
  const past = await pastOf(reads.past, clusterId, window.since, live.named);
  const all = await touched(reads, asked, past);
  if (all.length === 0) return { outcomes: new Map(), spans: [] };
  const outcomes = new Map(all.map(({ flow }) => [flow.id, new Map<StateEnd, number>()]));
  const made = replayedSets(reads, past, { clusterId, live, after, modes, sets });
  await judgeStates({ reads, asked, outcomes }, made, all);
  return replayedOf(all, outcomes);
}
