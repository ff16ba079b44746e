import {
  type JsonObject,
  type Locate,
  type Policy,
  policiesOf,
  readObjects,
} from '../netpol/index.js';
import type { PolicyRecord } from './policy.js';

type Stored = Pick<PolicyRecord, 'kind' | 'namespace' | 'name' | 'document' | 'yaml'>;

/** What the lines of a stored policy count in; no candidate is a file of that name. */
export const storedFile = ({
  namespace,
  name,
}: Pick<PolicyRecord, 'namespace' | 'name'>): string =>
  namespace === null ? name : `${namespace}/${name}`;

/** Where the parts of a stored policy are in its YAML: the text is read when the first line is asked for. */
function locateIn({ yaml, ...named }: Stored): Locate {
  const file = storedFile(named);
  let located: Locate | null = null;
  const placeOf: Locate = path => {
    located ??= readObjects([{ file, text: yaml }]).objects[0]?.locate ?? null;
    return located?.(path) ?? { file, line: 1, column: 1 };
  };
  return path => ({
    file,
    get line() {
      return placeOf(path).line;
    },
    get column() {
      return placeOf(path).column;
    },
  });
}

/**
 * Stored policies as the engine takes them, from their documents: no YAML is read (3,000 policies: 60 ms, as YAML
 * 2 to 5 s). They were read before they were stored, so a fault here is a bug.
 * @throws when a document is no policy
 */
export function storedPolicies(records: readonly Stored[]): readonly Policy[] {
  const { policies } = policiesOf(
    records.map(record => ({
      apiVersion: String((record.document as JsonObject)['apiVersion']),
      kind: record.kind,
      namespace: record.namespace,
      name: record.name,
      value: record.document as JsonObject,
      locate: locateIn(record),
    })),
  );
  if (policies.length === records.length) return policies;
  throw new Error(`${records.length - policies.length} stored policies cannot be read`);
}
