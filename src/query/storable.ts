/** What of a text Postgres cannot store, in a few words; null: nothing. */
export const unstorableIn = (text: string): string | null => {
  if (text.includes('\0')) return 'the character U+0000';
  return text.isWellFormed() ? null : 'half of a surrogate pair';
};

const LONGEST = 1_000;

/** A text that somebody sent, as it can be stored: with U+FFFD for what cannot, and cut where it is long. */
export const storable = (text: string): string =>
  text.slice(0, LONGEST).toWellFormed().replaceAll('\0', '\ufffd');

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A message that repeats what somebody sent, as it may be shown: on one line, cut where it is long, and well-formed. */
export const showable = (message: string): string => {
  const cut = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  return cut.toWellFormed().replace(/\p{Cc}/gu, escaped);
};
