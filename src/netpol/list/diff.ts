import { type DotEdge, type DotNode, digraph } from './dot.js';
import type { ListFormat } from './list.js';
import type { ListRow } from './row.js';
import { csvLine, json, lines, markdownLine, markdownRule, visibleLinesOf } from './text.js';

export const DiffType = { CHANGED: 'changed', ADDED: 'added', REMOVED: 'removed' } as const;
export type DiffType = (typeof DiffType)[keyof typeof DiffType];

const NO_CONNECTIONS = 'No Connections';

/** A pair whose connections differ; connection sets are texts, `No Connections` where empty. */
export type DiffRow = {
  readonly diffType: DiffType;
  readonly source: string;
  readonly destination: string;
  readonly dir1: string;
  readonly dir2: string;
  /** Which end came or went, as `workload shop/web[Deployment] added`; else empty. */
  readonly workloadsDiffInfo: string;
  readonly newlyAllowed: string;
  readonly newlyBlocked: string;
};

/** One pair's connections in both folders; empty text for none. */
export type PairChange = {
  readonly source: string;
  readonly destination: string;
  readonly before: string;
  readonly after: string;
  readonly newlyAllowed: string;
  readonly newlyBlocked: string;
};

/** Workloads by the names that rows show. */
export type WorkloadChanges = {
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
};

export const diffRow = (change: PairChange, workloads: WorkloadChanges): DiffRow => ({
  diffType: diffTypeOf(change),
  source: change.source,
  destination: change.destination,
  dir1: change.before || NO_CONNECTIONS,
  dir2: change.after || NO_CONNECTIONS,
  workloadsDiffInfo: workloadsInfo([change.source, change.destination], workloads),
  newlyAllowed: change.newlyAllowed || NO_CONNECTIONS,
  newlyBlocked: change.newlyBlocked || NO_CONNECTIONS,
});

const diffTypeOf = ({ before, after }: PairChange): DiffType => {
  if (before === '') return DiffType.ADDED;
  return after === '' ? DiffType.REMOVED : DiffType.CHANGED;
};

const workloadsInfo = (peers: readonly string[], { added, removed }: WorkloadChanges): string =>
  [workloadsSentence(peers, added, 'added'), workloadsSentence(peers, removed, 'removed')]
    .filter(sentence => sentence !== '')
    .join(', ');

const workloadsSentence = (
  peers: readonly string[],
  moved: ReadonlySet<string>,
  verb: string,
): string => {
  const names = peers.filter(peer => moved.has(peer));
  if (names.length === 0) return '';
  return `${names.length === 1 ? 'workload' : 'workloads'} ${names.join(' and ')} ${verb}`;
};

const KEYS = ['diff-type', 'source', 'destination', 'dir1', 'dir2', 'workloads-diff-info'] as const;
const OURS = ['newly-allowed', 'newly-blocked'] as const;

const cellsOf = (row: DiffRow): readonly string[] => [
  row.diffType,
  row.source,
  row.destination,
  row.dir1,
  row.dir2,
  row.workloadsDiffInfo,
];

const ourCellsOf = (row: DiffRow): readonly string[] => [row.newlyAllowed, row.newlyBlocked];

const TYPE_ORDER: readonly DiffType[] = [DiffType.CHANGED, DiffType.ADDED, DiffType.REMOVED];

/** Changed rows first, then added, then removed ones; by their texts within. */
const sortDiff = (rows: readonly DiffRow[]): readonly DiffRow[] =>
  TYPE_ORDER.flatMap(type =>
    rows
      .filter(row => row.diffType === type)
      .map(row => [cellsOf(row).join(' '), row] as const)
      .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
      .map(([, row]) => row),
  );

/** What only `dot` draws: pairs that stayed as they were, and the colours of what came or went. */
export type DiffBackground = {
  readonly unchanged: readonly ListRow[];
  readonly workloads: WorkloadChanges;
};

/** The difference as a document: the text of `connectivity diff`. */
export const formatDiff = (
  rows: readonly DiffRow[],
  background: DiffBackground,
  format: ListFormat,
): string => {
  const sorted = sortDiff(rows);
  switch (format) {
    case 'txt':
      return sorted.length === 0
        ? ''
        : visibleLinesOf(['Connectivity diff:', ...sorted.map(textLine)]);
    case 'json':
      return json(sorted.map(jsonRow));
    case 'csv':
      return lines([csvLine(KEYS), ...sorted.map(row => csvLine(cellsOf(row)))]);
    case 'md':
      return markdown(sorted);
    case 'dot':
      return dot(sorted, background);
  }
};

const textLine = (row: DiffRow): string => {
  const values = [...cellsOf(row), ...ourCellsOf(row)];
  return [...KEYS, ...OURS]
    .map((key, index) => [key, values[index] ?? ''] as const)
    .filter(([key, value]) => !isLeftOut(row, key, value))
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
};

/** Ours stand in a line only where they say more than `dir1` and `dir2` do. */
const isLeftOut = (row: DiffRow, key: string, value: string): boolean => {
  if (value === '') return true;
  const ours = key === 'newly-allowed' || key === 'newly-blocked';
  return ours && (row.diffType !== DiffType.CHANGED || value === NO_CONNECTIONS);
};

const jsonRow = (row: DiffRow): Readonly<Record<string, string>> => {
  const values = [...cellsOf(row), ...ourCellsOf(row)];
  return Object.fromEntries([...KEYS, ...OURS].map((key, index) => [key, values[index] ?? '']));
};

const markdown = (rows: readonly DiffRow[]): string => {
  const heading = [...KEYS, ...OURS];
  return lines([
    markdownLine(heading),
    markdownRule(heading),
    ...rows.map(row => markdownLine([...cellsOf(row), ...ourCellsOf(row)])),
  ]);
};

const EDGE_COLOR = { changed: 'magenta', added: '#008000', removed: 'red2' } as const;

const dot = (rows: readonly DiffRow[], { unchanged, workloads }: DiffBackground): string => {
  const edges = rows.map(
    (row): DotEdge => ({
      src: row.source,
      dst: row.destination,
      label: dotLabel(row),
      color: EDGE_COLOR[row.diffType],
    }),
  );
  const kept = unchanged.map(
    ({ src, dst, conn }): DotEdge => ({ src, dst, label: conn, color: 'grey' }),
  );
  const peers = new Set([...edges, ...kept].flatMap(({ src, dst }) => [src, dst]));
  const color = (peer: string): string => {
    if (workloads.added.has(peer)) return '#008000';
    return workloads.removed.has(peer) ? 'red' : 'blue';
  };
  const nodes = [...peers].map((peer): DotNode => ({ peer, color: color(peer) }));
  return digraph(nodes, [...edges, ...kept]);
};

const dotLabel = ({ diffType, dir1, dir2 }: DiffRow): string => {
  if (diffType === DiffType.CHANGED) return `${dir2} (dir1: ${dir1})`;
  return diffType === DiffType.ADDED ? dir2 : dir1;
};
