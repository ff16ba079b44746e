/** Lines, each ended; nothing at all for none. */
export const lines = (list: readonly string[]): string =>
  list.length === 0 ? '' : `${list.join('\n')}\n`;

/** RFC 4180: a field with a comma, a quote or a line break stands in quotes. */
const csvField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const csvLine = (fields: readonly string[]): string => fields.map(csvField).join(',');

export const markdownLine = (cells: readonly string[]): string =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The line under a table's heading, as wide as its cells. */
export const markdownRule = (heading: readonly string[]): string =>
  `|${heading.map(cell => '-'.repeat(cell.length + 2)).join('|')}|`;

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
