import { Failure } from '../shell.js';

export type BlocksOfName = { readonly name: string; readonly cidrs: string[] };

const FORM = 'lines such as `office,203.0.113.0/24`, or `[{"name": …, "cidrs": […]}]`';

const isText = (value: unknown): value is string => typeof value === 'string';

function blockIn(value: unknown, place: number): BlocksOfName {
  const fields: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const { name, cidrs, cidr } = fields;
  const blocks = Array.isArray(cidrs) ? cidrs : [cidr];
  if (isText(name) && blocks.every(isText)) return { name, cidrs: blocks };
  throw new Failure(`item ${place + 1} of the list has no name or no blocks`, `write ${FORM}`);
}

function fromJson(text: string): readonly BlocksOfName[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('the file begins as JSON and is none', `write ${FORM}`);
  }
  if (Array.isArray(value)) return value.map(blockIn);
  throw new Failure('the JSON of the file is no list', `write ${FORM}`);
}

/** The name may hold commas, and may stand in quotes, within which a doubled quote is one. */
const LINE = /^\s*(?:"((?:[^"]|"")*)"|(.*?))\s*,\s*"?([^",]*?)"?\s*$/;

function fromCsv(text: string): readonly BlocksOfName[] {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line, number: at + 1 }));
  const heading = lines.find(({ line }) => /^\s*"?cidr"?\s*,/i.test(line));
  if (heading !== undefined)
    throw new Failure(`the blocks stand first in line ${heading.number}`, `write ${FORM}`);
  return lines.flatMap(({ line, number }) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const match = LINE.exec(line);
    if (match === null) throw new Failure(`line ${number} has no comma`, `write ${FORM}`);
    const [, quoted, plain = '', cidr = ''] = match;
    const name = quoted?.replaceAll('""', '"') ?? plain;
    return name === 'name' && cidr === 'cidr' ? [] : [{ name, cidrs: [cidr] }];
  });
}

/** Named blocks of a file, JSON or CSV with or without a heading. @throws Failure where it is neither */
export const blocksIn = (text: string): BlocksOfName[] => {
  const plain = text.replace(/^\uFEFF/, '');
  return [...(/^\s*[[{]/.test(plain) ? fromJson(plain) : fromCsv(plain))];
};
