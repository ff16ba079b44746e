import { parseCidr } from '../addresses/block.js';
import { canonicalCidr } from '../addresses/canonical.js';

/**
 * An ipBlock's block as the API server takes it: its own parser (`ParseCIDRSloppy`) reads octets and prefixes with leading zeros as
 * decimal, and `::ffff:10.0.0.0/104` as `10.0.0.0/8`. KEP 4858 refuses both from Kubernetes 1.36 on, except where an object
 * has them already.
 * @returns the block without leading zeros, and what it has that newer servers refuse; null where it is no block
 */
export function looseCidr(
  text: string,
): { readonly cidr: string; readonly loose: string | null } | null {
  const plain = text.replace(/(^|[.:/])0+(?=[0-9a-f])/gi, '$1');
  const cidr = canonicalCidr(plain) === null ? unmapped(plain) : plain;
  const canonical = canonicalCidr(cidr);
  if (canonical === null) return null;
  if (plain !== text) return { cidr, loose: 'leading zeros' };
  const isMapped = cidr !== plain || (text.includes(':') && !canonical.includes(':'));
  return { cidr, loose: isMapped ? 'an IPv4 address in IPv6 form' : null };
}

/** `::ffff:10.0.0.0/64` reaches beyond the mapped addresses: what its prefix leaves is a block of IPv6. */
function unmapped(text: string): string {
  const [address = '', prefix = ''] = text.split('/');
  if (!address.includes(':') || !/^\d\d?$/.test(prefix)) return text;
  const canonical = canonicalCidr(`${address}/128`);
  if (canonical === null || canonical.includes(':')) return text;
  const left = (0xffff << (96 - Math.max(80, Number(prefix)))) & 0xffff;
  return `::${left.toString(16)}:0:0/${prefix}`;
}

/** What is wrong with a CIDR block as `networks` may name it, or null. Host bits may be set. */
export function faultOfCidr(text: string): string | null {
  if (!text.includes('/')) return 'has no prefix length';
  if (text.includes('.') && text.includes(':')) return 'mixes IPv4 and IPv6';
  return parseCidr(text) === null ? 'is not an IPv4 or IPv6 block' : null;
}

/** First and last address, as numbers of 128 bits or 32. */
function boundsOf(cidr: string) {
  const block = cidr.includes('/') ? parseCidr(cidr) : null;
  const [range] = [...(block?.v4 ?? []), ...(block?.v6 ?? [])];
  return range === undefined ? null : { ...range, isV4: block?.v4.length === 1 };
}

/** "except values will be rejected if they are outside the cidr range"; the whole range is refused too. */
export function faultOfExcept(except: string, cidr: string): string | null {
  const outer = boundsOf(cidr);
  const inner = boundsOf(except);
  if (outer === null || inner === null) return null;
  if (outer.isV4 !== inner.isV4) return 'is of another address family than';
  if (inner.from < outer.from || inner.to > outer.to) return 'lies outside';
  return inner.from === outer.from && inner.to === outer.to ? 'is the whole of' : null;
}
