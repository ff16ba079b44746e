import type { Caller, Names } from './caller.js';

const shown = (names: Names): readonly string[] => (names === 'ALL' ? ['*'] : names);

/** Where a caller may look, as the API shows it: `CLUSTER/NAMESPACE`, with `*` for all. */
export const scopesOf = ({
  clusters,
  namespaces,
}: Pick<Caller, 'clusters' | 'namespaces'>): readonly string[] =>
  shown(clusters).flatMap(cluster => shown(namespaces).map(namespace => `${cluster}/${namespace}`));
