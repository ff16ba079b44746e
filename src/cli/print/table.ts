import Table from 'cli-table3';
import { printable } from './printable.js';
import { type Color, PLAIN, painted, type Terminal } from './terminal.js';

export type Cell = string | { readonly text: string; readonly color: Color | null };

/** Rows have as many cells as the heading. */
export type Rows = {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** The column that is cut before the others, down to 20 characters. */
  readonly first?: number;
};

const textOf = (cell: Cell): string => printable(typeof cell === 'string' ? cell : cell.text);

const paintedCell = (cell: Cell, terminal: Terminal): string =>
  typeof cell === 'string' ? textOf(cell) : painted(textOf(cell), cell.color, terminal);

const naturalWidths = ({ heading, rows }: Rows): readonly number[] =>
  heading.map((title, column) =>
    rows.reduce((most, row) => Math.max(most, textOf(row[column] ?? '').length), title.length),
  );

/** A space at each side of a cell. */
const PADDING = 2;
const NARROWEST = 6;
const CUT_FIRST_TO = 20;

/** How much wider than the terminal the table would be. */
const excessOf = (widths: readonly number[], columns: number): number =>
  widths.reduce((sum, width) => sum + width + PADDING + 1, 1) - columns;

/** Takes from one column what the table is too wide, as far as it can give. */
const cutFirst = (
  widths: readonly number[],
  columns: number,
  first: number | undefined,
): readonly number[] =>
  widths.map((width, column) =>
    column === first && width > CUT_FIRST_TO
      ? Math.max(CUT_FIRST_TO, width - Math.max(0, excessOf(widths, columns)))
      : width,
  );

/**
 * Widths of the columns, in characters without padding, so that the table has `columns` at most: after the column
 * that is to be cut first the widest columns give, none goes below six.
 */
export const fittedWidths = (
  widths: readonly number[],
  columns: number | null,
  first?: number,
): readonly number[] => {
  if (columns === null) return widths;
  const fitted = [...cutFirst(widths, columns, first)];
  let excess = excessOf(fitted, columns);
  while (excess > 0) {
    const widest = Math.max(...fitted);
    if (widest <= NARROWEST) break;
    const next = Math.max(NARROWEST, ...fitted.filter(width => width < widest));
    const wide = fitted.filter(width => width === widest).length;
    const step = Math.max(1, Math.min(widest - next, Math.ceil(excess / wide)));
    for (const [column, width] of fitted.entries()) {
      if (width !== widest || excess <= 0) continue;
      fitted[column] = width - step;
      excess -= step;
    }
  }
  return fitted;
};

/** The time that the library takes grows with the square of the rows that it draws at once. */
const ROWS_AT_ONCE = 200;

type Look = { readonly widths: readonly number[]; readonly terminal: Terminal };

function linesOf(head: readonly string[], rows: Rows['rows'], { widths, terminal }: Look) {
  const drawn = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colWidths: widths.map(width => width + PADDING),
  });
  drawn.push(...rows.map(row => row.map(cell => paintedCell(cell, terminal))));
  return drawn.toString().split('\n');
}

const isRow = (line: string): boolean => line.startsWith('│');

/** A table with borders, cut with `…` where it is wider than the terminal. */
export const tableText = (table: Rows, terminal: Terminal = PLAIN): string => {
  const { heading, rows } = table;
  const look = {
    widths: fittedWidths(naturalWidths(table), terminal.columns, table.first),
    terminal,
  };
  const first = withoutRules(linesOf(heading, rows.slice(0, ROWS_AT_ONCE), look));
  const further: string[] = [];
  for (let start = ROWS_AT_ONCE; start < rows.length; start += ROWS_AT_ONCE)
    for (const line of linesOf([], rows.slice(start, start + ROWS_AT_ONCE), look))
      if (isRow(line)) further.push(line);
  return `${[...first.slice(0, -1), ...further, ...first.slice(-1)].join('\n')}\n`;
};

/** Only the line below the heading stays of those between rows. */
const withoutRules = (lines: readonly string[]): readonly string[] => {
  const rule = lines.findIndex(line => line.startsWith('├'));
  return lines.filter((line, index) => index <= rule || !line.startsWith('├'));
};

/** A pipe table (GitHub Flavored Markdown). */
export const markdownText = ({ heading, rows }: Rows): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`;
  return [heading, heading.map(() => '---'), ...rows.map(row => row.map(textOf))]
    .map(line)
    .join('');
};
