import { Failure } from './shell.js';

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder, and one file is wanted',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'it is there already',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
};

/** In words. */
export const causeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CAUSES[code] ?? (error instanceof Error ? error.message : String(error));
};

/** Why a file cannot be read, in words. */
export const unreadable = (path: string, error: unknown): Failure =>
  new Failure(`\`${path}\` cannot be read: ${causeOf(error)}`, 'name another, or see to that');

/** Why a file cannot be written, in words. */
export const unwritable = (path: string, error: unknown, cure: string): Failure =>
  new Failure(`\`${path}\` cannot be written: ${causeOf(error)}`, cure);
