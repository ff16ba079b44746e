import { canonicalAddress, canonicalCidr } from '../addresses/canonical.js';
import { faultOfCidr, looseCidr } from './cidr.js';
import { type Cursor, note, requiredString, warn } from './cursor.js';

/** The block of an ipBlock or its except; null where it is none. */
export function ipBlockCidrAt(cursor: Cursor): string | null {
  const text = requiredString(cursor);
  if (text === null) return null;
  const read = looseCidr(text);
  if (read === null) return refused(cursor, text, faultOfCidr(text) ?? 'is no block');
  if (read.loose !== null) {
    warn(cursor, {
      code: 'CIDR_LOOSE',
      message: `\`${text}\` has ${read.loose}, which other programs read in another way and Kubernetes refuses from 1.36 on`,
      hint: `write \`${canonicalCidr(read.cidr)}\`, as which it is read here`,
    });
  }
  return read.cidr;
}

/** A CIDR block of `networks` as written; null where it is none. The schema of the admin tiers takes no loose forms. */
export function cidrAt(cursor: Cursor): string | null {
  const cidr = requiredString(cursor);
  const fault = cidr === null ? null : faultOfCidr(cidr);
  return cidr === null || fault === null ? cidr : refused(cursor, cidr, fault);
}

const isAddress = (text: string): boolean => canonicalAddress(text) !== null;

const refused = (cursor: Cursor, cidr: string, fault: string): null =>
  note(cursor, {
    code: 'CIDR_INVALID',
    message: `\`${cidr}\` ${fault}`,
    hint: isAddress(cidr)
      ? `write \`${cidr}/${cidr.includes(':') ? 128 : 32}\` for this one address`
      : 'write a block such as `10.0.0.0/8` or `fd00::/8`',
  });
