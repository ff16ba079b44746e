import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../src/access/caller.js';
import { clusterStore } from '../../../src/inventory/cluster.store.js';
import { clusterDeletionStore } from '../../../src/inventory/cluster-deletion.store.js';
import {
  ClusterOrderField,
  clusterCondition,
  clusterOrder,
} from '../../../src/inventory/cluster-page.js';
import { clusterRangeStore } from '../../../src/inventory/cluster-range.store.js';
import { deploymentFacetStore } from '../../../src/inventory/deployment-facets.store.js';
import {
  DeploymentOrderField,
  deploymentOrder,
} from '../../../src/inventory/deployment-filter.graphql.js';
import { deploymentCondition } from '../../../src/inventory/deployment-filter.js';
import { externalBlockStore } from '../../../src/inventory/external-blocks/external-block.store.js';
import {
  BLOCK_ORDER,
  externalBlockCondition,
} from '../../../src/inventory/external-blocks/external-block-filter.js';
import { factsStore } from '../../../src/inventory/facts.store.js';
import { namespaceStore } from '../../../src/inventory/namespace.store.js';
import { BY_NAME_IN_NAMESPACE } from '../../../src/inventory/namespace-deployments.loader.js';
import { namespaceDeploymentStore } from '../../../src/inventory/namespace-deployments.store.js';
import { BY_NAME, namespacesOf } from '../../../src/inventory/namespace-page.js';
import {
  clusterNodeCondition,
  externalEntityCondition,
  PeerOrderField,
  peerOrder,
} from '../../../src/inventory/other-peers.js';
import { otherPeerStore } from '../../../src/inventory/other-peers.store.js';
import { pastStore } from '../../../src/inventory/past.store.js';
import type { Peer } from '../../../src/inventory/peer.js';
import { peerStore } from '../../../src/inventory/peer.store.js';
import { scopeStore } from '../../../src/inventory/scope.store.js';
import { serviceHistoryStore } from '../../../src/inventory/service-history.store.js';
import { snapshotStore } from '../../../src/inventory/snapshot.store.js';
import { versionStore } from '../../../src/inventory/versions.store.js';
import { condition } from '../../../src/query/condition.js';
import { pageRequest } from '../../../src/query/page.js';
import { DEPLOYMENT, KEYS, LATER, NODE, NOW, OTHER } from './keys.js';

async function runClusters(manager: EntityManager, caller: Caller): Promise<void> {
  const clusters = clusterStore(manager, caller);
  await clusters.ensure('lab', NOW);
  await clusters.lockImports(1);
  await clusters.holdSettings(1);
  await clusters.settingsChanged(1);
  await clusters.imported(1, NOW);
  await clusters.keepImport(1, 'key', { contentHash: '', outcome: {} });
  await clusters.keyedImport(1, 'key');
  await clusters.names();
  await clusters.byIds([1]);
  const filter = clusterCondition({ name: { eq: 'lab' } });
  for (const field of Object.values(ClusterOrderField)) {
    const order = clusterOrder({ field, direction: 'ASC' });
    await clusters.page(filter, pageRequest({}, order));
    await clusters.page(filter, pageRequest({}, order, false));
  }
  await clusters.count(filter);
  await clusters.countsOf([1]);
  const deletions = clusterDeletionStore(manager);
  const nobody = 999;
  await deletions.mark(nobody, 'nobody');
  await deletions.left('delete-cluster');
  const [table = ''] = await deletions.tables();
  await deletions.lock(nobody);
  await deletions.removeFrom(table, nobody, 1);
  await deletions.remove(nobody);
  const ranges = clusterRangeStore(manager, caller);
  await ranges.ofCluster(1);
  await ranges.showRanges(1, [{ cidr: '10.0.0.0/8', source: 'POD_CIDR' }]);
  await ranges.declareRanges(1, ['10.0.0.0/8']);
  await ranges.listOf([1]);
  const blocks = externalBlockStore(manager, caller);
  await blocks.put(1, [{ name: 'office', cidr: '203.0.113.0/24' }]);
  await blocks.list(1);
  await blocks.list(null);
  const named = externalBlockCondition({
    name: { startsWith: 'o' },
    cidr: { overlaps: '203.0.113.7' },
  });
  await blocks.page(named, pageRequest({}, BLOCK_ORDER));
  await blocks.count(named);
  await blocks.countOf(1);
  await blocks.byIds(KEYS);
  await blocks.remove(await blocks.deletable(named, 10));
  await blocks.ofPeers(KEYS);
  await blocks.forgetAll(1);
  const versions = versionStore(manager);
  await versions.of(1);
  await versions.factsChanged(1);
  await versions.policiesChanged(1);
  await versions.verdictsDue(1);
}

