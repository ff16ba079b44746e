import { ALL_PORTS, formatPortSet, NO_PORTS } from '../ports/port-set.js';
import type { Decider } from './deciders.js';
import { type DotEdge, type DotNode, digraph } from './dot.js';
import type { Explanation } from './explanation.js';
import { reasonText } from './reason.js';
import { type ListRow, lineOf, namespaceOfPeer, sortRows } from './row.js';
import { csvLine, json, lines, markdownLine, markdownRule, visibleLinesOf } from './text.js';

export const LIST_FORMATS = ['txt', 'json', 'md', 'csv', 'dot'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** A row that may say why. */
export type ExplainedRow = ListRow & { readonly explanation?: Explanation };

/** What the list shows beside the pairs, when it was asked for. */
export type Exposure = {
  readonly egress: readonly ListRow[];
  readonly ingress: readonly ListRow[];
};

const HEADING = ['src', 'dst', 'conn'] as const;

const cellsOf = ({ src, dst, conn }: ListRow): readonly string[] => [src, dst, conn];

const plain = ({ src, dst, conn, explanation }: ExplainedRow): ExplainedRow => ({
  src,
  dst,
  conn,
  ...(explanation === undefined ? {} : { explanation }),
});

/** The connectivity list as a document: the text of `connectivity map`. Explanations show in `txt` and `json`. */
export const formatList = (
  rows: readonly ExplainedRow[],
  exposure: Exposure | null,
  format: ListFormat,
): string => {
  const sorted = sortRows(rows);
  const shown = exposure && {
    egress: sortRows(exposure.egress),
    ingress: sortRows(exposure.ingress),
  };
  return FORMATS[format](sorted, shown);
};

type Formatter = (rows: readonly ExplainedRow[], exposure: Exposure | null) => string;

const text: Formatter = (rows, exposure) =>
  visibleLinesOf([
    ...rows.flatMap(rowLines),
    ...(exposure === null ? [] : exposureLines(exposure)),
  ]);

const rowLines = (row: ExplainedRow): readonly string[] =>
  row.explanation === undefined
    ? [lineOf(row)]
    : [
        lineOf(row),
        ...row.explanation.egress.map(decider => `  egress: ${deciderText(decider, row)}`),
        ...row.explanation.ingress.map(decider => `  ingress: ${deciderText(decider, row)}`),
      ];

const ALL_CONNECTIONS = formatPortSet(ALL_PORTS);
const NO_CONNECTIONS = formatPortSet(NO_PORTS);

/** What decided, and for what if not for all of the row; of a pair that is denied, for all that it could be. */
const deciderText = ({ reason, conn, ranges }: Decider, row: ListRow): string => {
  const text = reason === null ? 'no policy decides it, so it is allowed' : reasonText(reason);
  const isWhole = conn === row.conn || (row.conn === NO_CONNECTIONS && conn === ALL_CONNECTIONS);
  const ports = isWhole ? '' : ` for ${conn}`;
  const addresses = ranges === null ? '' : ` with ${ranges.join(', ')}`;
  return `${text}${ports}${addresses}`;
};

const exposureLines = ({ egress, ingress }: Exposure): readonly string[] => [
  '',
  'Exposure Analysis Result:',
  'Egress Exposure:',
  ...egress.map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`),
  '',
  'Ingress Exposure:',
  ...reversed(ingress).map(([dst, src, conn]) => `${dst} <= ${src} : ${conn}`),
];

const jsonList: Formatter = (rows, exposure) =>
  json(
    exposure === null
      ? rows.map(plain)
      : {
          connlist_results: rows.map(plain),
          exposure_results: {
            egress_exposure: exposure.egress.map(plain),
            ingress_exposure: exposure.ingress.map(plain),
          },
        },
  );

const markdownTable = (heading: readonly string[], rows: readonly (readonly string[])[]) => [
  markdownLine(heading),
  markdownRule(heading),
  ...rows.map(markdownLine),
];

/** Rows of ingress, by the workload that is reached. */
const reversed = (rows: readonly ListRow[]): readonly (readonly string[])[] =>
  sortRows(rows.map(({ src, dst, conn }) => ({ src: dst, dst: src, conn }))).map(cellsOf);

const markdown: Formatter = (rows, exposure) =>
  lines([
    ...markdownTable(HEADING, rows.map(cellsOf)),
    ...(exposure === null
      ? []
      : [
          '## Exposure Analysis Result:',
          '### Egress Exposure:',
          ...markdownTable(HEADING, exposure.egress.map(cellsOf)),
          '### Ingress Exposure:',
          ...markdownTable(['dst', 'src', 'conn'], reversed(exposure.ingress)),
        ]),
  ]);

const csv: Formatter = (rows, exposure) =>
  lines([
    csvLine(HEADING),
    ...rows.map(row => csvLine(cellsOf(row))),
    ...(exposure === null
      ? []
      : [
          csvLine(['Exposure Analysis Result:', '', '']),
          csvLine(['Egress Exposure:', '', '']),
          csvLine(HEADING),
          ...exposure.egress.map(row => csvLine(cellsOf(row))),
          csvLine(['Ingress Exposure:', '', '']),
          csvLine(['dst', 'src', 'conn']),
          ...reversed(exposure.ingress).map(csvLine),
        ]),
  ]);

const dot: Formatter = (rows, exposure) => {
  const drawn = new Map(
    [...rows, ...(exposure?.egress ?? []), ...(exposure?.ingress ?? [])].map(row => [
      lineOf(row),
      row,
    ]),
  );
  const peers = new Set([...drawn.values()].flatMap(({ src, dst }) => [src, dst]));
  const nodes = [...peers].map(
    (peer): DotNode => ({ peer, color: isKnownPeer(peer) ? 'blue' : 'red2' }),
  );
  const edges = [...drawn.values()].map(
    ({ src, dst, conn }): DotEdge => ({ src, dst, label: conn, color: 'darkgreen' }),
  );
  return digraph(nodes, edges);
};

const isKnownPeer = (peer: string): boolean =>
  namespaceOfPeer(peer) !== null || peer.startsWith('{');

const FORMATS: Readonly<Record<ListFormat, Formatter>> = {
  txt: text,
  json: jsonList,
  md: markdown,
  csv,
  dot,
};
