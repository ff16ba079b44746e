import { csvField, markdownCell, visible, visibleJson } from '../visible.js';

/** Lines, each ended; nothing at all for none. */
export const lines = (list: readonly string[]): string =>
  list.length === 0 ? '' : `${list.join('\n')}\n`;

/** Lines for people, where names of manifests stand in them. */
export const visibleLinesOf = (list: readonly string[]): string => lines(list.map(visible));

export const csvLine = (fields: readonly string[]): string => fields.map(csvField).join(',');

export const markdownLine = (cells: readonly string[]): string =>
  `| ${cells.map(markdownCell).join(' | ')} |`;

/** The line under a table's heading, as wide as its cells. */
export const markdownRule = (heading: readonly string[]): string =>
  `|${heading.map(cell => '-'.repeat(cell.length + 2)).join('|')}|`;

export const json = (value: unknown): string => visibleJson(`${JSON.stringify(value, null, 2)}\n`);
