import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../src/access/caller.js';
import { jobStore } from '../../../src/jobs/job.store.js';
import { JobOrderField, jobCondition, jobOrder } from '../../../src/jobs/job-filter.js';
import { jobRunStore } from '../../../src/jobs/job-run.store.js';
import { DEFAULT_MODES } from '../../../src/netpol/index.js';
import { pageRequest } from '../../../src/query/page.js';
import { deploymentSimulationStore } from '../../../src/simulation/deployment-simulations.store.js';
import { simulationStore } from '../../../src/simulation/simulation.store.js';
import { simulationCondition, simulationOrder } from '../../../src/simulation/simulation-filter.js';
import {
  CHANGE_ORDER,
  changesOf,
  FLOW_ORDER,
  flowsOf,
} from '../../../src/simulation/simulation-page.js';
import { simulationRetentionStore } from '../../../src/simulation/simulation-retention.store.js';
import { simulationRunStore } from '../../../src/simulation/simulation-run.store.js';
import { DEPLOYMENT, FLOW, KEYS, LATER, NOW } from './keys.js';

export async function runJobs(manager: EntityManager, caller: Caller): Promise<void> {
  const jobs = jobStore(manager, caller);
  const { clusterId, id } = await jobs.add({ clusterId: 1, kind: 'test', request: {} });
  const key = { clusterId, id };
  await jobs.byIds([key]);
  const filter = jobCondition({ cluster: { eq: 'lab' } }, new Date(NOW));
  for (const field of Object.values(JobOrderField))
    await jobs.page(filter, pageRequest({}, jobOrder({ field, direction: 'ASC' })));
  await jobs.count(filter);
  const runs = jobRunStore(manager);
  await runs.workerBeat('worker');
  await runs.claim(key, 'worker');
  await runs.beat(key, 'worker', { done: 1, total: 2 });
  await runs.retry(key, 'worker', 'failed', 1);
  await runs.giveBack(key, 'worker');
  await runs.end(key, 'worker', { status: 'DONE', result: null });
  await runs.workerGone('worker');
  await runs.forget();
  await manager.transaction(within => jobRunStore(within).sweep());
  await jobs.cancel(key);
  await jobs.cancelFound(jobCondition({ kind: { eq: 'none' } }, new Date()), 1);
  await jobs.cancelAll(999);
}

const SIMULATION = {
  clusterId: 1,
  id: DEPLOYMENT,
  caller: null,
  request: {},
  policies: null,
  assertions: null,
  status: 'RUNNING',
  createdAt: NOW,
  finishedAt: null,
  since: NOW,
  until: LATER,
  summary: null,
  days: null,
  findings: null,
  completeness: null,
  error: null,
} as const;

const CANDIDATE = {
  sources: [],
  remove: [],
  modes: DEFAULT_MODES,
  versions: { facts: '0', policies: '0' },
} as const;

export async function runSimulations(manager: EntityManager, caller: Caller): Promise<void> {
  const runs = simulationRunStore(manager, caller);
  const window = { since: NOW, until: LATER };
  await runs.begin(SIMULATION, { candidate: CANDIDATE });
  await runs.windowFlows(1, window, { after: null, limit: 1 });
  await runs.addFlows(SIMULATION, [{ class: 'STILL_ALLOWED', flowIds: [FLOW], outcomes: [0] }]);
  const change = { source: 'a', destination: 'b', newlyAllowed: null, newlyBlocked: null };
  await runs.addConnectivity(SIMULATION, [change]);
  await runs.touchedFlows(1, window, [DEPLOYMENT], { after: null, limit: 1 });
  await runs.enteredFromOutside(1);
  await runs.namedPeers(1, [DEPLOYMENT]);
  const span = { flowId: FLOW, from: 1, until: 2, outcome: 0, at: NOW, isAnswer: true };
  await runs.addSpans(SIMULATION, [{ ...span, class: 'STILL_ALLOWED' }]);
  await runs.days(SIMULATION, window, false);
  await runs.days(SIMULATION, window, true);
  await runs.finish(SIMULATION);
  await simulationRetentionStore(manager).forgetOld();
  const limited = { ...caller, namespaces: ['shop'] };
  await simulationRunStore(manager, limited).hiddenEnds(1, { since: null, until: NOW });
  const simulations = simulationStore(manager, caller);
  await simulations.byIds(KEYS);
  await simulations.requestOf(SIMULATION);
  const some = simulationCondition({ cluster: { eq: 'lab' }, status: 'DONE' }, new Date(NOW));
  await simulations.page(some, pageRequest({}, simulationOrder(null)));
  await simulations.page(some, pageRequest({}, simulationOrder(null), false));
  await simulations.count(some);
  const ofDeployments = deploymentSimulationStore(manager, caller);
  await ofDeployments.pages(KEYS, pageRequest({ first: 2 }, simulationOrder(null)));
  await ofDeployments.counts(KEYS);
  const key = { clusterId: 1, simulationId: SIMULATION.id, flowId: FLOW };
  await simulations.policyTexts([SIMULATION]);
  await simulations.judgedAt(SIMULATION, [FLOW]);
  await simulations.spans([key]);
  await simulations.sights([key]);
  const flows = flowsOf(SIMULATION, 'STILL_ALLOWED');
  const changes = changesOf(SIMULATION);
  for (const isKeyed of [true, false]) {
    await simulations.flows(flows, pageRequest({}, FLOW_ORDER, isKeyed));
    await simulations.flows(flows, pageRequest({ last: 1 }, FLOW_ORDER, isKeyed));
    await simulations.connectivity(changes, pageRequest({}, CHANGE_ORDER, isKeyed));
  }
  await simulations.flowCount(flows);
  await simulations.connectivityCount(changes);
  await simulations.remove([SIMULATION]);
}
