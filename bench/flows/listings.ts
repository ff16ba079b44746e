import type { FlowOrder } from '../../src/flows/flow-order.js';
import { FlowOrderField } from '../../src/flows/flow-order.js';
import type { FlowFilter } from '../../src/flows/flow-view.js';

/** The moment of the data of `seedEdges`. */
export const NOW = new Date('2026-03-01T00:00:00Z');

/** Every documented filter, with values that many rows have and with values that few or none have. */
export const FILTERS: Readonly<Record<string, FlowFilter | null>> = {
  none: null,
  cluster: { cluster: { eq: 'prod' } },
  namespace: { namespace: { eq: 'ns-3' } },
  'namespace, unknown': { namespace: { eq: 'nowhere' } },
  'deployment, a hub': { deployment: { eq: 'app-0' } },
  deployment: { deployment: { eq: 'app-99' } },
  'deployment, part of a name': { deployment: { contains: '9' } },
  source: { source: { eq: 'ns-3/app-66' } },
  'source, prefix': { source: { startsWith: 'ns-3/' } },
  destination: { destination: { eq: 'EXTERNAL:34.0.0.200' } },
  'destination, prefix': { destination: { startsWith: 'EXTERNAL:' } },
  'sourceAddress, none': { sourceAddress: { within: '34.0.0.0/16' } },
  'destinationAddress, within': { destinationAddress: { within: '34.0.0.0/24' } },
  'destinationAddress, overlaps': { destinationAddress: { overlaps: '34.0.0.8/30' } },
  'port 443': { port: 443 },
  'port, rare': { port: 20_123 },
  'protocol TCP': { protocol: 'TCP' },
  'protocol UDP': { protocol: 'UDP' },
  'protocol, none': { protocol: 'SCTP' },
  firstSeenAt: { firstSeenAt: { gte: '2026-02-27T00:00:00Z' } },
  lastSeenAt: { lastSeenAt: { lt: '2026-02-10T00:00:00Z' } },
  'observedVerdict DENIED': { observedVerdict: 'DENIED' },
  'observedVerdict ERROR': { observedVerdict: 'ERROR' },
  'policyVerdict ALLOWED': { policyVerdict: 'ALLOWED' },
  'policyVerdict UNDECIDABLE': { policyVerdict: 'UNDECIDABLE' },
  'tag ACTIVE': { tags: ['ACTIVE'] },
  'tag ALLOWED': { tags: ['ALLOWED'] },
  'tag BASELINE': { tags: ['BASELINE'] },
  'tag ANOMALOUS': { tags: ['ANOMALOUS'] },
  'tags ACTIVE or ANOMALOUS': { tags: ['ACTIVE', 'ANOMALOUS'] },
  or: { or: [{ port: 20_123 }, { namespace: { eq: 'ns-3' } }] },
  not: { not: { protocol: 'TCP' } },
  'not, of tags': { not: { tags: ['ANOMALOUS', 'BASELINE'] } },
  'or, of marks': {
    or: [
      { protocol: 'UDP', policyVerdict: 'DENIED' },
      { not: { tags: ['ALLOWED'] }, port: 443 },
    ],
  },
};

/** Windows change what the orders by counts mean. */
export const WINDOWS: Readonly<Record<string, FlowFilter>> = {
  since: { since: '2026-02-28T00:00:00Z' },
  'since and until': { since: '2026-02-20T00:00:00Z', until: '2026-02-20T06:00:00Z' },
  'DENIED since': { since: '2026-02-28T00:00:00Z', observedVerdict: 'DENIED' },
  'DENIED since and until': {
    since: '2026-02-20T00:00:00Z',
    until: '2026-02-20T06:00:00Z',
    observedVerdict: 'DENIED',
  },
  'tag ANOMALOUS since': { since: '2026-02-28T00:00:00Z', tags: ['ANOMALOUS'] },
};

export const ORDERS: readonly FlowOrder[] = Object.values(FlowOrderField).flatMap(field =>
  (['DESC', 'ASC'] as const).map(direction => ({ field, direction })),
);
