import { visible } from '../netpol/index.js';

/** What of a text Postgres cannot store, in a few words; null: nothing. */
export const unstorableIn = (text: string): string | null => {
  if (text.includes('\0')) return 'the character U+0000';
  return text.isWellFormed() ? null : 'half of a surrogate pair';
};

const LONGEST = 1_000;

/** A text that somebody sent, as it can be stored: with U+FFFD for what cannot, and cut where it is long. */
export const storable = (text: string): string =>
  text.slice(0, LONGEST).toWellFormed().replaceAll('\0', '\ufffd');

/** A message that repeats what somebody sent, as it may be shown: on one line, cut where it is long, and well-formed. */
export const showable = (message: string): string => {
  const cut = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  return visible(cut.toWellFormed());
};
