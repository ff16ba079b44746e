import { type Peer, PeerKind } from '../../inventory/peer.js';
import type { KnownPeer } from '../ingest/kept.js';

/** Of several names of an address the first in the alphabet is shown, whichever record comes first. */
export const isNewName = (known: KnownPeer, { dnsName }: Peer): boolean =>
  dnsName !== null && known.isByAddress && (known.dnsName === null || dnsName < known.dnsName);

/** Of two peers of one address, the one that is to be stored with the first of their names. */
export const withFirstName = (peer: Peer, known: Peer | undefined): Peer =>
  known != null && known.dnsName !== null && (peer.dnsName === null || known.dnsName < peer.dnsName)
    ? { ...peer, dnsName: known.dnsName, name: known.name }
    : peer;

type Named = Pick<KnownPeer, 'isByAddress' | 'dnsName'>;

const isOutsideByAddress = (one: Named | Peer): boolean =>
  'isByAddress' in one
    ? one.isByAddress
    : one.kind === PeerKind.EXTERNAL && one.address !== null && one.entity === null;

/** By the first of its names. */
export function namedAs(before: Named | Peer | null, wanted: Peer | undefined): Named {
  const one = before ?? wanted;
  if (one === undefined || !isOutsideByAddress(one)) return { isByAddress: false, dnsName: null };
  const names = [before?.dnsName, wanted?.dnsName].filter(name => name != null);
  return { isByAddress: true, dnsName: names.toSorted()[0] ?? null };
}
