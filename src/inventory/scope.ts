import { nearestName, type Problem, Severity } from '../netpol/index.js';
import { emptyLists } from '../query/problem.js';

/** Which deployments of a cluster something is for: both null is all of them. */
export type DeploymentScope = {
  readonly namespaces: readonly string[] | null;
  /** `namespace/name`, or a bare name. */
  readonly deployments: readonly string[] | null;
};

type Named = { readonly namespace: string; readonly name: string };

const isNamed = ({ namespace, name }: Named, names: ReadonlySet<string>): boolean =>
  names.has(`${namespace}/${name}`) || names.has(name);

const notFound = (path: string, message: string, nearest: string | null): Problem => ({
  code: 'NOT_FOUND',
  severity: Severity.WARNING,
  message,
  path,
  place: null,
  hint:
    nearest === null
      ? 'check the name, or import the inventory or its flows first'
      : `the nearest: \`${nearest}\``,
});

/** Of more unknown names no near ones are looked for: each is held against all that there are. */
const MOST_NEAREST = 20;

/** Both ways to write each. */
const written = (all: readonly Named[]): readonly string[] =>
  all.flatMap(({ namespace, name }) => [name, `${namespace}/${name}`]);

const unknownAmong = (
  asked: readonly string[] | null,
  known: readonly string[],
  problemOf: (name: string, nearest: string | null) => Problem,
): readonly Problem[] => {
  const all = new Set(known);
  const unknown = (asked ?? []).filter(name => !all.has(name));
  return unknown.map((name, place) =>
    problemOf(name, place < MOST_NEAREST ? nearestName(name, [...all]) : null),
  );
};

/** Those of the scope, and a WARNING for each name that is nobody's; an ERROR for a list that names nothing. */
export function inScope<D>(
  all: readonly D[],
  nameOf: (deployment: D) => Named,
  { namespaces, deployments }: DeploymentScope,
): { readonly chosen: readonly D[]; readonly problems: readonly Problem[] } {
  const names = deployments === null ? null : new Set(deployments);
  const within = all.filter(one => namespaces?.includes(nameOf(one).namespace) ?? true);
  const chosen = within.filter(one => names === null || isNamed(nameOf(one), names));
  const known = all.map(one => nameOf(one).namespace);
  return {
    chosen,
    problems: [
      ...emptyLists({ namespaces, deployments }),
      ...unknownAmong(namespaces, known, (name, nearest) =>
        notFound('namespaces', `namespace \`${name}\` has no deployment`, nearest),
      ),
      ...unknownAmong(deployments, written(within.map(nameOf)), (name, nearest) =>
        notFound('deployments', `deployment \`${name}\` is not known`, nearest),
      ),
    ],
  };
}
