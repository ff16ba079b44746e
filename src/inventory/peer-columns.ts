import { dateTimeText } from '../query/date-time.js';

/** The select list of a `Peer`, over the alias of a `peer` row. */
export const peerColumns = (alias: string): string =>
  [
    `${alias}.cluster_id as "clusterId"`,
    `${alias}.id`,
    `${alias}.kind`,
    `${alias}.natural_key as "naturalKey"`,
    `${alias}.name`,
    `${alias}.namespace`,
    `${alias}.workload_kind as "workloadKind"`,
    `${alias}.labels`,
    `${alias}.ports`,
    `${alias}.host_network as "hostNetwork"`,
    `${alias}.inferred`,
    `${alias}.address`,
    `${alias}.cidr`,
    `${alias}.dns_name as "dnsName"`,
    `${alias}.entity`,
    `${alias}.reason`,
    `${alias}.alias_of as "aliasOf"`,
    `${dateTimeText(`${alias}.first_seen_at`)} as "firstSeenAt"`,
    `${dateTimeText(`${alias}.ended_at`)} as "endedAt"`,
  ].join(', ');
