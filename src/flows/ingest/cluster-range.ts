import ipaddr from 'ipaddr.js';

/** Ranges that are nobody's on the internet: RFC 1918, RFC 6598 (many CNIs use it for pods), RFC 4193. */
const PRIVATE: ReadonlySet<string> = new Set(['private', 'carrierGradeNat', 'uniqueLocal']);

const isPrivate = (address: string): boolean =>
  ipaddr.isValid(address) && PRIVATE.has(ipaddr.process(address).range());

/**
 * Whether an address nobody is known to hold must have been the cluster's own.
 * @param ranges where the inventory's pods, Services and nodes have their addresses, as CIDRs; while none
 * is known, every private address may be the cluster's.
 */
export function isClusterAddress(address: string, ranges: readonly string[]): boolean {
  if (ranges.length === 0) return isPrivate(address);
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some(range => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}
