import { type Place, type Problem, Severity } from '../problem.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';

const REPEATED = { code: 'OBJECT_REPEATED', hint: 'remove the one that is out of date' };

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
      if (earlier === undefined || areEqual(object, earlier)) return [];
      const named = { ...object, place: object.locate(['metadata', 'name']) };
      return replacing(named, earlier.locate([]), REPEATED);
    }),
  );
}

const areEqual = (one: KubernetesObject, other: KubernetesObject): boolean =>
  JSON.stringify(one.value) === JSON.stringify(other.value);

/** What names an object to the reader of a problem. */
type Named = { readonly kind: string; readonly name: string | null; readonly place: Place };

/** One object takes the place of another with its name. */
export function replacing(
  { kind, name, place }: Named,
  { file, line }: Place,
  { code, hint }: Pick<Problem, 'code' | 'hint'>,
): Problem {
  const where = file === null ? `line ${line}` : `\`${file}\` line ${line}`;
  return {
    code,
    severity: Severity.WARNING,
    message: `${kind} \`${name}\` replaces the one of the same name in ${where}`,
    path: 'metadata.name',
    place,
    hint,
  };
}
