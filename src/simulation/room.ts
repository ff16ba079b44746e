import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { Explained } from '../enforcement/explained.js';
import { finderOf } from '../graphql/node.graphql.js';
import type { ClaimedJob, JobResult } from '../jobs/job.js';
import { unpacked } from '../jobs/long-request.js';
import type { JobControl, Working } from '../jobs/run-job.js';
import type { Condition } from '../query/condition.js';
import { dateTimeOf } from '../query/date-time.js';
import { encodeId } from '../query/node-id.js';
import { BlastRadiusListsResolver, BlastRadiusResolver } from './blast-radius.graphql.js';
import { type BlastInput, type BlastStores, simulatedBlastRadius } from './blast-radius.js';
import { DeleteSimulationResolver } from './delete-simulation.graphql.js';
import {
  type DeleteSimulationDeps,
  deleteSimulation,
  deleteSimulations,
} from './delete-simulation.js';
import { deploymentSimulationsLoader } from './deployment-simulations.loader.js';
import {
  type DeploymentSimulationStore,
  deploymentSimulationStore,
} from './deployment-simulations.store.js';
import { type ExplainSimulatedStores, explainSimulated } from './explain-simulated.js';
import { keptCandidatesOf } from './kept-candidates.js';
import { SimulateResolver } from './simulate.graphql.js';
import {
  type SimulateDeps,
  type SimulateInput,
  type SimulateOutcome,
  simulate,
} from './simulate.js';
import { SimulatedFlowResolver } from './simulated-flow.graphql.js';
import { simulatedFlowLoader } from './simulated-flow.loader.js';
import { SimulationRequestResolver, SimulationResolver } from './simulation.graphql.js';
import type { SimulationKey } from './simulation.js';
import { policyTextLoader, sightLoader, spanLoader } from './simulation.loader.js';
import { type SimulationStore, simulationStore } from './simulation.store.js';
import {
  ConnectivityChangeTable,
  SimulatedChunkTable,
  SimulatedSpanTable,
  SimulationTable,
} from './simulation.table.js';
import { SimulationChangedResolver } from './simulation-changed.graphql.js';
import {
  DeploymentSimulationsResolver,
  SimulationListResolver,
} from './simulation-list.graphql.js';
import {
  type SimulationRetentionStore,
  simulationRetentionStore,
} from './simulation-retention.store.js';
import { simulationRunStore } from './simulation-run.store.js';

type Deps = Omit<SimulateDeps, 'now' | 'reads' | 'progress'> & {
  readonly reads: SimulateDeps['reads'] & ExplainSimulatedStores & BlastStores;
};

type Simulating = {
  readonly simulate: (
    input: SimulateInput,
    id: string,
    progress: JobControl['progress'],
  ) => Promise<SimulateOutcome>;
};

type Explaining = {
  readonly explainSimulated: (
    key: SimulationKey,
    flowIds: readonly string[],
  ) => Promise<readonly (Explained | null)[]>;
};

type Stores = {
  readonly simulations: SimulationStore;
  readonly deploymentSimulations: DeploymentSimulationStore;
};

/** A candidate held against the policies in force, over recorded flows and over all pairs. */
export const simulationRoom = {
  tables: [SimulationTable, SimulatedChunkTable, SimulatedSpanTable, ConnectivityChangeTable],
  stores: (manager: EntityManager, caller: Caller) => ({
    simulations: simulationStore(manager, caller),
    deploymentSimulations: deploymentSimulationStore(manager, caller),
    simulationRuns: simulationRunStore(manager, caller),
    simulationRetention: simulationRetentionStore(manager),
    keptCandidates: keptCandidatesOf(manager.connection),
  }),
  threads: { simulate: 'pool', explainSimulated: 'engine', simulatedBlastRadius: 'pool' },
  resolvers: [
    SimulateResolver,
    SimulationListResolver,
    SimulationResolver,
    SimulationRequestResolver,
    SimulatedFlowResolver,
    DeploymentSimulationsResolver,
    DeleteSimulationResolver,
    BlastRadiusResolver,
    BlastRadiusListsResolver,
    SimulationChangedResolver,
  ],
  finders: {
    Simulation: finderOf(({ stores }: { readonly stores: Stores }) => stores.simulations),
  },
  loaders: (stores: Stores, _now: () => Date, { explainSimulated: explain }: Explaining) => ({
    simulatedFlows: simulatedFlowLoader(explain),
    simulationPolicies: policyTextLoader(stores.simulations),
    simulatedSpans: spanLoader(stores.simulations),
    simulatedSights: sightLoader(stores.simulations),
    deploymentSimulations: deploymentSimulationsLoader(stores.deploymentSimulations),
  }),
  useCases: ({ reads, transaction, caller }: Deps & DeleteSimulationDeps) => ({
    simulatedBlastRadius: (key: SimulationKey, input: BlastInput) =>
      simulatedBlastRadius(reads, caller, key, input),
    deleteSimulation: (key: SimulationKey | null) => deleteSimulation({ transaction }, key),
    deleteSimulations: (filter: Condition) => deleteSimulations({ transaction }, filter),
    simulate: async (asked: SimulateInput, id: string, progress: JobControl['progress']) =>
      simulate(
        { reads, transaction, caller, now: () => dateTimeOf(new Date()), progress },
        await unpacked(asked),
        id,
      ),
    explainSimulated: (key: SimulationKey, flowIds: readonly string[]) =>
      explainSimulated(reads, caller, key, flowIds),
  }),
  nightly:
    ({ reads }: { readonly reads: { readonly simulationRetention: SimulationRetentionStore } }) =>
    async (): Promise<void> => {
      await reads.simulationRetention.forgetOld();
    },
  jobs: ({ useCasesFor }: Working<Simulating>) => ({
    simulate: async (job: ClaimedJob, { signal, progress }: JobControl): Promise<JobResult> => {
      const { clusterId, id, request, caller } = job;
      const asked = { ...(request as SimulateInput), caller };
      const { simulation, problems } = await useCasesFor(job, signal).simulate(asked, id, progress);
      return {
        ...(simulation !== null && { node: encodeId('Simulation', clusterId, id) }),
        outcome: { problems },
      };
    },
  }),
} as const;
