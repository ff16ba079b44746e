import { endsOfBlock } from '../../netpol/index.js';
import { type ObservedPeer, PeerHint, SkipReason } from '../observation.js';
import { isPlatformAddress } from './platform.js';

const DNS_PORT = 53;

/**
 * Link-local addresses that are services of the node or the cloud: credentials, time, and on port 53 DNS
 * (169.254.20.10 of NodeLocal DNSCache, 169.254.169.254 on GKE, 169.254.169.253 on AWS).
 */
const isPlatform = (ip: string, port: number | null): boolean =>
  port === DNS_PORT || isPlatformAddress(ip);

const MULTICAST_V4 = /^2(?:2[4-9]|3\d)\./;
const LINK_LOCAL_V6 = /^fe[89ab][0-9a-f]:/i;
const MULTICAST_V6 = /^ff[0-9a-f]{2}:/i;
const LIMITED_BROADCAST = '255.255.255.255';

const reasonOfIpv4 = (ip: string, port: number | null): SkipReason | null => {
  if (ip.startsWith('127.')) return SkipReason.LOOPBACK;
  if (ip.startsWith('0.')) return SkipReason.UNSPECIFIED_ADDRESS;
  if (ip.startsWith('169.254.')) return isPlatform(ip, port) ? null : SkipReason.LINK_LOCAL;
  return ip === LIMITED_BROADCAST || MULTICAST_V4.test(ip) ? SkipReason.MULTICAST : null;
};

const reasonOfIpv6 = (ip: string): SkipReason | null => {
  if (ip === '::1') return SkipReason.LOOPBACK;
  if (ip === '::') return SkipReason.UNSPECIFIED_ADDRESS;
  if (LINK_LOCAL_V6.test(ip)) return SkipReason.LINK_LOCAL;
  return MULTICAST_V6.test(ip) ? SkipReason.MULTICAST : null;
};

/** Why an address can be no peer of a policy's rule; null: it can. */
export const specialAddress = (ip: string, port: number | null): SkipReason | null =>
  ip.includes(':') ? reasonOfIpv6(ip) : reasonOfIpv4(ip, port);

/** A block that reaches beyond such addresses is none of them. */
function specialBlock(cidr: string, port: number | null): SkipReason | null {
  const [first, last] = (endsOfBlock(cidr) ?? []).map(address => specialAddress(address, port));
  return first === last ? (first ?? null) : null;
}

/** "Users are free to use localhost names as they would any other domain names": each leads to loopback (RFC 6761). */
const isLocalhost = (name: string): boolean => /(?:^|\.)localhost$/.test(name);

/** Pods and nodes are known by name, whatever address stands beside it. */
const reasonOf = (
  { kind, ip, cidr, dnsNames }: ObservedPeer,
  port: number | null,
): SkipReason | null => {
  if (kind === PeerHint.POD || kind === PeerHint.NODE || kind === PeerHint.HOST) return null;
  if (dnsNames.some(isLocalhost)) return SkipReason.LOOPBACK;
  if (ip !== null) return specialAddress(ip, port);
  return cidr === null ? null : specialBlock(cidr, port);
};

/** Why a flow between the two is none that a policy could rule; null: it may be one. */
export const specialPeer = (
  source: ObservedPeer,
  destination: ObservedPeer,
  port: number | null,
): SkipReason | null => reasonOf(source, null) ?? reasonOf(destination, port);
