import { faultOfCidr } from './cidr.js';
import { type Cursor, isAbsent, note, stringAt } from './cursor.js';

/** A CIDR block as written; null where it is missing or wrong. */
export function cidrAt(cursor: Cursor): string | null {
  if (isAbsent(cursor)) {
    return note(cursor, {
      code: 'CIDR_MISSING',
      message: 'an `ipBlock` needs a `cidr`',
      hint: 'write a block such as `10.0.0.0/8`',
    });
  }
  const cidr = stringAt(cursor);
  const fault = cidr === null ? null : faultOfCidr(cidr);
  if (fault === null) return cidr;
  return note(cursor, {
    code: 'CIDR_INVALID',
    message: `\`${cidr}\` ${fault}`,
    hint: 'write a block such as `10.0.0.0/8` or `fd00::/8`',
  });
}
