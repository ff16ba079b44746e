import type { Problem } from '../netpol/index.js';
import { warningAt } from '../query/problem.js';
import type { ReadEntry } from './read-export.js';

export const unknownPeer = ({ path, peer }: ReadEntry): Problem =>
  warningAt(
    'NOT_FOUND',
    `${path}.peer`,
    `\`${peer}\` is no peer that is known, or several`,
    'it is known once an inventory or flows show it; take it out until then',
  );

export const keptWhole = (path: string): Problem =>
  warningAt(
    'NOT_REMOVED',
    path,
    'entries that the text does not have stay, since some of its entries could not be read',
    'mend those first',
  );