const NAMED = {
  id: DEPLOYMENT,
  naturalKey: 'shop/Deployment/web',
  namespace: 'shop',
  name: 'web',
  workloadKind: 'Deployment',
} as const;
const CONTENT = { labels: {}, ports: [], hostNetwork: false, contentHash: '' } as const;
const NAMESPACE = { id: DEPLOYMENT, name: 'shop', labels: {}, contentHash: '', since: null };
const POD = {
  id: DEPLOYMENT,
  namespace: 'shop',
  name: 'web-1',
  deploymentId: DEPLOYMENT,
  labels: {},
  ports: [],
  labelSetId: DEPLOYMENT,
  node: null,
  hostNetwork: false,
  hostPorts: [],
  addresses: ['10.0.0.1'],
  startedAt: NOW,
  ended: false,
  finishedAt: null,
};
const SERVICE = {
  id: DEPLOYMENT,
  namespace: 'shop',
  name: 'web',
  type: 'ClusterIP',
  clusterIps: [],
  externalIps: [],
  ports: [],
  selector: null,
  contentHash: '',
  since: null,
};

/** Before and after others of the same cluster: an older one also moves the past. */
async function runSnapshot(manager: EntityManager, at: string, newest: boolean): Promise<void> {
  const snapshots = snapshotStore(manager);
  const taken = { clusterId: 1, at, newest };
  const deployment = { ...NAMED, ...CONTENT, inferred: false, since: null, source: 'POD' } as const;
  await snapshots.showNamespaces(1, at, [NAMESPACE], []);
  await snapshots.showDeployments(1, at, [deployment]);
  const node = {
    id: NODE,
    name: 'node-1',
    labels: {},
    addresses: [],
    tunnels: [],
    gateways: [],
    since: null,
  };
  await snapshots.showNodes(taken, [node]);
  await snapshots.showLabelSets(1, [POD]);
  await snapshots.showPods(taken, [POD]);
  await snapshots.settleLabelSets(taken);
  await snapshots.showServices(taken, [SERVICE]);
  await snapshots.reviseDeployments(taken, [deployment]);
  await snapshots.reviseNamespaces(taken, [NAMESPACE]);
  await snapshots.reviseServices(taken, [SERVICE]);
  const says = { service: { labels: { app: 'web' } } };
  await snapshots.showDeclarations(taken, [
    { kind: 'Service', namespace: 'shop', name: 'web', says },
  ]);
  const { id: serviceId, namespace, name } = SERVICE;
  const endpoints = [{ addresses: ['10.0.0.9'], ports: [] }];
  await snapshots.reviseEndpoints(taken, [
    { serviceId, namespace, name, endpoints, contentHash: at },
  ]);
  const history = serviceHistoryStore(manager);
  await history.services(1);
  await history.endpoints(1);
  await history.labels(1, ['shop']);
  await history.hostPods(1);
  const claim = { holder: 'POD', holderName: 'shop/web-1', peerId: DEPLOYMENT } as const;
  const held = { addresses: ['10.0.0.1'], since: null, ended: false, until: null };
  await snapshots.claim(1, at, [{ ...claim, ...held }]);
  await snapshots.assignServices(1);
}

async function runAbsence(manager: EntityManager): Promise<void> {
  const snapshots = snapshotStore(manager);
  await snapshots.aliasesAmong(1, [DEPLOYMENT]);
  await snapshots.recognised(1, [{ from: OTHER, to: DEPLOYMENT }], [DEPLOYMENT]);
  await snapshots.endPods(1, NOW, []);
  await snapshots.endDeclarations(1, NOW, ['Ingress'], []);
  await snapshots.endServices(1, NOW, []);
  await snapshots.endNodes(1, NOW, []);
  await snapshots.endNamespaces(1, NOW, []);
  await snapshots.endDeployments(1, NOW, { kinds: ['Job'], shown: [] });
  await snapshots.forgetLabelSets(1, NOW);
  await snapshots.analyze();
}

