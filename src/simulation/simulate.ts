import { type Caller, seesWhole } from '../access/caller.js';
import { type Candidate, candidateOf, unchanged } from '../enforcement/candidate.js';
import type { EvaluationStore } from '../enforcement/evaluation.store.js';
import { inForce, inForceFor } from '../enforcement/in-force.js';
import type { Evaluated } from '../enforcement/kept-sets.js';
import {
  type Ends,
  type JudgedColumns,
  judgedColumns,
  noEnds,
  verdictsOf,
} from '../enforcement/verdicts.js';
import { beyondScope, visibleSet } from '../enforcement/visible-set.js';
import type { CompletenessStore } from '../flows/completeness.store.js';
import type { Window } from '../flows/flow-condition.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import { hiddenPeers } from '../inventory/visible-facts.js';
import {
  type Assertion,
  compile,
  type Modes,
  type Problem,
  readAssertions,
  type Source,
  withTwins,
} from '../netpol/index.js';
import { assertionProblems, assertionResults } from './assertions.js';
import { concernedBy } from './concerned.js';
import { connectivityChanges } from './connectivity.js';
import { findingsOf } from './findings.js';
import { policyChanges } from './policy-changes.js';
import { type Replayed, type ReplayReads, replay } from './replay.js';
import type { Sets } from './replay-sets.js';
import { chunkCutter, counted, type Outcomes, outcomeOf } from './simulated-chunks.js';
import {
  classOf,
  deniedClassOf,
  type FlowClass,
  type Simulation,
  type SimulationInput,
  SimulationStatus,
  type SimulationSummary,
} from './simulation.js';
import type { SimulationRunStore, WindowFlows } from './simulation-run.store.js';

type Reads = ReplayReads & {
  readonly evaluation: Pick<EvaluationStore, 'peerEnds'>;
  readonly completeness: CompletenessStore;
  readonly simulationRuns: Pick<
    SimulationRunStore,
    'windowFlows' | 'touchedFlows' | 'namedPeers' | 'hiddenEnds'
  >;
  readonly scopes: ScopeStore;
};

export type SimulateDeps = {
  readonly reads: Reads;
  readonly transaction: <T>(
    work: (stores: { readonly simulationRuns: SimulationRunStore }) => Promise<T>,
  ) => Promise<T>;
  readonly caller: Caller;
  readonly now: () => string;
  /** Told after each page: flows that are judged; how many there are is not known before. */
  readonly progress: (done: number, total: number | null) => void;
};

export type SimulateInput = {
  readonly clusterId: number;
  readonly sources: readonly Source[];
  /** Names of live policies that the candidate takes away. */
  readonly remove: readonly string[];
  /** What must hold then; left out: nothing is asserted. */
  readonly assertions?: Source;
  readonly window: Window;
  readonly modes: Modes;
  readonly request: SimulationInput;
  /** Name of who asks. */
  readonly caller?: string;
};

export type SimulateOutcome = {
  /** Null: nothing was simulated, and nothing is stored. */
  readonly simulation: Simulation | null;
  readonly problems: readonly Problem[];
};

/** Classes of flows for which something changes. */
const CHANGING: readonly FlowClass[] = ['NEWLY_BLOCKED', 'NEWLY_ALLOWED', 'UNDECIDABLE'];

/** Flows that are read, judged and written at a time. */
const PAGE = 50_000;

/** What was found of flows whose ends were something else when they were seen goes before what the sets of now say. */
function outcomesOf(
  { before, after }: Sets,
  columns: JudgedColumns,
  { ids, denied }: WindowFlows,
  replayed: Replayed['outcomes'],
): Outcomes {
  const beforeAt = verdictsOf(before, columns);
  const afterAt = verdictsOf(after, columns);
  const classes: FlowClass[] = [];
  const outcomes: number[] = [];
  for (const [place, isDenied] of denied.entries()) {
    const then = replayed.get(ids[place] ?? '');
    if (then !== undefined) {
      classes.push(then.class);
      outcomes.push(then.outcome);
      continue;
    }
    const [was, is] = [beforeAt(place).verdict, afterAt(place).verdict];
    const one = classOf(was, is);
    classes.push(isDenied ? deniedClassOf(one) : one);
    outcomes.push(outcomeOf(was, is));
  }
  return { flowIds: ids, classes, outcomes };
}

function endsOfChanging(
  { classes }: Outcomes,
  { sourceIds, destinationIds }: WindowFlows,
): readonly string[] {
  return classes.flatMap((name, place) =>
    CHANGING.includes(name) ? [sourceIds[place] ?? '', destinationIds[place] ?? ''] : [],
  );
}

type Judged = {
  readonly sets: Sets;
  readonly ends: Ends;
  readonly replayed: Replayed;
  /** Takes the ends of flows for which something changes. */
  readonly concerned: Set<string>;
};

/** Judges every flow of the window before and after, page by page, each page written in a transaction of its own. */
async function simulateFlows(
  { reads, transaction, progress }: SimulateDeps,
  simulation: Simulation,
  { sets, ends, replayed, concerned }: Judged,
): Promise<SimulationSummary> {
  const { clusterId } = simulation;
  const cutter = chunkCutter();
  let summary = counted([]);
  let done = 0;
  let after: string | null = null;
  for (;;) {
    const page = { after, limit: PAGE };
    const flows: WindowFlows = await reads.simulationRuns.windowFlows(clusterId, simulation, page);
    const columns = await judgedColumns(reads.evaluation, clusterId, flows, ends);
    const outcomes = outcomesOf(sets, columns, flows, replayed.outcomes);
    for (const id of endsOfChanging(outcomes, flows)) concerned.add(id);
    const last = flows.ids.length < PAGE;
    const full = cutter.cut(outcomes);
    const chunks = last ? [...full, ...cutter.rest()] : full;
    await transaction(({ simulationRuns }) => simulationRuns.addFlows(simulation, chunks));
    summary = counted(outcomes.classes, summary);
    done += flows.ids.length;
    progress(done, null);
    after = flows.ids.at(-1) ?? null;
    if (last) return summary;
  }
}

