import { type Condition, condition, joined, sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { RECENT } from './flow-condition.js';
import type { FlowView } from './flow-view.js';

export type FlowColumn = keyof FlowView;

/** Columns of the table `flow` by what they are called outside of it. */
const NAMES: Readonly<Record<Exclude<FlowColumn, 'active'>, string>> = {
  clusterId: 'cluster_id',
  id: 'id',
  sourceId: 'source_id',
  destinationId: 'destination_id',
  port: 'port',
  protocol: 'protocol',
  servicePort: 'service_port',
  trafficClass: 'traffic_class',
  firstSeenAt: 'first_seen_at',
  lastSeenAt: 'last_seen_at',
  observedVerdict: 'observed_verdict',
  outcomes: 'outcomes',
  directionKnown: 'direction_known',
  directionBasis: 'direction_basis',
  observedPolicies: 'observed_policies',
  events: 'events',
  connections: 'connections',
  bytes: 'bytes',
  policyVerdict: 'policy_verdict',
  governed: 'governed',
  policyBasis: 'basis',
  inBaseline: 'in_baseline',
  offLocked: 'off_locked',
};

/** The same of `f`: what all rows on the way to a page have. */
export const FLOW_ROW = Object.values(NAMES)
  .map(name => `f.${name}`)
  .join(', ');

export const EVERY_FLOW_COLUMN: readonly FlowColumn[] = [
  ...(Object.keys(NAMES) as Exclude<FlowColumn, 'active'>[]),
  'active',
];

function columnOf(column: FlowColumn): Condition {
  if (column === 'active') return RECENT;
  const name = NAMES[column];
  if (column === 'firstSeenAt' || column === 'lastSeenAt')
    return condition(dateTimeText(`f.${name}`));
  return condition(`f.${name}`);
}

/** A select list over `f`; with `active`, its cluster `c`. No window changes what a flow shows. */
export const flowColumns = (columns: readonly FlowColumn[]): Condition =>
  joined(
    columns.map(column => sql`${columnOf(column)} as "${column}"`),
    ', ',
  );

/** What a field of the type `Flow` reads of a row beside its cluster, where it is not a column of its name. */
const READ: Readonly<Record<string, readonly FlowColumn[]>> = {
  __typename: [],
  cluster: [],
  source: ['sourceId'],
  destination: ['destinationId'],
  alerts: ['id'],
  explanation: ['id'],
  counts: ['id'],
  history: ['id'],
  active: ['id', 'active', 'firstSeenAt', 'lastSeenAt'],
  tags: [
    'id',
    'active',
    'firstSeenAt',
    'lastSeenAt',
    'inBaseline',
    'governed',
    'policyVerdict',
    'outcomes',
    'offLocked',
    'trafficClass',
  ],
};

const isColumn = (field: string): field is keyof typeof NAMES => Object.hasOwn(NAMES, field);

/** What to read of flows that are asked for these fields: everything, where one of them is not known here. */
export function flowColumnsFor(fields: ReadonlySet<string>): readonly FlowColumn[] {
  const some = new Set<FlowColumn>(['clusterId']);
  for (const field of fields) {
    const own = isColumn(field) ? [field] : null;
    const read = Object.hasOwn(READ, field) ? READ[field] : own;
    if (!read) return EVERY_FLOW_COLUMN;
    for (const column of read) some.add(column);
  }
  return [...some];
}
