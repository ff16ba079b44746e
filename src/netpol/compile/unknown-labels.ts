import type { Column } from '../brand.js';
import { type Labels, METADATA_NAME, type Selector } from '../labels.js';
import type { ClassId } from './class-id.js';
import type { Namespaces } from './namespaces.js';
import type { PodIndex } from './pod-index.js';
import { selects } from './select.js';

/**
 * Whether a selector of namespaces depends on labels that are not known: of a namespace that only pods name, in facts of
 * part of a cluster, the name alone is.
 */
export function isUndecided(
  { unlabelled, labels }: Pick<Namespaces, 'unlabelled' | 'labels'>,
  namespace: string,
  { requirements }: Selector,
): boolean {
  if (!unlabelled.has(namespace)) return false;
  const known: Labels = labels.get(namespace) ?? {};
  const ofName = requirements.filter(({ key }) => key === METADATA_NAME);
  return ofName.length < requirements.length && selects({ requirements: ofName }, known);
}

const NONE = new Int32Array(0) as Column<ClassId>;

const known = new WeakMap<PodIndex, ReadonlyMap<string, readonly ClassId[]>>();

/** Classes of the namespaces without labels, by their names. */
function unlabelledClasses(index: PodIndex): ReadonlyMap<string, readonly ClassId[]> {
  const { classes, inhabited, namespaces } = index;
  const before = known.get(index);
  if (before !== undefined) return before;
  const found = Map.groupBy(
    inhabited.filter(id => namespaces.unlabelled.has(classes[id]?.namespace ?? '')),
    id => classes[id]?.namespace ?? '',
  );
  known.set(index, found);
  return found;
}

/** Sorted classes of pods that a peer or subject selects or not, as the labels of their namespace are. */
export function undecidedClasses(
  index: PodIndex,
  selector: Selector | null,
  pods: Selector,
): Column<ClassId> {
  const { namespaces, classes } = index;
  if (selector === null || namespaces.unlabelled.size === 0) return NONE;
  // Few namespaces are without labels, and most selectors do not ask for more than a name.
  const undecided = new Set(
    [...namespaces.unlabelled].filter(name => isUndecided(namespaces, name, selector)),
  );
  if (undecided.size === 0) return NONE;
  const there = unlabelledClasses(index);
  const found = [...undecided]
    .flatMap(name => there.get(name) ?? [])
    .filter(id => selects(pods, classes[id]?.labels ?? {}))
    .sort((one, other) => one - other);
  return found.length === 0 ? NONE : (Int32Array.from(found) as Column<ClassId>);
}
