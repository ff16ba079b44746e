import type { Caller } from './caller.js';

/** A part of all clusters, as the API shows it; null: all. */
export type Scope = {
  readonly cluster: string | null;
  readonly namespaces: readonly string[] | null;
};

/** One scope per cluster. */
export function scopesOf({
  clusters,
  namespaces,
}: Pick<Caller, 'clusters' | 'namespaces'>): readonly Scope[] {
  const some = namespaces === 'ALL' ? null : namespaces;
  if (clusters === 'ALL') return [{ cluster: null, namespaces: some }];
  return clusters.map(cluster => ({ cluster, namespaces: some }));
}
