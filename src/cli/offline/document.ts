import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { type CliIo, write } from '../shell.js';

/** roxctl's ways to keep a document in a file. */
export type DocumentOptions = {
  readonly outputFile?: string;
  readonly saveToFile?: boolean;
};

export const addOutputFile = (command: Command): Command =>
  command
    .option('-f, --output-file <file>', 'write the document into a file as well')
    .option('--save-to-file', 'write the document into the standard file of its format as well')
    .option('--remove', 'accepted for roxctl’s sake: an existing file is always overwritten');

/** The document on standard output, and in the file that was asked for. */
export const writeDocument = async (
  document: string,
  { outputFile, saveToFile, stem, format }: DocumentOptions & { stem: string; format: string },
  io: CliIo,
): Promise<void> => {
  const file = outputFile ?? (saveToFile === true ? `${stem}.${format}` : null);
  if (file !== null) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, document);
  }
  await write(io.stdout, document);
};
