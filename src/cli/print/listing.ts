import { Document, visit } from 'yaml';
import { visibleJson } from '../../netpol/index.js';
import { withNumbers } from './numbers.js';
import { csvText, markdownText, type Rows, tableText } from './table.js';
import { PLAIN, type Terminal } from './terminal.js';

export const LISTING_FORMATS = ['table', 'json', 'yaml', 'markdown', 'csv'] as const;
export type ListingFormat = (typeof LISTING_FORMATS)[number];

/** One document in the forms that people and machines read. */
export type Listing = Rows & {
  /** What JSON and YAML hold: an object with a named list. */
  readonly value: object;
  /** What is told on standard error where a table would have no rows. */
  readonly empty: string;
};

export const jsonText = (value: unknown): string =>
  visibleJson(`${JSON.stringify(withNumbers(value), null, 2)}\n`);

/** Aliases of YAML would surprise whoever reads it by `grep`. */
export const yamlText = (value: unknown): string => {
  const document = new Document(withNumbers(value), { aliasDuplicateObjects: false });
  visit(document, {
    // Only there can what nobody sees be written as an escape.
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && visibleJson(node.value) !== node.value)
        node.type = 'QUOTE_DOUBLE';
    },
  });
  return visibleJson(document.toString({ lineWidth: 0 }));
};

/** The document; a table without rows is none. */
export const listingText = (
  listing: Listing,
  format: ListingFormat,
  terminal: Terminal = PLAIN,
): string => {
  switch (format) {
    case 'table':
      return listing.rows.length === 0 ? '' : tableText(listing, terminal);
    case 'json':
      return jsonText(listing.value);
    case 'yaml':
      return yamlText(listing.value);
    case 'csv':
      return csvText(listing);
    case 'markdown':
      return listing.rows.length === 0 ? '' : markdownText(listing);
  }
};

/** Whether the format is one for people, who are told where there is nothing. */
export const isForPeople = (format: string): boolean => format === 'table' || format === 'markdown';
