import { outputOf } from './command.js';
import { isForPeople, type Listing, type ListingFormat, listingText } from './print/listing.js';
import { terminalOf } from './print/terminal.js';
import { type CliIo, write } from './shell.js';

export type OutputOptions = {
  readonly output: ListingFormat;
  readonly outputFormat?: ListingFormat;
};

/** The listing on standard output; that a table has no rows is told on standard error. */
export const show = async (
  { io: { stdout, stderr, env } }: { readonly io: CliIo },
  listing: Listing,
  options: OutputOptions,
): Promise<void> => {
  const format = outputOf(options);
  if (isForPeople(format) && listing.rows.length === 0) await write(stderr, `${listing.empty}\n`);
  await write(stdout, listingText(listing, format, terminalOf(stdout, env)));
};
