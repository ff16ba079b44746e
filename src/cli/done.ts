import type { Command } from 'commander';
import { addOutput } from './command.js';
import { LISTING_FORMATS, type Listing } from './print/listing.js';

type Fact = string | number | boolean | null;

/** What a command that answers no list has done, as one row. */
export const doneListing = (facts: Readonly<Record<string, Fact>>): Listing => ({
  heading: Object.keys(facts),
  rows: [Object.values(facts).map(fact => (fact === null ? '-' : `${fact}`))],
  value: facts,
  empty: '',
});

/** `-o` of such a command. */
export const addDoneOutput = (command: Command): Command =>
  addOutput(command, LISTING_FORMATS, 'table');
