import { parseCidr } from '../addresses/block.js';

/** What is wrong with a CIDR block as a policy may name it, or null. Host bits may be set. */
export function faultOfCidr(text: string): string | null {
  if (!text.includes('/')) return 'has no prefix length';
  if (text.includes('.') && text.includes(':')) return 'mixes IPv4 and IPv6';
  return parseCidr(text) === null ? 'is not an IPv4 or IPv6 block' : null;
}

/** First and last address, as numbers of 128 bits or 32. */
function boundsOf(cidr: string) {
  const block = faultOfCidr(cidr) === null ? parseCidr(cidr) : null;
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
