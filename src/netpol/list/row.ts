/**
 * A line of the connectivity list: peers as `namespace/name[Kind]`, an address range or
 * `{ingress-controller}`; connections as `All Connections` or `TCP 80,443,UDP 53`.
 */
export type ListRow = { readonly src: string; readonly dst: string; readonly conn: string };

export const lineOf = ({ src, dst, conn }: ListRow): string => `${src} => ${dst} : ${conn}`;

/**
 * By source and destination in the order of their characters' codes, which is the order of the lines:
 * no pair stands twice. A list can have millions of rows of few peers: peers are ranked once.
 */
export const sortRows = <Row extends ListRow>(rows: readonly Row[]): readonly Row[] => {
  const ranks = ranksOf(rows);
  const keys = Float64Array.from(
    rows,
    ({ src, dst }) => (ranks.get(src) ?? 0) * ranks.size + (ranks.get(dst) ?? 0),
  );
  return Array.from(rows.keys())
    .sort((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0))
    .flatMap(place => rows[place] ?? []);
};

const ranksOf = (rows: readonly ListRow[]): ReadonlyMap<string, number> => {
  const peers = new Set<string>();
  for (const { src, dst } of rows) peers.add(src).add(dst);
  const sorted = [...peers].sort();
  // What excepts from a row of the whole cluster stands beneath it.
  const first = sorted.filter(isBeforeCluster);
  const others = sorted.filter(peer => peer !== ENTIRE_CLUSTER && !isBeforeCluster(peer));
  const all = peers.has(ENTIRE_CLUSTER) ? [...first, ENTIRE_CLUSTER, ...others] : sorted;
  return new Map(all.map((peer, rank) => [peer, rank]));
};

/** Every pod of every namespace, those of the future included. */
export const ENTIRE_CLUSTER = 'entire-cluster';

const isBeforeCluster = (peer: string): boolean => /^[\d:]/.test(peer);

/** The namespace of `namespace/name[Kind]`; null for ranges, controllers and other peers. */
export const namespaceOfPeer = (peer: string): string | null =>
  /^([^/\s{}[\]]+)\/[^/]+\[[^\]]+\]$/.exec(peer)?.[1] ?? null;

/** Whether the peer is what a user calls `name`, `namespace/name` or `namespace/name[Kind]`. */
export const isPeerNamed = (peer: string, wanted: string): boolean => {
  if (peer === wanted) return true;
  const namespace = namespaceOfPeer(peer);
  if (namespace === null) return peer === `{${wanted}}`;
  const full = peer.slice(0, peer.lastIndexOf('['));
  return full === wanted || full === `${namespace}/${wanted}`;
};
