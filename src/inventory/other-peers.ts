import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import {
  type CidrFilter,
  type Combined,
  cidrCondition,
  clusterNamed,
  combined,
  type StringFilter,
  stringCondition,
  type TimeFilter,
  timeCondition,
} from '../query/filter.js';
import type { Order, OrderDirection } from '../query/keyset.js';
import { type LabelSelector, labelCondition } from '../query/label-selector.js';
import type { PeerKind } from './peer.js';

/** Peers that are no deployments, and have lists of their own. */
export type OtherKind = Extract<PeerKind, 'EXTERNAL' | 'NODE'>;

export interface ExternalEntityFilter extends Combined<ExternalEntityFilter> {
  readonly cluster?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly dnsName?: StringFilter | null;
  readonly address?: CidrFilter | null;
  readonly firstSeenAt?: TimeFilter | null;
}

/** Over a `peer` p. */
export const externalEntityCondition = (
  filter: ExternalEntityFilter | null | undefined,
  now: Date,
): Condition =>
  combined(filter, own =>
    and([
      clusterNamed('p.cluster_id', own.cluster),
      stringCondition('p.name', own.name),
      stringCondition(`coalesce(p.dns_name, '')`, own.dnsName),
      cidrCondition('coalesce(p.address, p.cidr::inet)', own.address),
      timeCondition('p.first_seen_at', own.firstSeenAt, now),
    ]),
  );

export interface ClusterNodeFilter extends Combined<ClusterNodeFilter> {
  readonly cluster?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly labels?: LabelSelector | null;
  /** True: also those that went away. Counts in the outermost filter only. */
  readonly ended?: boolean | null;
}

/** Over a `peer` p. */
export const clusterNodeCondition = (filter: ClusterNodeFilter | null | undefined): Condition =>
  and([
    filter?.ended === true ? EVERYTHING : condition('p.ended_at is null'),
    combined(filter, own =>
      and([
        clusterNamed('p.cluster_id', own.cluster),
        stringCondition('p.name', own.name),
        labelCondition(`coalesce(p.labels, '{}')`, own.labels),
      ]),
    ),
  ]);

export const PeerOrderField = { NAME: 'NAME', FIRST_SEEN: 'FIRST_SEEN' } as const;
export type PeerOrderField = (typeof PeerOrderField)[keyof typeof PeerOrderField];

export type PeerOrder = { readonly field: PeerOrderField; readonly direction: OrderDirection };

const BY_NAME: PeerOrder = { field: PeerOrderField.NAME, direction: 'ASC' };

/** Along the indexes `peer_other_name` and `peer_other_seen`. */
export function peerOrder(order: PeerOrder | null | undefined): Order {
  const { field, direction } = order ?? BY_NAME;
  const cluster = { expression: 'p.cluster_id', type: 'int', direction } as const;
  const id = { expression: 'p.id', type: 'uuid', direction } as const;
  if (field === PeerOrderField.NAME)
    return [cluster, { expression: 'p.name', type: 'text', direction }, id];
  const seen = `coalesce(p.first_seen_at, '-infinity')`;
  return [{ expression: seen, type: 'timestamptz', direction }, cluster, id];
}
