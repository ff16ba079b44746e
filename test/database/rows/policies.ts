import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../src/access/caller.js';
import { evaluationStore } from '../../../src/enforcement/evaluation.store.js';
import { foreignPolicyStore } from '../../../src/enforcement/foreign-policy.store.js';
import { graphStore } from '../../../src/enforcement/graph.store.js';
import { graphDiffStore } from '../../../src/enforcement/graph-diff.store.js';
import { isolationStore } from '../../../src/enforcement/isolation.store.js';
import { keptWindow } from '../../../src/enforcement/kept-window.js';
import { policyStore } from '../../../src/enforcement/policy.store.js';
import { policyFacetStore } from '../../../src/enforcement/policy-facets.store.js';
import { POLICY_ORDER, policyCondition } from '../../../src/enforcement/policy-filter.js';
import { SearchKind, searchStore } from '../../../src/enforcement/search.store.js';
import { flowSelection } from '../../../src/flows/flow-selection.js';
import { policyProfileStore } from '../../../src/policysets/policy-profile.store.js';
import { policySetStore } from '../../../src/policysets/policy-set.store.js';
import { policySetCondition, policySetOrder } from '../../../src/policysets/policy-set-filter.js';
import { policySetPageStore } from '../../../src/policysets/policy-set-page.store.js';
import { restartStore } from '../../../src/policysets/restart.store.js';
import { pageRequest } from '../../../src/query/page.js';
import { DEPLOYMENT, FLOW, KEYS, LATER, NOW, OTHER } from './keys.js';

const POLICY = {
  clusterId: 1,
  id: DEPLOYMENT,
  source: 'LIVE',
  kind: 'NetworkPolicy',
  namespace: 'shop',
  name: 'web',
  document: {},
  yaml: '',
  contentHash: '',
  validFrom: NOW,
  endedAt: null,
} as const;

export async function runEnforcement(manager: EntityManager, caller: Caller): Promise<void> {
  const policies = policyStore(manager, caller);
  await policies.put(1, [POLICY]);
  await policies.analyze();
  await policies.inForce(1, 'LIVE', null);
  await policies.inForce(1, 'LIVE', NOW);
  await policies.hashesInForce(1, 'LIVE');
  await policies.bearing(1, [DEPLOYMENT]);
  await policies.byIds(KEYS);
  const filter = policyCondition({ cluster: { eq: 'lab' }, source: 'LIVE' });
  await policies.page(filter, pageRequest({}, POLICY_ORDER));
  await policies.page(filter, pageRequest({}, POLICY_ORDER, false));
  await policies.count(filter);
  await policyFacetStore(manager, caller).of(filter);
  await searchStore(manager, caller).search({
    text: 'web',
    cluster: 'lab',
    kinds: Object.values(SearchKind),
    most: 5,
  });
  await policies.end(1, [DEPLOYMENT], LATER);
  const foreign = foreignPolicyStore(manager, caller);
  const one = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    namespace: null,
    name: 'a',
  };
  await foreign.show(1, [one], NOW, true);
  await foreign.inForce([1]);
  await foreign.ofNamespaces([{ clusterId: 1, namespace: 'shop' }]);
  const isolation = isolationStore(manager);
  await isolation.unset(1);
  await isolation.put(1, [{ id: DEPLOYMENT, isolation: 'NONE' }]);
  await isolation.none(1, true);
  const evaluation = evaluationStore(manager, caller);
  await evaluation.flowEnds(1, [FLOW]);
  await evaluation.judgedByIds(1, [FLOW]);
  await evaluation.judgedAfter(1, null, 1);
  await evaluation.peerEnds(1, [OTHER]);
  await evaluation.isPending(1);
  await evaluation.lock(1);
  await evaluation.putVerdicts(1, [
    { flowId: FLOW, verdict: 'ALLOWED', governed: false, basis: 'test' },
  ]);
  await evaluation.completeEpoch(1);
  const cluster = { forgottenUntil: NOW, rolledUntil: NOW };
  const windows = {
    before: keptWindow({ since: null, until: NOW }, cluster),
    after: keptWindow({ since: NOW, until: null }, cluster),
  };
  const asked = flowSelection({}, new Date(NOW));
  await graphDiffStore(manager, caller).changed(asked, windows, 1);
  await graphStore(manager, caller).sharedNames(1);
  await runGraph(manager, caller);
}

async function runGraph(manager: EntityManager, caller: Caller): Promise<void> {
  const graph = graphStore(manager, caller);
  for (const filter of [{}, { namespace: { eq: 'shop' } }]) {
    const window = { since: null, until: NOW };
    const selection = flowSelection({ ...filter, ...window }, new Date(NOW));
    await graph.edges(selection, { window, isJudged: true }, 1);
    await graph.edges(selection, { window, isJudged: true }, 20_000);
    await graph.count(selection);
  }
}

export async function runPolicySets(manager: EntityManager, caller: Caller): Promise<void> {
  const sets = policySetStore(manager, caller);
  const { version } = await sets.nextVersion(1, 'test');
  const named = { name: 'test', version, origin: 'FLOWS' as const, createdAt: NOW, request: {} };
  const item = { position: 0, kind: 'NetworkPolicy', namespace: null, name: 'test' };
  await sets.insert({ clusterId: 1, id: DEPLOYMENT, ...named }, [
    { ...item, deploymentId: DEPLOYMENT, yaml: '', rules: [] },
  ]);
  await sets.byIds(KEYS);
  await sets.latest('lab', 'test');
  const profiles = policyProfileStore(manager, caller);
  await profiles.locked(1);
  await profiles.put({
    clusterId: 1,
    name: 'own',
    version: 1,
    definition: { name: 'own', zones: [] },
    updatedAt: NOW,
    updatedBy: 'local',
  });
  await profiles.remove(1, 'own');
  const pages = policySetPageStore(manager, caller);
  const all = policySetCondition({ cluster: { eq: 'lab' } }, new Date(NOW));
  await pages.page(all, pageRequest({}, policySetOrder(null)));
  await pages.count(all);
  await pages.names(1);
  await sets.newest(1, 'test');
  await restartStore(manager).notRestarted(1, { since: NOW, until: LATER }, [DEPLOYMENT]);
  await sets.itemsOf(KEYS);
  await sets.remove(KEYS);
}
