import { nearestNames } from '../netpol/index.js';
import { Failure } from './shell.js';

/** `did you mean \`shop\`?`, or nothing where no name is near. */
export const didYouMean = (written: string, names: Iterable<string>): string | null => {
  const near = nearestNames(written, names).map(name => `\`${name}\``);
  return near.length === 0 ? null : `did you mean ${near.join(' or ')}?`;
};

/** That nothing is named so, with the nearest names that there are. */
export const unknownName = (
  what: string,
  written: string,
  names: Iterable<string>,
  cure: string,
): Failure => {
  const near = didYouMean(written, names);
  return new Failure(what, near === null ? cure : `${near} ${cure}`);
};