const peer = (id: string, name: string): Peer => ({
  clusterId: 1,
  ...NAMED,
  id,
  naturalKey: name,
  name,
  kind: 'DEPLOYMENT',
  labels: null,
  ports: null,
  hostNetwork: null,
  isolation: null,
  inferred: true,
  address: null,
  cidr: null,
  dnsName: null,
  entity: null,
  reason: null,
  aliasOf: null,
  firstSeenAt: NOW,
  endedAt: null,
});

async function runPeers(manager: EntityManager, caller: Caller): Promise<void> {
  const peers = peerStore(manager, caller);
  await peers.ensure(1, [peer(OTHER, 'other')]);
  await peers.byIds(KEYS);
  await peers.byIds(KEYS, ['id', 'clusterId', 'labels']);
  await peers.deploymentsByPods(1, [{ namespace: 'shop', pod: 'web-1' }]);
  await peers.deploymentsByNamespaces(1, ['shop']);
  const told = { deploymentId: OTHER, labels: { app: 'told' }, firstSeenAt: NOW, lastHour: NOW };
  await peers.tellLabelSets(1, [told]);
  await peers.addressesHeld(1, ['10.0.0.1'], NOW, LATER);
  await peers.merge(1, [], DEPLOYMENT);
  await peers.externalsNamed(1, ['example.com'], 2);
  const filter = condition('p.cluster_id = $1', 1);
  for (const field of Object.values(DeploymentOrderField)) {
    const order = deploymentOrder({ field, direction: 'ASC' });
    await peers.page(filter, pageRequest({}, order), ['id', 'clusterId', 'name']);
    await peers.page(filter, pageRequest({}, order, false), ['id', 'clusterId', 'labels']);
  }
  await peers.count(filter);
  await peers.byName({ cluster: 'lab', namespace: 'shop', name: 'web', kind: null });
  await peers.podsOf(KEYS, 1);
  await peers.aliasesOf(KEYS, 1);
  await peers.labelSetsOf(KEYS, 1);
  await peers.revisionsOf(KEYS, 1);
}

async function runPeerLists(manager: EntityManager, caller: Caller): Promise<void> {
  const SOME = ['clusterId', 'id', 'name'] as const;
  const others = otherPeerStore(manager, caller);
  const entities = externalEntityCondition({ cluster: { eq: 'lab' } }, new Date(NOW));
  for (const field of Object.values(PeerOrderField))
    await others.page(
      'EXTERNAL',
      entities,
      pageRequest({}, peerOrder({ field, direction: 'ASC' })),
      SOME,
    );
  await others.page('NODE', clusterNodeCondition(null), pageRequest({}, peerOrder(null), false), [
    'name',
  ]);
  await others.count('NODE', clusterNodeCondition(null));
  const ofNamespaces = namespaceDeploymentStore(manager, caller);
  const byName = pageRequest({}, BY_NAME_IN_NAMESPACE);
  await ofNamespaces.pages(KEYS, deploymentCondition(null), byName, SOME);
  await ofNamespaces.counts(KEYS, deploymentCondition(null));
}

async function runReads(manager: EntityManager, caller: Caller): Promise<void> {
  await deploymentFacetStore(manager, caller).of(deploymentCondition(null));
  const namespaces = namespaceStore(manager, caller);
  await namespaces.byIds(KEYS);
  await namespaces.page(namespacesOf(1), pageRequest({}, BY_NAME));
  await namespaces.count(namespacesOf(1));
  await scopeStore(manager, caller).deployments(1);
  const facts = factsStore(manager, caller);
  await facts.deployments(1, null);
  await facts.labelSets(1, null, true);
  await facts.namespaces(1, null);
  await facts.nodes(1, null);
  await facts.services(1, null);
  await facts.services(1, NOW);
  await facts.declarations(1, null);
  await facts.declarations(1, NOW);
  const past = pastStore(manager, caller);
  await past.deployments(1, null);
  await past.revisions(1, [DEPLOYMENT]);
  await past.labelSets(1, [DEPLOYMENT]);
  await past.namespaces(1);
  await past.ends(1, null);
}

export async function runInventory(manager: EntityManager, caller: Caller): Promise<void> {
  await runClusters(manager, caller);
  await runSnapshot(manager, LATER, true);
  await runSnapshot(manager, NOW, false);
  await runPeers(manager, caller);
  await runPeerLists(manager, caller);
  await runReads(manager, caller);
  await runAbsence(manager);
}
