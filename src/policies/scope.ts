import type { Facts, PodFact, Problem } from '../netpol/index.js';

/** Which deployments of a cluster a mutation is for: both null is all of them. */
export type DeploymentScope = {
  readonly namespaces: readonly string[] | null;
  /** `namespace/name`, or a bare name where `namespaces` has one. */
  readonly deployments: readonly string[] | null;
};

const isNamed = (pod: PodFact, names: readonly string[]): boolean =>
  names.includes(`${pod.namespace}/${pod.workload.name}`) || names.includes(pod.workload.name);

/** The deployments of the scope, and a WARNING for each name that is nobody's. */
export function inScope(
  facts: Facts,
  { namespaces, deployments }: DeploymentScope,
): { readonly pods: readonly PodFact[]; readonly problems: readonly Problem[] } {
  const pods = facts.pods
    .filter(pod => namespaces === null || namespaces.includes(pod.namespace))
    .filter(pod => deployments === null || isNamed(pod, deployments));
  const missing = [
    ...(namespaces ?? [])
      .filter(name => !facts.pods.some(pod => pod.namespace === name))
      .map(name => `namespace \`${name}\` has no deployment`),
    ...(deployments ?? [])
      .filter(name => !pods.some(pod => isNamed(pod, [name])))
      .map(name => `deployment \`${name}\` is not known`),
  ];
  const problems = missing.map(
    (message): Problem => ({
      code: 'NOT_FOUND',
      severity: 'WARNING',
      message,
      path: null,
      place: null,
      hint: 'check the name, or import the inventory or its flows first',
    }),
  );
  return { pods, problems };
}
