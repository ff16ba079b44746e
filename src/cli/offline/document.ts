import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { addEffects } from '../command.js';
import { unwritable } from '../file-faults.js';
import { type CliIo, write } from '../shell.js';

/** roxctl's ways to keep a document in a file. */
export type DocumentOptions = {
  readonly outputFile?: string;
  readonly saveToFile?: boolean;
};

export const addOutputFile = (command: Command): Command =>
  addEffects(command, [
    {
      of: ['remove'],
      when: ({ outputFile, saveToFile }) => outputFile !== undefined || saveToFile === true,
      says: 'without --output-file or --save-to-file',
    },
  ])
    .option('-f, --output-file <file>', 'write the document into a file as well')
    .option('--save-to-file', 'write the document into the standard file of its format as well')
    .option('--remove', 'accepted for roxctl’s sake: an existing file is always overwritten');

/** The document on standard output, and in the file that was asked for. */
export const writeDocument = async (
  document: string,
  { outputFile, saveToFile, stem, format }: DocumentOptions & { stem: string; format: string },
  io: CliIo,
): Promise<void> => {
  const files = [outputFile, saveToFile === true ? `${stem}.${format}` : undefined];
  for (const file of files.filter(each => each !== undefined)) await writeInto(file, document);
  await write(io.stdout, document);
};

const writeInto = async (file: string, document: string): Promise<void> => {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, document);
  } catch (error) {
    throw unwritable(file, error, 'name another --output-file');
  }
};
