/** What spreadsheets write between cells; Excel writes a semicolon where the comma is the decimal sign. */
const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** A cell in quotes, which a doubled quote stands for one in, or without; then the separator or the line's end. */
const cellPattern = (separator: Separator): RegExp => {
  const mark = separator === '|' ? '\\|' : separator;
  const blank = separator === '\t' ? ' *' : '[ \\t]*';
  return new RegExp(`${blank}(?:"((?:[^"]|"")*)"${blank}|([^${mark}]*))(${mark}|$)`, 'y');
};

const CELLS = new Map(SEPARATORS.map(separator => [separator, cellPattern(separator)]));

/** The cells of a line; null when a quote has no end. */
export const cellsOf = (line: string, separator: Separator): readonly string[] | null => {
  const cells: string[] = [];
  const pattern = CELLS.get(separator) as RegExp;
  pattern.lastIndex = 0;
  for (;;) {
    const match = pattern.exec(line);
    const bare = match?.[2]?.trim();
    if (match === null || bare?.startsWith('"')) return null;
    cells.push(match[1]?.replaceAll('""', '"').trim() ?? bare ?? '');
    if (match[3] === '') return cells;
  }
};

/** A line of columns, and how the lines after it are written. */
export type Header = { readonly separator: Separator; readonly columns: readonly string[] };

const END = [
  'namespace',
  'pod',
  'workload.kind',
  'workload.name',
  'labels',
  'ip',
  'cidr',
  'dnsName',
  'node',
  'service',
];

/** Names of columns by themselves in lower case: some tools change the case of a header. */
const COLUMNS: ReadonlyMap<string, string> = new Map(
  [
    'firstSeen',
    'lastSeen',
    'servicePort',
    'isReply',
    ...END.flatMap(field => [`source.${field}`, `destination.${field}`]),
  ].map(column => [column.toLowerCase(), column]),
);

const columnOf = (cell: string): string => {
  const lower = cell.toLowerCase();
  return COLUMNS.get(lower) ?? lower;
};

const withoutTail = (cells: readonly string[]): readonly string[] =>
  cells.slice(0, cells.findLastIndex(cell => cell !== '') + 1);

const isHeader = (columns: readonly string[]): boolean =>
  columns.includes('protocol') &&
  columns.some(column => column.startsWith('source.')) &&
  columns.some(column => column.startsWith('destination.'));

/** The columns that a line names; null: it is a row. Empty cells at its end are none. */
export const headerOf = (line: string): Header | null => {
  if (!/protocol/i.test(line)) return null;
  for (const separator of SEPARATORS) {
    const columns = withoutTail(cellsOf(line, separator) ?? []).map(columnOf);
    if (isHeader(columns)) return { separator, columns };
  }
  return null;
};

/** Excel's own line, which names the separator. */
export const isSeparatorLine = (line: string): boolean => /^"?sep=.?"?\s*$/i.test(line);

/** The cells of a row, as many as there are columns: empty ones at its end may be too many. */
export const rowOf = (cells: readonly string[], { columns }: Header): readonly string[] =>
  cells.length > columns.length && withoutTail(cells).length <= columns.length
    ? cells.slice(0, columns.length)
    : cells;

const DIGITS = /^\d{1,16}$/;
/** Thousands apart by a comma, a point, an apostrophe or a space of some width. */
const GROUPED = /^\d{1,3}(?:([,.'’\u0020\u00a0\u2009\u202f])\d{3})(?:\1\d{3})*$/;

/**
 * A whole number as a spreadsheet writes it: `8080.0`, `1,234`; null where it is none, or may be two. Semicolons stand
 * between cells where the comma is the decimal sign, commas where the point is; with another separator only digits are sure.
 */
export const wholeOf = (text: string, separator: Separator): number | null => {
  if (DIGITS.test(text)) return Number(text);
  const decimal = { ',': '.', ';': ',', '\t': null, '|': null }[separator];
  const group = GROUPED.exec(text)?.[1];
  if (group !== undefined && group !== decimal && (decimal !== null || !'.,'.includes(group))) {
    const digits = text.replaceAll(group, '');
    return DIGITS.test(digits) ? Number(digits) : null;
  }
  const [whole = '', fraction = ''] = decimal === null ? [] : text.split(decimal);
  return DIGITS.test(whole) && /^0+$/.test(fraction) ? Number(whole) : null;
};
