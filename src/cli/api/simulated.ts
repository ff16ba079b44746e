import {
  SimulatedConnectivityDocument,
  type SimulatedConnectivityQuery,
  SimulatedFlowsDocument,
  type SimulatedFlowsQuery,
  SimulatePoliciesDocument,
  type SimulatePoliciesInput,
  SimulationCompletenessDocument,
  type SimulationCompletenessQuery,
  SimulationProgressDocument,
  type SimulationResultFragment,
} from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import { Failure } from '../shell.js';
import { type BlastChange, type BlastOptions, blastChange } from './blast-radius.js';
import { allNodes } from './pages.js';
import type { ApiProblem } from './problem-text.js';
import { inOrder } from './simulation-order.js';

type OfNode<Query extends { readonly node: unknown }> = Extract<
  Query['node'],
  { readonly __typename: 'Simulation' }
>;

export type SimulatedFlow = OfNode<SimulatedFlowsQuery>['flows']['nodes'][number];
type ConnectivityChange = OfNode<SimulatedConnectivityQuery>['connectivity']['nodes'][number];
export type Completeness = OfNode<SimulationCompletenessQuery>['completeness'];
export type FlowClass = SimulatedFlow['class'];

/** A simulation that is done, with everything that a report shows. */
export type Simulated = Pick<
  SimulationResultFragment,
  'id' | 'summary' | 'days' | 'findings' | 'policies' | 'assertions' | 'foreignPolicies'
> & {
  /** What needs a look stands first. */
  readonly flows: readonly SimulatedFlow[];
  readonly connectivity: readonly ConnectivityChange[];
  readonly completeness: Completeness;
  /** Null where it was not asked for. */
  readonly blastRadius: BlastChange | null;
};

/** Classes that a report shows; `STILL_ALLOWED` on demand only. */
export const CHANGED_CLASSES = [
  'NEWLY_BLOCKED',
  'NEWLY_ALLOWED',
  'UNDECIDABLE',
  'STILL_BLOCKED',
] as const satisfies readonly FlowClass[];

const POLL = 500;

const isUnderWay = ({ status }: SimulationResultFragment): boolean =>
  status === 'PENDING' || status === 'RUNNING';

const gone = (id: string): Failure => new Failure(`the simulation \`${id}\` is gone`);

/** The simulation once it has ended: it is asked for twice a second. */
const ended = async (
  { ask }: ApiClient,
  started: SimulationResultFragment,
): Promise<SimulationResultFragment> => {
  let simulation = started;
  while (isUnderWay(simulation)) {
    await new Promise(resolve => setTimeout(resolve, POLL));
    const { node } = await ask(SimulationProgressDocument, { id: started.id });
    if (node?.__typename !== 'Simulation') throw gone(started.id);
    simulation = node;
  }
  if (simulation.status === 'DONE') return simulation;
  throw new Failure(
    `the simulation ended as ${simulation.status}: ${simulation.error ?? 'no reason is known'}`,
  );
};

const flowsOf = ({ ask }: ApiClient, id: string, wanted: FlowClass) =>
  allNodes(async after => {
    const { node } = await ask(SimulatedFlowsDocument, { id, class: wanted, after });
    if (node?.__typename !== 'Simulation') throw gone(id);
    return node.flows;
  });

const connectivityOf = ({ ask }: ApiClient, id: string) =>
  allNodes(async after => {
    const { node } = await ask(SimulatedConnectivityDocument, { id, after });
    if (node?.__typename !== 'Simulation') throw gone(id);
    return node.connectivity;
  });

const completenessOf = async ({ ask }: ApiClient, id: string): Promise<Completeness> => {
  const { node } = await ask(SimulationCompletenessDocument, { id });
  if (node?.__typename !== 'Simulation') throw gone(id);
  return node.completeness;
};

export type SimulateOutcome = {
  /** Null: the candidate could not be used. */
  readonly simulated: Simulated | null;
  readonly problems: readonly ApiProblem[];
};

type Asked = { readonly classes: readonly FlowClass[]; readonly blast: BlastOptions };

/** Simulates, waits for the end, and fetches what a report shows. */
export const simulate = async (
  client: ApiClient,
  input: SimulatePoliciesInput,
  { classes, blast }: Asked,
): Promise<SimulateOutcome> => {
  const { simulatePolicies } = await client.ask(SimulatePoliciesDocument, { input });
  const { simulation, problems } = simulatePolicies;
  if (simulation === null) return { simulated: null, problems };
  return { simulated: await reportOf(client, simulation, { classes, blast }), problems };
};

/** What a report shows of one that the server keeps. @throws Failure where it is gone, or has not ended well */
export const simulatedOf = async (
  client: ApiClient,
  id: string,
  asked: Asked,
): Promise<Simulated> => {
  const { node } = await client.ask(SimulationProgressDocument, { id });
  if (node?.__typename !== 'Simulation') throw gone(id);
  return reportOf(client, node, asked);
};

const reportOf = async (
  client: ApiClient,
  simulation: SimulationResultFragment,
  { classes, blast }: Asked,
): Promise<Simulated> => {
  const done = await ended(client, simulation);
  const { id, summary, days, findings, policies, assertions, foreignPolicies } = done;
  const flows: SimulatedFlow[] = [];
  for (const wanted of classes) flows.push(...inOrder(await flowsOf(client, id, wanted)));
  const connectivity = await connectivityOf(client, id);
  const completeness = await completenessOf(client, id);
  const blastRadius = await blastChange(client, id, blast);
  const facts = { id, summary, days, policies, assertions, findings, foreignPolicies };
  return { ...facts, flows, connectivity, completeness, blastRadius };
};
