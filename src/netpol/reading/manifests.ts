import { parseAddress } from '../addresses/address.js';
import type { Facts, NodeFact, ServiceFact } from '../facts.js';
import type { Policy } from '../policy.js';
import type { Place, Problem } from '../problem.js';
import { callsAt, isCalling, isMonitor, monitorAt } from './call-facts.js';
import { namespaceFactAt, nodeFactAt } from './cluster-facts.js';
import {
  endpointsAt,
  isEndpoints,
  leadingAmong,
  type ServiceEndpoints,
  withEndpoints,
} from './endpoint-facts.js';
import { type KubernetesObject, readObjects } from './objects.js';
import { withSelectors } from './own-selectors.js';
import { namespaceOf } from './owners.js';
import { passedOver } from './passed-over.js';
import { readPods } from './pod-facts.js';
import { templatePaths } from './pod-templates.js';
import { type PolicyOptions, policiesOf } from './policies.js';
import { readEach } from './read-each.js';
import { repeatedObjects } from './repeated.js';
import { isRoute, routeFactAt } from './route-facts.js';
import { serviceFactAt } from './service-facts.js';
import type { Source } from './source.js';

export type ManifestReading = {
  readonly facts: Facts;
  readonly policies: readonly Policy[];
  /** Policies of documents with faults, as far as they could be read: none of them counts. */
  readonly refused: readonly Policy[];
  /** What could not be used, and what to look at. */
  readonly problems: readonly Problem[];
  /** INFO: what was left out on purpose, such as pods that have ended. */
  readonly notes: readonly Problem[];
  /** Where an object stands, by its kind, namespace and name: of several of them the last. Null: not in the input. */
  readonly placeOf: (object: Pick<KubernetesObject, 'kind' | 'namespace' | 'name'>) => Place | null;
};

/**
 * Reads what the engine needs to know from Kubernetes manifests, or from what `kubectl get -o yaml` or `-o json`
 * prints: workloads, namespaces, nodes, Services, routes and the policies of all tiers. Kinds that have no part in
 * it are passed over.
 * @internal the product reads objects once and goes on with `manifestsOf`; tests take both steps in one
 */
export function readManifests(
  sources: readonly Source[],
  options: PolicyOptions = {},
): ManifestReading {
  const { objects, problems } = readObjects(sources);
  const reading = manifestsOf(objects, options);
  return { ...reading, problems: [...problems, ...reading.problems] };
}

/** The same from objects that were read already. */
export function manifestsOf(
  objects: readonly KubernetesObject[],
  options: PolicyOptions = {},
): ManifestReading {
  const core = (kind: string) => objects.filter(object => isCore(object, kind));
  const namespaces = readEach(core('Namespace'), namespaceFactAt);
  const nodes = readEach(core('Node'), nodeFactAt);
  const services = readEach(core('Service'), serviceFactAt);
  const routes = readEach(objects.filter(isRoute), routeFactAt);
  const endpoints = readEach(objects.filter(isEndpoints), endpointsAt);
  const policies = policiesOf(objects, options);
  const pods = readPods(objects, {
    nodeAt: nodeFinder(nodes.facts),
    asked: keysAskedFor(policies.policies, services.facts),
  });
  const calls = readEach(objects.filter(isCalling), callsAt);
  const monitors = readEach(objects.filter(isMonitor), monitorAt);
  const leading = leadingAmong(endpoints.facts.flat());
  const servicesByName = byKey(services.facts, each => `${each.namespace}/${each.name}`);
  const routesByName = byKey(routes.facts, each => `${each.kind}/${each.namespace}/${each.name}`);
  return {
    facts: {
      namespaces: [...byKey(namespaces.facts, each => each.name).values()],
      pods: withSelectors(pods.pods, objects),
      nodes: [...byKey(nodes.facts, each => each.name).values()],
      services: [...servicesByName.values()].map(service => withEndpoints(service, leading)),
      routes: [...routesByName.values()],
      ...apiServerAmong(leading),
      ...(calls.facts.length > 0 && { calls: calls.facts.flat() }),
      ...(monitors.facts.length > 0 && { monitors: monitors.facts }),
    },
    policies: policies.policies,
    refused: policies.refused,
    problems: [
      ...[namespaces, nodes, services, routes, endpoints, calls, monitors, pods, policies].flatMap(
        each => each.problems,
      ),
      ...repeatedObjects(objects.filter(isFact)),
      ...passedOver(objects, isFact),
    ],
    notes: pods.notes,
    placeOf: placesAmong(objects),
  };
}

const isCore = ({ kind, apiVersion }: KubernetesObject, wanted: string): boolean =>
  kind === wanted && apiVersion === 'v1';

/** What facts are read from. */
const isFact = (object: KubernetesObject): boolean =>
  ['Namespace', 'Node', 'Service', 'Pod'].some(kind => isCore(object, kind)) ||
  isRoute(object) ||
  isEndpoints(object) ||
  templatePaths(object).length > 0;

/** Made at the first question only. */
function placesAmong(objects: readonly KubernetesObject[]): ManifestReading['placeOf'] {
  let known: ReadonlyMap<string, KubernetesObject> | null = null;
  const keyOf = (kind: string, namespace: string | null, name: string | null): string =>
    `${kind} ${namespace ?? ''}/${name ?? ''}`;
  return ({ kind, namespace, name }) => {
    known ??= new Map(
      objects.flatMap(object => [
        [keyOf(object.kind, object.namespace, object.name), object] as const,
        [keyOf(object.kind, namespaceOf(object), object.name), object] as const,
      ]),
    );
    return known.get(keyOf(kind, namespace, name))?.locate(['metadata', 'name']) ?? null;
  };
}

/** By address, since texts of one address may differ. */
function nodeFinder(nodes: readonly NodeFact[]): (address: string) => string | null {
  const names = new Map(
    nodes.flatMap(({ name, addresses }) => addresses.map(text => [parseAddress(text), name])),
  );
  return text => {
    const address = parseAddress(text);
    return address === null ? null : (names.get(address) ?? null);
  };
}

/** Keys of labels that policies and Services ask pods for. */
function keysAskedFor(
  policies: readonly Policy[],
  services: readonly ServiceFact[],
): ReadonlySet<string> {
  const peers = policies
    .flatMap(({ ingress, egress }) => [...(ingress ?? []), ...(egress ?? [])])
    .flatMap(rule => rule.peers ?? [])
    .flatMap(peer => (peer.kind === 'pods' ? peer.pods : []));
  const selectors = [...policies.map(({ subject }) => subject.pods), ...peers];
  return new Set([
    ...selectors.flatMap(({ requirements }) => requirements.map(({ key }) => key)),
    ...services.flatMap(({ selector }) => Object.keys(selector ?? {})),
  ]);
}

/** Where `default/kubernetes` leads is the API server. */
function apiServerAmong(
  leading: ReadonlyMap<string, readonly ServiceEndpoints[]>,
): Pick<Facts, 'apiServer'> {
  const addresses = (leading.get('default/kubernetes') ?? []).flatMap(
    ({ endpoints }) => endpoints.addresses,
  );
  return addresses.length === 0 ? {} : { apiServer: [...new Set(addresses)] };
}

/** The same object may stand in several files: the later one counts. */
function byKey<T>(facts: readonly T[], keyOf: (fact: T) => string): ReadonlyMap<string, T> {
  return new Map(facts.map(fact => [keyOf(fact), fact]));
}
