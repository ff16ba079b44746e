import { faultOfCidr } from './cidr.js';
import { type Cursor, note, requiredString } from './cursor.js';

/** A CIDR block as written; null where it is none. */
export function cidrAt(cursor: Cursor): string | null {
  const cidr = requiredString(cursor);
  const fault = cidr === null ? null : faultOfCidr(cidr);
  if (fault === null) return cidr;
  return note(cursor, {
    code: 'CIDR_INVALID',
    message: `\`${cidr}\` ${fault}`,
    hint: 'write a block such as `10.0.0.0/8` or `fd00::/8`',
  });
}
