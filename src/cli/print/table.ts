import { csvField, markdownCell, visible } from '../../netpol/index.js';
import { type Color, PLAIN, painted, type Terminal } from './terminal.js';
import { fits, fittedWidths, longestWord, PADDING, widthOf, wrapped } from './widths.js';

export type Cell = string | { readonly text: string; readonly color: Color | null };

/** Rows have as many cells as the heading. */
export type Rows = {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** The column that becomes narrower before the others, down to 20 characters. */
  readonly first?: number;
  /** Two columns, of which the first names what the second says. */
  readonly isFacts?: boolean;
};

const rawOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

const textOf = (cell: Cell): string => visible(rawOf(cell));

const colorOf = (cell: Cell): Color | null => (typeof cell === 'string' ? null : cell.color);

/** Of each column the most that `measure` finds in its heading and cells. */
const columnsBy = ({ heading, rows }: Rows, measure: (text: string) => number): readonly number[] =>
  heading.map((title, column) =>
    rows.reduce((most, row) => Math.max(most, measure(textOf(row[column] ?? ''))), measure(title)),
  );

/** More lines than this for one row, and the row is easier to read as a list of its cells. */
const MOST_LINES = 5;

/** Widths with which the table fits the terminal; null: no table does that can be read. */
function widthsFor(table: Rows, columns: number | null): readonly number[] | null {
  const natural = columnsBy(table, widthOf);
  if (columns === null || fits(natural, columns)) return natural;
  const least = columnsBy(table, longestWord);
  if (!fits(least, columns)) return null;
  const widths = fittedWidths(natural, columns, { first: table.first, least });
  const isTall = table.rows.some(row =>
    row.some((cell, column) => wrapped(textOf(cell), widths[column] ?? 0).length > MOST_LINES),
  );
  return isTall ? null : widths;
}

type Look = { readonly widths: readonly number[]; readonly terminal: Terminal };

/** The lines of a cell, each filled up to the width of its column. */
const cellLines = (cell: Cell, width: number, terminal: Terminal): readonly string[] =>
  wrapped(textOf(cell), width).map(
    line => painted(line, colorOf(cell), terminal) + ' '.repeat(Math.max(0, width - widthOf(line))),
  );

function rowLines(cells: readonly Cell[], { widths, terminal }: Look): readonly string[] {
  const columns = widths.map((width, column) => cellLines(cells[column] ?? '', width, terminal));
  const height = Math.max(...columns.map(lines => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((lines, column) => lines[line] ?? ' '.repeat(widths[column] ?? 0));
    return `│ ${parts.join(' │ ')} │`;
  });
}

const ruleOf = (widths: readonly number[], [left, middle, right]: string): string =>
  `${left}${widths.map(width => '─'.repeat(width + PADDING)).join(middle)}${right}`;

const bordered = ({ heading, rows }: Rows, look: Look): string =>
  [
    ruleOf(look.widths, '┌┬┐'),
    ...rowLines(heading, look),
    ...(rows.length === 0 ? [] : [ruleOf(look.widths, '├┼┤')]),
    ...rows.flatMap(row => rowLines(row, look)),
    ruleOf(look.widths, '└┴┘'),
    '',
  ].join('\n');

type Fact = { readonly title: string; readonly cell: Cell };

/** A line for each fact, or more where it wraps; those without a value are left out. */
const factsText = (facts: readonly Fact[], margin: number, terminal: Terminal): string => {
  const room = Math.max(1, (terminal.columns ?? Number.POSITIVE_INFINITY) - margin);
  const lineOf = ({ title, cell }: Fact): string => {
    const [first = '', ...others] = wrapped(textOf(cell), room).map(line =>
      painted(line, colorOf(cell), terminal),
    );
    return [`${title.padEnd(margin)}${first}`, ...others.map(line => ' '.repeat(margin) + line)]
      .map(line => `${line.trimEnd()}\n`)
      .join('');
  };
  return facts
    .filter(({ cell }) => textOf(cell) !== '')
    .map(lineOf)
    .join('');
};

/** Each row as lines of heading and value, with an empty line between rows; one of facts as a line. */
const recordsText = ({ heading, rows, isFacts = false }: Rows, terminal: Terminal): string => {
  const titles = isFacts ? rows.map(([title = '']) => textOf(title)) : heading;
  const margin = Math.max(...titles.map(widthOf)) + PADDING;
  const records = isFacts
    ? [titles.map((title, row) => ({ title, cell: rows[row]?.[1] ?? '' }))]
    : rows.map(row => heading.map((title, column) => ({ title, cell: row[column] ?? '' })));
  return records.map(facts => factsText(facts, margin, terminal)).join('\n');
};

/**
 * A table with borders. Where it is wider than the terminal, cells wrap at spaces; where that does not do, each row is a list
 * of its cells. Nothing is cut.
 */
export const tableText = (table: Rows, terminal: Terminal = PLAIN): string => {
  const widths = widthsFor(table, terminal.columns);
  return widths === null ? recordsText(table, terminal) : bordered(table, { widths, terminal });
};

/** A pipe table (GitHub Flavored Markdown). */
export const markdownText = ({ heading, rows }: Rows): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [heading, heading.map(() => '---'), ...rows.map(row => row.map(rawOf).map(markdownCell))]
    .map(line)
    .join('');
};

/** Comma-separated values with a heading (RFC 4180). */
export const csvText = ({ heading, rows }: Rows): string =>
  csvLines([heading, ...rows.map(row => row.map(rawOf))]);

/** The same of a part of the rows. */
export const csvLines = (rows: readonly (readonly string[])[]): string =>
  rows.map(cells => `${cells.map(csvField).join(',')}\r\n`).join('');
