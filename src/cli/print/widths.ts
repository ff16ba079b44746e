import stringWidth from 'string-width';

/** Each of these signs takes one column: nearly all texts are of them, and need no looking up. */
const ONE_COLUMN_EACH =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*$/;

/** How many columns of a terminal a text takes: signs of East Asia and emoji take two. */
export const widthOf = (text: string): number =>
  ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text);

/** A space at each side of a cell. */
export const PADDING = 2;
const NARROWEST = 6;
const GIVES_FIRST_TO = 20;

/** How much wider than the terminal the table would be. */
const excessOf = (widths: readonly number[], columns: number): number =>
  widths.reduce((sum, width) => sum + width + PADDING + 1, 1) - columns;

export const fits = (widths: readonly number[], columns: number): boolean =>
  excessOf(widths, columns) <= 0;

/** Takes from one column what the table is too wide, as far as it can give. */
const giveFirst = (
  widths: readonly number[],
  columns: number,
  first: number | undefined,
): readonly number[] =>
  widths.map((width, column) =>
    column === first && width > GIVES_FIRST_TO
      ? Math.max(GIVES_FIRST_TO, width - Math.max(0, excessOf(widths, columns)))
      : width,
  );

/** Which column gives before the others, and below what none goes: six where nothing else is said. */
export type Giving = {
  readonly first?: number | undefined;
  readonly least?: readonly number[] | undefined;
};

/**
 * Widths of the columns of a table, in columns of the terminal without padding, so that the table has `columns` at most: after the column
 * that gives first the widest columns give, as long as one can.
 */
export const fittedWidths = (
  widths: readonly number[],
  columns: number | null,
  { first, least = [] }: Giving = {},
): readonly number[] => {
  if (columns === null) return widths;
  const floor = (column: number): number => least[column] ?? NARROWEST;
  const fitted = giveFirst(widths, columns, first).map((width, column) =>
    Math.max(width, Math.min(floor(column), widths[column] ?? 0)),
  );
  for (let excess = excessOf(fitted, columns); excess > 0; excess -= 1) {
    const giving = fitted
      .map((width, column) => ({ width, column }))
      .filter(({ width, column }) => width > floor(column))
      .toSorted((one, other) => other.width - one.width)[0];
    if (giving === undefined) break;
    fitted[giving.column] = giving.width - 1;
  }
  return fitted;
};

/** A text in lines that take at most that many columns of a terminal, broken at spaces alone: a name or an id stays whole. */
export const wrapped = (text: string, width: number): readonly string[] => {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let room = 0;
  for (const word of text.split(' ')) {
    const wide = widthOf(word);
    if (lines.length > 0 && wide < room) {
      lines[lines.length - 1] += ` ${word}`;
      room -= wide + 1;
    } else {
      lines.push(word);
      room = width - wide;
    }
  }
  return lines;
};

export const longestWord = (text: string): number =>
  text.split(' ').reduce((most, word) => Math.max(most, widthOf(word)), 0);
