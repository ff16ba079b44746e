/** Controls (ASCII and C1), but for line feed and tab. */
const CONTROLS = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f';

/** Bidirectional controls (UAX 9), separators of lines that nobody sees, characters of no width, tags. */
const FORMATS = '\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\u{e0000}-\\u{e007f}';

const UNSEEN = new RegExp(`[\\t\\n${CONTROLS}${FORMATS}]`, 'gu');
const UNSEEN_IN_LINES = new RegExp(`\\r\\n|[${CONTROLS}${FORMATS}]`, 'gu');

const escaped = (character: string): string =>
  `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;

/**
 * Text on one line as a person can see it: a name from a flow or a manifest may hold anything. What moves a terminal's
 * cursor or changes its colours, turns the direction of writing, or takes no room is written as `\u{1b}`.
 */
export const visible = (text: string): string => text.replace(UNSEEN, escaped);

/** The same of several lines: their breaks stay, and tabs. */
export const visibleLines = (text: string): string =>
  text.replace(UNSEEN_IN_LINES, found => (found === '\r\n' ? found : escaped(found)));

const unitEscapes = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map(unit => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/** The same of a document of JSON, by the escapes of JSON: its value stays what it is. */
export const visibleJson = (json: string): string =>
  json.replace(UNSEEN_IN_LINES, found => (found === '\r\n' ? found : unitEscapes(found)));

/** What spreadsheets take for a formula (OWASP, "CSV Injection"); the apostrophe makes it a text. Numbers stay, and a sign alone. */
const FORMULA = /^(?![+-]?\d[\d.,%]*$)[=+@-](?=.)/u;

/** One field (RFC 4180): with a comma or a quote it stands in quotes. */
export const csvField = (text: string): string => {
  const shown = visible(text);
  const safe = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One cell of a pipe table (GitHub Flavored Markdown): no further cell, link, image or HTML comes of it. */
export const markdownCell = (text: string): string =>
  visible(text).replace(/[\\|<]|\](?=[([:])/g, found => `\\${found}`);

/** A quoted id or label of DOT: "any double-quoted string ("...") possibly containing escaped quotes". */
export const dotQuoted = (text: string): string =>
  `"${visible(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
