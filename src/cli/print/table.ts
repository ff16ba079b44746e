import Table from 'cli-table3';
import { type Color, PLAIN, painted, type Terminal } from './terminal.js';

export type Cell = string | { readonly text: string; readonly color: Color | null };

/** Rows have as many cells as the heading. */
export type Rows = {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

const paintedCell = (cell: Cell, terminal: Terminal): string =>
  typeof cell === 'string' ? cell : painted(cell.text, cell.color, terminal);

const naturalWidths = ({ heading, rows }: Rows): readonly number[] =>
  heading.map((title, column) =>
    Math.max(title.length, ...rows.map(row => textOf(row[column] ?? '').length)),
  );

/** A space at each side of a cell. */
const PADDING = 2;
const NARROWEST = 6;

/**
 * Widths of the columns, in characters without padding, so that the table has `columns` at most: the widest
 * columns give first, none goes below six.
 */
export const fittedWidths = (
  widths: readonly number[],
  columns: number | null,
): readonly number[] => {
  const borders = widths.length + 1;
  const fitted = [...widths];
  if (columns === null) return fitted;
  let excess = borders + fitted.reduce((sum, width) => sum + width + PADDING, 0) - columns;
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

/** A table with borders, cut with `…` where it is wider than the terminal. */
export const tableText = (table: Rows, terminal: Terminal = PLAIN): string => {
  const widths = fittedWidths(naturalWidths(table), terminal.columns);
  const drawn = new Table({
    head: [...table.heading],
    style: { head: [], border: [] },
    colWidths: widths.map(width => width + PADDING),
  });
  drawn.push(...table.rows.map(row => row.map(cell => paintedCell(cell, terminal))));
  return `${withoutRules(drawn.toString())}\n`;
};

/** Only the line below the heading stays of those between rows. */
const withoutRules = (drawn: string): string => {
  const lines = drawn.split('\n');
  const rule = lines.findIndex(line => line.startsWith('├'));
  return lines.filter((line, index) => index <= rule || !line.startsWith('├')).join('\n');
};

/** A pipe table (GitHub Flavored Markdown). */
export const markdownText = ({ heading, rows }: Rows): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`;
  return [heading, heading.map(() => '---'), ...rows.map(row => row.map(textOf))]
    .map(line)
    .join('');
};
