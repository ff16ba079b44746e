import type { Source } from '../../netpol/index.js';
import type { Origin } from './problem-text.js';

/** Several files as one text, and where its lines came from. */
export type Joined = { readonly text: string; readonly origin: Origin };

type Piece = { readonly file: string; readonly text: string; readonly first: number };

const SEPARATOR = '---\n';

const lineCount = (text: string): number => text.split('\n').length - 1;

const withNewline = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`;

const nameOf = ({ file }: Source): string => file ?? '-';

/** YAML files one after the other, as documents of one stream. */
export const joinYaml = (sources: readonly Source[]): Joined => {
  const pieces: Piece[] = [];
  let text = '';
  for (const source of sources) {
    const own = withNewline(source.text.replace(/^\uFEFF/, ''));
    if (text !== '') text += SEPARATOR;
    pieces.push({ file: nameOf(source), text: own, first: lineCount(text) + 1 });
    text += own;
  }
  const origin: Origin = line => {
    const piece = pieces.findLast(({ first }) => first <= line);
    return piece === undefined ? null : { file: piece.file, line: line - piece.first + 1 };
  };
  return { text, origin };
};
