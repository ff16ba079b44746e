import { type Problem, Severity } from '../netpol/index.js';

/** Which deployments of a cluster something is for: both null is all of them. */
export type DeploymentScope = {
  readonly namespaces: readonly string[] | null;
  /** `namespace/name`, or a bare name. */
  readonly deployments: readonly string[] | null;
};

type Named = { readonly namespace: string; readonly name: string };

const isNamed = ({ namespace, name }: Named, names: ReadonlySet<string>): boolean =>
  names.has(`${namespace}/${name}`) || names.has(name);

const notFound = (message: string): Problem => ({
  code: 'NOT_FOUND',
  severity: Severity.WARNING,
  message,
  path: null,
  place: null,
  hint: 'check the name, or import the inventory or its flows first',
});

/** Those of the scope, and a WARNING for each name that is nobody's. */
export function inScope<D>(
  all: readonly D[],
  nameOf: (deployment: D) => Named,
  { namespaces, deployments }: DeploymentScope,
): { readonly chosen: readonly D[]; readonly problems: readonly Problem[] } {
  const names = deployments === null ? null : new Set(deployments);
  const within = all.filter(one => namespaces?.includes(nameOf(one).namespace) ?? true);
  const chosen = within.filter(one => names === null || isNamed(nameOf(one), names));
  const known = new Set(all.map(one => nameOf(one).namespace));
  const found = new Set(
    chosen.flatMap(one => {
      const { namespace, name } = nameOf(one);
      return [name, `${namespace}/${name}`];
    }),
  );
  return {
    chosen,
    problems: [
      ...(namespaces ?? [])
        .filter(name => !known.has(name))
        .map(name => notFound(`namespace \`${name}\` has no deployment`)),
      ...(deployments ?? [])
        .filter(name => !found.has(name))
        .map(name => notFound(`deployment \`${name}\` is not known`)),
    ],
  };
}
