import { LAST_V4, LAST_V6 } from '../addresses/address.js';
import { parseCidr } from '../addresses/block.js';
import { type RangeSet, rangesOf } from './axis.js';

/** IPv6 addresses stand for themselves, IPv4 addresses come after the last of them. */
const FIRST_V4 = LAST_V6 + 1n;

export const EVERY_ADDRESS: RangeSet = rangesOf([{ from: 0n, to: FIRST_V4 + BigInt(LAST_V4) }]);

/** The addresses of a block; none where `cidr` is no block, which the reader refuses. */
export const addressesOf = (cidr: string): RangeSet => {
  const block = parseCidr(cidr);
  const v4 = (block?.v4 ?? []).map(({ from, to }) => ({
    from: FIRST_V4 + BigInt(from),
    to: FIRST_V4 + BigInt(to),
  }));
  return rangesOf([...(block?.v6 ?? []), ...v4]);
};