type Compared = {
  readonly live: Evaluated;
  readonly candidate: Candidate;
  readonly modes: Modes;
  readonly asserted: readonly Assertion[];
};

type Ran = { readonly simulation: Simulation; readonly concerned: readonly string[] };

async function run(
  deps: SimulateDeps,
  simulation: Simulation,
  { live, candidate, modes, asserted }: Compared,
): Promise<Ran> {
  const { reads, transaction, now } = deps;
  const { clusterId } = simulation;
  const after = compile(withTwins(live.facts), candidate.after, modes);
  const sets = { before: live.compiled, after };
  const ends = noEnds();
  const asked = { clusterId, window: simulation, live, after: candidate.after, modes, sets, ends };
  const replayed = await replay(reads, asked);
  const ofFlows = new Set<string>();
  const judged = { sets, ends, replayed, concerned: ofFlows };
  const summary = await simulateFlows(deps, simulation, judged);
  const { spans } = replayed;
  await transaction(({ simulationRuns }) => simulationRuns.addSpans(simulation, spans));
  const changes = connectivityChanges(sets.before, after);
  await transaction(({ simulationRuns }) => simulationRuns.addConnectivity(simulation, changes));
  const what = { clusterId, window: simulation, facts: live.known, after };
  const assertions = await assertionResults(reads.simulationRuns, asserted, what);
  const done: Simulation = {
    ...simulation,
    status: SimulationStatus.DONE,
    summary,
    days: await transaction(({ simulationRuns }) =>
      simulationRuns.days(simulation, simulation, spans.length > 0),
    ),
    findings: findingsOf({ facts: live.facts, policies: live.policies, modes }, candidate),
    policies: policyChanges(live, candidate, modes),
    assertions: asserted.length === 0 ? null : assertions,
    completeness: await reads.completeness.ofWindow(clusterId, simulation, null),
    finishedAt: now(),
  };
  return { simulation: done, concerned: concernedBy(live.facts, ofFlows, changes) };
}

const begun = (
  { clusterId, window, request, caller }: SimulateInput,
  id: string,
  createdAt: string,
): Simulation => ({
  clusterId,
  id,
  caller: caller ?? null,
  request,
  status: SimulationStatus.RUNNING,
  createdAt,
  finishedAt: null,
  since: window.since,
  until: window.until,
  summary: null,
  days: null,
  findings: null,
  policies: null,
  assertions: null,
  completeness: null,
  error: null,
});

/** What readers are told of a simulation that an error ended; the error itself goes on to the caller. */
const failed = (simulation: Simulation, finishedAt: string): Simulation => ({
  ...simulation,
  status: SimulationStatus.FAILED,
  finishedAt,
  error: 'the simulation was ended by an error; the server has logged it',
});

const NOTHING_ASSERTED = { assertions: [], problems: [] };

/** Assertions may be held against the policies in force alone. */
const isProposing = ({ sources, remove }: SimulateInput): boolean =>
  sources.length > 0 || remove.length > 0;

/**
 * Holds a candidate against the policies in force, over the observed flows of a window and over all pairs. Nothing is
 * computed inside a transaction: flows are read page by page, and what comes of a page is written before the next.
 * A candidate with an unusable document is not simulated: half of a policy set proves nothing.
 * @param id of the simulation
 */
export async function simulate(
  deps: SimulateDeps,
  input: SimulateInput,
  id: string,
): Promise<SimulateOutcome> {
  const { reads, transaction, now } = deps;
  const { sources, remove, modes } = input;
  const versions = await reads.versions.of(input.clusterId);
  const whole = await inForce(reads, input.clusterId, null, modes);
  const current = await visibleSet(reads, deps.caller, input, whole);
  const { assertions: asserted, problems: unreadable } =
    input.assertions === undefined ? NOTHING_ASSERTED : readAssertions([input.assertions]);
  const candidate =
    isProposing(input) || asserted.length === 0
      ? candidateOf(current.policies, sources, remove)
      : unchanged(current.policies);
  const problems = [...candidate.problems, ...unreadable];
  if (problems.some(({ severity }) => severity === 'ERROR')) return { simulation: null, problems };
  const outside = beyondScope(deps.caller, candidate);
  if (outside.length > 0) return { simulation: null, problems: [...problems, ...outside] };
  const { after } = candidate;
  const live = seesWhole(deps.caller)
    ? await inForceFor(reads, input.clusterId, current, { after, at: null, modes })
    : current;
  const unknown = assertionProblems(asserted, live.known);
  if (unknown.length > 0) return { simulation: null, problems: [...problems, ...unknown] };
  const simulation = begun(input, id, now());
  await transaction(({ simulationRuns }) =>
    simulationRuns.begin(simulation, { candidate: { sources, remove, modes, versions } }),
  );
  try {
    const done = await run(deps, simulation, { live, candidate, modes, asserted });
    await transaction(({ simulationRuns }) =>
      simulationRuns.finish(done.simulation, done.concerned),
    );
    const hidden = await reads.simulationRuns.hiddenEnds(input.clusterId, simulation);
    return { simulation: done.simulation, problems: [...problems, ...hiddenPeers(hidden)] };
  } catch (error) {
    await transaction(({ simulationRuns }) => simulationRuns.finish(failed(simulation, now())));
    throw error;
  }
}
