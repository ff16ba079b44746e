import { randomUUID } from 'node:crypto';
import { candidateOf } from '../enforcement/candidate.js';
import type { FlowEnds } from '../enforcement/evaluation.store.js';
import { explained } from '../enforcement/explained.js';
import { OWN_NODE } from '../enforcement/flow-explanation.js';
import { connectionOf, isOwnNode } from '../enforcement/flow-question.js';
import { type InForceStores, inForce } from '../enforcement/in-force.js';
import { type KnownFlow, knownFlows, type ObservedStores } from '../enforcement/observed.js';
import type { CompletenessStore } from '../flows/completeness.store.js';
import type { Window } from '../flows/flow-condition.js';
import {
  type Compiled,
  compile,
  decide,
  type Facts,
  type Finding,
  lint,
  type Modes,
  type Policy,
  type Problem,
  type Source,
  withTwins,
} from '../netpol/index.js';
import { connectivityChanges } from './connectivity.js';
import {
  type ConnectivityChange,
  classOf,
  type SimulatedDay,
  type SimulatedFlow,
  type Simulation,
  SimulationStatus,
  type StoredFinding,
  summaryOf,
} from './simulation.js';
import type { SimulationStore } from './simulation.store.js';

export type SimulateStores = ObservedStores &
  InForceStores & {
    readonly simulations: SimulationStore;
    readonly completeness: CompletenessStore;
  };

export type SimulateDeps<S extends SimulateStores> = {
  readonly transaction: <T>(work: (stores: S) => Promise<T>) => Promise<T>;
  readonly now: () => string;
};

export type SimulateInput = {
  readonly clusterId: number;
  readonly sources: readonly Source[];
  /** Names of live policies that the candidate takes away. */
  readonly remove: readonly string[];
  readonly window: Window;
  readonly modes: Modes;
  /** What was asked for, JSON values. */
  readonly request: unknown;
};

export type SimulateOutcome = {
  /** Null: nothing was simulated, and nothing is stored. */
  readonly simulation: Simulation | null;
  readonly problems: readonly Problem[];
};

const endsOf = ({ flow, source, destination }: KnownFlow): FlowEnds => ({
  id: flow.id,
  port: flow.port,
  protocol: flow.protocol,
  trafficClass: flow.trafficClass,
  source,
  destination,
});

/** One flow under both sets. */
function simulatedFlow(before: Compiled, after: Compiled, known: KnownFlow): SimulatedFlow {
  const ends = endsOf(known);
  const connection = connectionOf(ends);
  const was = isOwnNode(ends) ? OWN_NODE.verdict : decide(before, connection).verdict;
  const explanation = isOwnNode(ends) ? OWN_NODE : explained(decide(after, connection));
  const { verdict } = explanation;
  return {
    flowId: known.flow.id,
    class: classOf(was, verdict),
    before: was,
    after: verdict,
    explanation,
  };
}

/** Distinct flows and events, by day and class, in the order of days. */
function daysOf(
  flows: readonly KnownFlow[],
  simulated: readonly SimulatedFlow[],
): readonly SimulatedDay[] {
  const days = new Map<string, { flows: number; events: bigint }>();
  for (const [index, { flow }] of flows.entries()) {
    for (const [place, day] of flow.days.entries()) {
      const key = `${day} ${simulated[index]?.class}`;
      const sum = days.get(key) ?? { flows: 0, events: 0n };
      sum.flows += 1;
      sum.events += BigInt(flow.dayEvents[place] ?? '0');
      days.set(key, sum);
    }
  }
  return [...days.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, sum]) => {
      const [day = '', name] = key.split(' ');
      return {
        day,
        class: name as SimulatedDay['class'],
        flows: sum.flows,
        events: `${sum.events}`,
      };
    });
}

const findingOf = ({ policy, place, ...finding }: Finding): StoredFinding => ({
  severity: finding.severity,
  rule: finding.rule,
  message: finding.message,
  policy:
    policy === null
      ? null
      : [policy.kind, policy.namespace, policy.name].filter(part => part !== null).join('/'),
  line: place?.line ?? null,
  column: place?.column ?? null,
  hint: finding.hint,
});

/** What lint says of the candidate's own policies, in the cluster as it would be. */
function findingsOf(
  facts: Facts,
  after: readonly Policy[],
  candidate: readonly Policy[],
  modes: Modes,
): readonly StoredFinding[] {
  const own = new Set(candidate.map(({ kind, namespace, name }) => `${kind} ${namespace} ${name}`));
  return lint(facts, after, { modes })
    .filter(
      ({ policy }) =>
        policy === null || own.has(`${policy.kind} ${policy.namespace} ${policy.name}`),
    )
    .map(findingOf);
}

type Simulated = {
  readonly simulation: Simulation;
  readonly flows: readonly SimulatedFlow[];
  readonly connectivity: readonly ConnectivityChange[];
};

async function simulated(
  stores: SimulateStores,
  input: SimulateInput,
  live: Awaited<ReturnType<typeof inForce>>,
  candidate: ReturnType<typeof candidateOf>,
): Promise<Omit<Simulated, 'simulation'> & { readonly known: readonly KnownFlow[] }> {
  const after = compile(withTwins(live.facts), candidate.after, input.modes);
  const scope = { clusterId: input.clusterId, namespaces: null, deployments: null };
  const known = await knownFlows(stores, scope, input.window);
  return {
    known,
    flows: known.map(flow => simulatedFlow(live.compiled, after, flow)),
    connectivity: connectivityChanges(live.compiled, after),
  };
}

/**
 * Holds a candidate against the policies in force, over the observed flows of a window and over all pairs.
 * A candidate with an unusable document is not simulated: half of a policy set proves nothing.
 */
export const simulate = <S extends SimulateStores>(
  deps: SimulateDeps<S>,
  input: SimulateInput,
): Promise<SimulateOutcome> =>
  deps.transaction(async stores => {
    const createdAt = deps.now();
    const live = await inForce(stores, input.clusterId, null, input.modes);
    const candidate = candidateOf(live.policies, input.sources, input.remove);
    const { problems } = candidate;
    if (problems.some(({ severity }) => severity === 'ERROR'))
      return { simulation: null, problems };
    const { known, flows, connectivity } = await simulated(stores, input, live, candidate);
    const simulation: Simulation = {
      clusterId: input.clusterId,
      id: randomUUID(),
      status: SimulationStatus.DONE,
      createdAt,
      finishedAt: deps.now(),
      ...input.window,
      summary: summaryOf(flows),
      days: daysOf(known, flows),
      findings: findingsOf(live.facts, candidate.after, candidate.policies, input.modes),
      completeness: await stores.completeness.ofWindow(input.clusterId, input.window, null),
      error: null,
    };
    await stores.simulations.insert(simulation, input.request, flows, connectivity);
    return { simulation, problems };
  });
