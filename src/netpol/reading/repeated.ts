import { type Problem, Severity } from '../problem.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';

/**
 * Objects that stand in the input more than once with different contents: the last one counts, and a copy that is out of
 * date must not count in silence. Policies have a warning of their own.
 */
export function repeatedObjects(objects: readonly KubernetesObject[]): readonly Problem[] {
  const named = objects.filter(({ name }) => name !== null);
  const groups = Map.groupBy(named, object =>
    JSON.stringify([object.kind, namespaceOf(object), object.name]),
  );
  return [...groups.values()].flatMap(same =>
    same.slice(1).flatMap((object, place) => {
      const earlier = same[place];
      return earlier === undefined || areEqual(object, earlier) ? [] : repeated(object, earlier);
    }),
  );
}

const areEqual = (one: KubernetesObject, other: KubernetesObject): boolean =>
  JSON.stringify(one.value) === JSON.stringify(other.value);

function repeated(object: KubernetesObject, earlier: KubernetesObject): Problem {
  const { file, line } = earlier.locate([]);
  const where = file === null ? `line ${line}` : `\`${file}\` line ${line}`;
  return {
    code: 'OBJECT_REPEATED',
    severity: Severity.WARNING,
    message: `${object.kind} \`${object.name}\` replaces the one of the same name in ${where}`,
    path: 'metadata.name',
    place: object.locate(['metadata', 'name']),
    hint: 'remove the one that is out of date',
  };
}
