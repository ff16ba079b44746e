import { type Address, formatAddress, LAST_V4, LAST_V6 } from '../addresses/address.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { Direction } from '../policy.js';
import type { TrafficId } from '../ports/traffic.js';
import { previous } from '../ranges.js';
import type { Allowed } from './allowed.js';
import type { MapPeer } from './map-peer.js';

/** Addresses outside the cluster with one answer; `ports` is a number of the traffic table. */
export type RangeTraffic = {
  readonly from: Address;
  readonly to: Address;
  readonly ports: TrafficId;
};

export const rangePeer = ({ from, to }: Pick<RangeTraffic, 'from' | 'to'>): MapPeer => ({
  kind: 'range',
  from: formatAddress(from),
  to: formatAddress(to),
});

/** Adjacent ranges with equal ports become one. */
function merged(
  starts: readonly Address[],
  last: Address,
  portsAt: (address: Address) => TrafficId,
): readonly RangeTraffic[] {
  const found: { from: Address; to: Address; ports: TrafficId }[] = [];
  for (const [place, from] of starts.entries()) {
    const after = starts[place + 1];
    const to = after === undefined ? last : previous(after);
    const ports = portsAt(from);
    const before = found.at(-1);
    if (before?.ports === ports) before.to = to;
    else found.push({ from, to, ports });
  }
  return found;
}

/** What one subject's policies allow outside the cluster, over all addresses of IPv4 and, `withV6`, of IPv6. */
export function rangesOf(
  allowed: Allowed,
  direction: Direction,
  subject: PodClass,
  withV6: boolean,
): readonly RangeTraffic[] {
  const segments = allowed.segments(direction, subject);
  const portsAt = (address: Address) => allowed.outside(segments, address);
  return [
    ...merged([...segments.v4], LAST_V4, portsAt),
    ...(withV6 ? merged(segments.v6, LAST_V6, portsAt) : []),
  ];
}
