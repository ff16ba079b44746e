/**
 * A line of the connectivity list: peers as `namespace/name[Kind]`, an address range or
 * `{ingress-controller}`; connections as `All Connections` or `TCP 80,443,UDP 53`.
 */
export type ListRow = { readonly src: string; readonly dst: string; readonly conn: string };

export const lineOf = ({ src, dst, conn }: ListRow): string => `${src} => ${dst} : ${conn}`;

/** By the line that a row makes, in the order of its characters' codes. */
export const sortRows = <Row extends ListRow>(rows: readonly Row[]): readonly Row[] =>
  rows
    .map(row => [lineOf(row), row] as const)
    .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
    .map(([, row]) => row);

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
