import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import type { Problem } from '../problem.js';
import { namespaceFactAt, nodeFactAt } from './cluster-facts.js';
import { type KubernetesObject, readObjects } from './objects.js';
import { readPods } from './pod-facts.js';
import { templatePath } from './pod-spec.js';
import { type PolicyOptions, policiesOf } from './policies.js';
import { readEach } from './read-each.js';
import { repeatedObjects } from './repeated.js';
import { isRoute, routeFactAt } from './route-facts.js';
import { serviceFactAt } from './service-facts.js';
import type { Source } from './source.js';

export type ManifestReading = {
  readonly facts: Facts;
  readonly policies: readonly Policy[];
  /** What could not be used, and what to look at. */
  readonly problems: readonly Problem[];
  /** INFO: what was left out on purpose, such as pods that have ended. */
  readonly notes: readonly Problem[];
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
  const pods = readPods(objects);
  const policies = policiesOf(objects, options);
  const servicesByName = byKey(services.facts, each => `${each.namespace}/${each.name}`);
  const routesByName = byKey(routes.facts, each => `${each.kind}/${each.namespace}/${each.name}`);
  return {
    facts: {
      namespaces: [...byKey(namespaces.facts, each => each.name).values()],
      pods: pods.pods,
      nodes: [...byKey(nodes.facts, each => each.name).values()],
      services: [...servicesByName.values()],
      routes: [...routesByName.values()],
    },
    policies: policies.policies,
    problems: [
      ...[namespaces, nodes, services, routes, pods, policies].flatMap(each => each.problems),
      ...repeatedObjects(objects.filter(isFact)),
    ],
    notes: pods.notes,
  };
}

const isCore = ({ kind, apiVersion }: KubernetesObject, wanted: string): boolean =>
  kind === wanted && apiVersion === 'v1';

/** What facts are read from. */
const isFact = (object: KubernetesObject): boolean =>
  ['Namespace', 'Node', 'Service', 'Pod'].some(kind => isCore(object, kind)) ||
  isRoute(object) ||
  templatePath(object) !== null;

/** The same object may stand in several files: the later one counts. */
function byKey<T>(facts: readonly T[], keyOf: (fact: T) => string): ReadonlyMap<string, T> {
  return new Map(facts.map(fact => [keyOf(fact), fact]));
}
