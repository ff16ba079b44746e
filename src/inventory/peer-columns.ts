import {
  bool,
  type Columns,
  cidr,
  inet,
  int4,
  jsonb,
  nullable,
  oneOf,
  partly,
  text,
  uuid,
} from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import type { Labels } from './labels.js';
import { type DeclaredPort, Isolation, type Peer, PeerKind } from './peer.js';

/** Of `peerColumns`. */
export const PEER: Columns<Peer> = {
  clusterId: int4,
  id: uuid,
  kind: oneOf(PeerKind),
  naturalKey: text,
  name: text,
  namespace: nullable(text),
  workloadKind: nullable(text),
  labels: nullable(jsonb<Labels>()),
  ports: nullable(jsonb<readonly DeclaredPort[]>()),
  hostNetwork: nullable(bool),
  isolation: nullable(oneOf(Isolation)),
  inferred: bool,
  address: nullable(inet),
  cidr: nullable(cidr),
  dnsName: nullable(text),
  entity: nullable(text),
  reason: nullable(text),
  aliasOf: nullable(uuid),
  firstSeenAt: nullable(text),
  endedAt: nullable(text),
};

/** Of `peerColumns` with some fields: what else a `Peer` has is not in the row. */
export const SOME_OF_PEER: Columns<Peer> = partly(PEER);

const COLUMNS: Readonly<Record<keyof Peer, (alias: string) => string>> = {
  clusterId: alias => `${alias}.cluster_id`,
  id: alias => `${alias}.id`,
  kind: alias => `${alias}.kind`,
  naturalKey: alias => `${alias}.natural_key`,
  name: alias => `${alias}.name`,
  namespace: alias => `${alias}.namespace`,
  workloadKind: alias => `${alias}.workload_kind`,
  labels: alias => `${alias}.labels`,
  ports: alias => `${alias}.ports`,
  hostNetwork: alias => `${alias}.host_network`,
  isolation: alias => `${alias}.isolation`,
  inferred: alias => `${alias}.inferred`,
  address: alias => `${alias}.address`,
  cidr: alias => `${alias}.cidr`,
  dnsName: alias => `${alias}.dns_name`,
  entity: alias => `${alias}.entity`,
  reason: alias => `${alias}.reason`,
  aliasOf: alias => `${alias}.alias_of`,
  firstSeenAt: alias => dateTimeText(`${alias}.first_seen_at`),
  endedAt: alias => dateTimeText(`${alias}.ended_at`),
};

const EVERY = Object.keys(COLUMNS) as (keyof Peer)[];

/** The select list of a `Peer`, or of some of it, over the alias of a `peer` row. */
export const peerColumns = (alias: string, fields: readonly (keyof Peer)[] = EVERY): string =>
  fields.map(field => `${COLUMNS[field](alias)} as "${field}"`).join(', ');

/** Read of every row: its key. */
const KEY = ['clusterId', 'id'] as const;

/** What fields of the types of `Peer` read of a row beside its key. */
const READ: Readonly<Record<string, readonly (keyof Peer)[]>> = {
  __typename: [],
  id: [],
  cluster: [],
  flows: [],
  policies: [],
  simulations: [],
  alertCounts: [],
  baseline: [],
  podCount: [],
  addresses: [],
  aliases: [],
  block: [],
  revisions: [],
  labelSets: [],
  namespace: ['namespace'],
  name: ['name'],
  kind: ['workloadKind'],
  inferred: ['inferred'],
  labels: ['labels'],
  labelsKnown: ['labels'],
  ports: ['ports'],
  hostNetwork: ['hostNetwork'],
  isolation: ['isolation'],
  firstSeenAt: ['firstSeenAt'],
  endedAt: ['endedAt'],
  address: ['address'],
  cidr: ['cidr'],
  dnsName: ['dnsName'],
  entity: ['entity'],
  reason: ['reason'],
  namespaceName: ['namespace'],
};

/** What to read of peers of any kind that are asked for these fields. */
export const peerColumnsFor = (fields: ReadonlySet<string>): readonly (keyof Peer)[] => [
  ...new Set([...deploymentColumns(fields), 'kind' as const]),
];

/** What to read of deployments that are asked for these fields: everything, where one of them is not listed above. */
export function deploymentColumns(fields: ReadonlySet<string>): readonly (keyof Peer)[] {
  const read = [...fields].map(field => (Object.hasOwn(READ, field) ? READ[field] : undefined));
  const some = new Set<keyof Peer>(KEY);
  for (const columns of read) {
    if (columns === undefined) return EVERY;
    for (const column of columns) some.add(column);
  }
  return [...some];
}
