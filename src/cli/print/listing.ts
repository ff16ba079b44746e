import { stringify } from 'yaml';
import { markdownText, type Rows, tableText } from './table.js';
import { PLAIN, type Terminal } from './terminal.js';

export const LISTING_FORMATS = ['table', 'json', 'yaml', 'markdown'] as const;
export type ListingFormat = (typeof LISTING_FORMATS)[number];

/** One document in the forms that people and machines read. */
export type Listing = Rows & {
  /** What JSON and YAML hold. */
  readonly value: unknown;
  /** What a table without rows says instead. */
  readonly empty: string;
};

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Aliases of YAML would surprise whoever reads it by `grep`. */
export const yamlText = (value: unknown): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

export const listingText = (
  listing: Listing,
  format: ListingFormat,
  terminal: Terminal = PLAIN,
): string => {
  switch (format) {
    case 'table':
      return listing.rows.length === 0 ? `${listing.empty}\n` : tableText(listing, terminal);
    case 'json':
      return jsonText(listing.value);
    case 'yaml':
      return yamlText(listing.value);
    case 'markdown':
      return listing.rows.length === 0 ? `${listing.empty}\n` : markdownText(listing);
  }
};
