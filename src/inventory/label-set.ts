import { contentHash, stableId } from './identity.js';
import { type Labels, stableLabels } from './labels.js';
import type { DeclaredPort } from './peer.js';

/** What policies can see of a pod. */
export type LabelSetContent = {
  /** All of them, also those that controllers write. */
  readonly labels: Labels;
  readonly ports: readonly DeclaredPort[];
  readonly hostNetwork: boolean;
};

/** A label set of a deployment. */
export type LabelSet = LabelSetContent & {
  readonly deploymentId: string;
  readonly id: string;
  /** Pods that have it now, or had it at the moment that was asked about, as far as that is known. */
  readonly pods: number;
};

export const labelSetId = (content: LabelSetContent): string =>
  stableId(`LABEL_SET\n${contentHash(content)}`);

/** What all of some labels share. */
export const sharedLabels = ([first, ...others]: readonly Labels[]): Labels =>
  Object.fromEntries(
    Object.entries(first ?? {}).filter(([key, value]) =>
      others.every(labels => Object.hasOwn(labels, key) && labels[key] === value),
    ),
  );

/**
 * The sets that policies may tell apart: labels that controllers write anew for each pod or rollout count only
 * where they are `named`. The set of most pods first.
 */
export function distinctSets(
  sets: readonly LabelSet[],
  workloadKind: string,
  named: ReadonlySet<string>,
): readonly LabelSet[] {
  const seen = (set: LabelSet): LabelSet => ({
    ...set,
    labels: Object.fromEntries([
      ...Object.entries(set.labels).filter(([key]) => named.has(key)),
      ...Object.entries(stableLabels(set.labels, workloadKind)),
    ]),
  });
  const groups = Map.groupBy(sets.map(seen), ({ labels, ports, hostNetwork }) =>
    contentHash({ labels, ports, hostNetwork }),
  );
  return [...groups.values()]
    .flatMap(([first, ...alike]) =>
      first === undefined
        ? []
        : [{ ...first, pods: alike.reduce((sum, { pods }) => sum + pods, first.pods) }],
    )
    .toSorted((one, other) => other.pods - one.pods || (one.id < other.id ? -1 : 1));
}
