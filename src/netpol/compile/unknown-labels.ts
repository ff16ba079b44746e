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

/** Sorted classes of pods that a peer or subject selects or not, as the labels of their namespace are. */
export function undecidedClasses(
  { namespaces, classes, inhabited }: PodIndex,
  selector: Selector | null,
  pods: Selector,
): Column<ClassId> {
  if (selector === null || namespaces.unlabelled.size === 0) return NONE;
  const found = inhabited.filter(id => {
    const podClass = classes[id];
    return (
      podClass !== undefined &&
      isUndecided(namespaces, podClass.namespace, selector) &&
      selects(pods, podClass.labels)
    );
  });
  return found.length === 0 ? NONE : (Int32Array.from(found) as Column<ClassId>);
}
