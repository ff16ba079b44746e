import type { LabelSelector } from '../query/label-selector.js';
import { type Caller, type Names, seesWhole } from './caller.js';

type Scope = Pick<Caller, 'clusters' | 'namespaces' | 'selector'>;

const shown = (names: Names): readonly string[] => (names === 'ALL' ? ['*'] : names);

const labelText = ({ matchLabels, matchExpressions }: LabelSelector): string =>
  [
    ...Object.entries((matchLabels ?? {}) as Record<string, string>).map(
      ([key, label]) => `${key}=${label}`,
    ),
    ...(matchExpressions ?? []).map(({ key, operator, values }) =>
      [key, operator, ...(values?.length ? [`(${values.join(' ')})`] : [])].join(' '),
    ),
  ].join(',');

/** Where a caller may look, as the API shows it: `CLUSTER/NAMESPACE`, with `*` for all, and `[LABELS]` after it. */
export const scopesOf = ({ clusters, namespaces, selector }: Scope): readonly string[] => {
  const labels = selector === null ? '' : `[${labelText(selector)}]`;
  return shown(clusters).flatMap(cluster =>
    shown(namespaces).map(namespace => `${cluster}/${namespace}${labels}`),
  );
};

type WithinCluster = Pick<Caller, 'namespaces' | 'selector'>;

const sorted = (names: Names): Names => (names === 'ALL' ? names : [...new Set(names)].toSorted());

/**
 * What a caller sees of a cluster, as text that is the same for the same scope; empty: all of it. Rows that were computed
 * under a scope keep it.
 */
export const scopeKey = (caller: WithinCluster): string =>
  seesWhole(caller) ? '' : JSON.stringify([sorted(caller.namespaces), caller.selector]);

/** The scope that such a text stands for. */
export function scopeOf(key: string): WithinCluster {
  if (key === '') return { namespaces: 'ALL', selector: null };
  const [namespaces, selector] = JSON.parse(key) as [Names, LabelSelector | null];
  return { namespaces, selector };
}
