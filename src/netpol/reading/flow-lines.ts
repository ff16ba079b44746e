/** A line whose value begins a flow collection: `key: [`, `- {`, `- key: &anchor [`. */
const OPENS_FLOW =
  /^(?:\s*-)*\s*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'[{][^#]*?):\s+|-\s+)?(?:[&!]\S*\s+)*(?=[[{])/;
/** `key: |`, `- >-`: lines that are deeper than this one are text. */
const OPENS_TEXT = /^( *)(?:[^#]*(?::|-)\s+)?(?:[&!]\S*\s+)*[|>][-+\d]*\s*(?:#.*)?$/;

const depthAfter = (depth: number, letter: string | undefined): number => {
  if (letter === '[' || letter === '{') return depth + 1;
  return letter === ']' || letter === '}' ? depth - 1 : depth;
};

/** The offset after the quoted text that begins here. */
function endOfQuoted(text: string, start: number): number {
  const quote = text[start];
  let at = start + 1;
  while (at < text.length) {
    if (quote === '"' && text[at] === '\\') at += 2;
    else if (text[at] !== quote) at += 1;
    else if (quote === "'" && text[at + 1] === "'") at += 2;
    else return at + 1;
  }
  return at;
}

const isBlank = (letter: string | undefined): boolean => letter !== undefined && /\s/.test(letter);

/** A line break within a plain word folds into one blank: it is not for us to count. */
const breaksWord = (letters: readonly string[], text: string, at: number): boolean => {
  let last = at - 1;
  while (isBlank(letters[last])) last -= 1;
  const before = letters[last];
  const after = /\S/.exec(text.slice(at))?.[0];
  return !'[{,:'.includes(before ?? ',') && !']},:#'.includes(after ?? ',');
};

/** Where a quoted text or a comment that begins at `at` ends; `at` itself where none begins. */
function endOfPiece(text: string, at: number): number {
  const [letter, before] = [text[at], text[at - 1]];
  if (letter === '#') return isBlank(before) ? endOfLine(text, at) : at;
  const isQuote = letter === '"' || letter === "'";
  return isQuote && (isBlank(before) || '[{,:'.includes(before ?? ','))
    ? endOfQuoted(text, at)
    : at;
}

/** Blanks what is no token of the flow collection at `start`; answers the offset after it. */
function joinFlow(text: string, start: number, letters: string[]): number {
  let depth = 0;
  let at = start;
  do {
    const letter = text[at];
    const end = endOfPiece(text, at);
    if (letter === '#') letters.fill(' ', at, end);
    const isLineEnd = letter === '\n' || letter === '\r';
    if (letter === '\t' || (isLineEnd && !breaksWord(letters, text, at))) letters[at] = ' ';
    if (end === at) depth = depthAfter(depth, letter);
    at = Math.max(end, at + 1);
  } while (depth > 0 && at < text.length);
  return at;
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The start of the first line that is no deeper than `indent`. */
function afterText(text: string, from: number, indent: number): number {
  let at = from;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    if (line.trim() !== '' && indentOf(line) <= indent) return at;
    at = end + 1;
  }
  return at;
}

/**
 * The same text with each flow collection on one line, as long as before, so that offsets stay: line breaks, tabs and
 * comments inside become blanks. Go's YAML library does not look at the indentation inside of `[ ]` and `{ }`; YAML 1.2
 * asks for more than the parent's, and no tabs.
 */
export function withFlowOnOneLine(text: string): string {
  const letters = [...Array(text.length).keys()].map(at => text[at] ?? '');
  let at = 0;
  while (at < text.length) {
    const line = text.slice(at, endOfLine(text, at));
    const opening = OPENS_FLOW.exec(line);
    const opensText = opening === null ? OPENS_TEXT.exec(line) : null;
    if (opening !== null) at = endOfLine(text, joinFlow(text, at + opening[0].length, letters)) + 1;
    else if (opensText !== null)
      at = afterText(text, at + line.length + 1, (opensText[1] ?? '').length);
    else at += line.length + 1;
  }
  return letters.join('');
}
