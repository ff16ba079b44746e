import { liesWithin } from '../../netpol/index.js';

/** Ranges that are nobody's on the internet: RFC 1918, RFC 6598 (many CNIs use it for pods), RFC 4193. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * Whether an address nobody is known to hold must have been the cluster's own.
 * @param ranges where the inventory's pods, Services and nodes have their addresses, as CIDRs; while none
 * is known, every private address may be the cluster's.
 */
export const isClusterAddress = (address: string, ranges: readonly string[]): boolean =>
  liesWithin(address, ranges.length === 0 ? PRIVATE : ranges);
