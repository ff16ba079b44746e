import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Four decimal parts or IPv6; an IPv4-mapped IPv6 address is the IPv4 address that it maps. */
function addressOf(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** @returns the address as RFC 5952 and Postgres write it, or null. */
export const parseIpAddress = (text: string): string | null => addressOf(text)?.toString() ?? null;

const PREFIX = /^(0|[1-9]\d{0,2})$/;
const MAPPED_BITS = 96;

function prefixOf(text: string, bits: string): readonly [Address, number] | null {
  const address = addressOf(text);
  if (address === null || !PREFIX.test(bits)) return null;
  const mapped = address.kind() === 'ipv4' && text.includes(':');
  const prefix = Number(bits) - (mapped ? MAPPED_BITS : 0);
  return prefix < 0 || prefix > (address.kind() === 'ipv4' ? 32 : 128) ? null : [address, prefix];
}

/**
 * Reads a block. Bits beyond the prefix are cleared, as every implementation of
 * NetworkPolicy reads `ipBlock.cidr`: `10.1.2.3/8` is `10.0.0.0/8`.
 * @returns the block as Postgres writes a `cidr`, or null. A bare address is no block.
 */
export function parseCidr(text: string): string | null {
  const [address = '', bits = '', ...rest] = text.split('/');
  const parsed = rest.length > 0 ? null : prefixOf(address, bits);
  if (parsed === null) return null;
  const [network, prefix] = parsed;
  const block = `${network.toString()}/${prefix}`;
  const first =
    network.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(block)
      : ipaddr.IPv6.networkAddressFromCIDR(block);
  return `${first.toString()}/${prefix}`;
}

/** The block of what a store gives: Postgres prints an `inet` of one address without its prefix. */
export function cidrOf(text: string): string | null {
  const address = addressOf(text);
  if (address === null) return parseCidr(text);
  return `${address.toString()}/${address.kind() === 'ipv4' ? 32 : 128}`;
}
