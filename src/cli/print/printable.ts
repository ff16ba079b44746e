/** Characters that move a terminal's cursor, change its colors, or turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string =>
  `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;

/** Text on one line as a person can see it: a name from a flow may hold anything. */
export const printable = (text: string): string => text.replace(UNSEEN, escaped);
