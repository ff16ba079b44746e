import { CALLS, portOf, SHOPS } from './cluster.js';
import { type FlowRecord, named, recordAt, workloadEnd } from './week.js';

/** Something that somebody should hear of, and what a good answer is. */
export type Incident = {
  readonly name: string;
  /** Whose alert it is, as `namespace/name`. */
  readonly deployment: string;
  /** The rule that must tell of it. */
  readonly rule: string;
  /** Rules that tell of it rightly, too. */
  readonly also: readonly string[];
  readonly records: readonly FlowRecord[];
};

export const BAD_ADDRESS = '203.0.113.66';

const [EAST, WEST, NORTH] = SHOPS;

/** On day 6, by the hour of the day. */
const at = (hour: number): number => 6 * 24 + hour;

const scanned = SHOPS.flatMap(shop =>
  [...new Set(CALLS.map(([, to]) => to))].map(to => ({ to: `${shop}/${to}`, port: portOf(to) })),
);

const scan: Incident = {
  name: 'a pod tries ports of all shops within an hour',
  deployment: `${WEST}/ads`,
  rule: 'LATERAL_SCAN',
  also: ['OFF_BASELINE', 'DENIED'],
  records: scanned.map(({ to, port }, place) =>
    recordAt(
      at(2),
      {
        source: workloadEnd(`${WEST}/ads`),
        destination: workloadEnd(to),
        port,
        verdict: place % 3 === 0 ? 'DENIED' : 'ALLOWED',
      },
      place % 60,
    ),
  ),
};

const metadata: Incident = {
  name: 'a pod asks the cloud for credentials',
  deployment: `${EAST}/cart`,
  rule: 'METADATA',
  also: ['OFF_BASELINE'],
  records: [at(4), at(5)].map(hour =>
    recordAt(hour, {
      source: workloadEnd(`${EAST}/cart`),
      destination: { ip: '169.254.169.254' },
      port: 80,
      events: 6,
    }),
  ),
};

const knownBad: Incident = {
  name: 'a pod calls an address that is known to be bad',
  deployment: `${NORTH}/email`,
  rule: 'KNOWN_BAD',
  also: ['OFF_BASELINE', 'NEW_EXTERNAL'],
  records: [at(6), at(7), at(8)].map(hour =>
    recordAt(hour, {
      source: workloadEnd(`${NORTH}/email`),
      destination: { ip: BAD_ADDRESS },
      port: 443,
    }),
  ),
};

const exfiltration: Incident = {
  name: 'a pod sends much to a name that nobody called before',
  deployment: `${EAST}/catalog`,
  rule: 'EXFILTRATION',
  also: ['OFF_BASELINE', 'NEW_EXTERNAL'],
  records: [at(9), at(10)].map(hour =>
    recordAt(hour, {
      source: workloadEnd(`${EAST}/catalog`),
      destination: named('198.18.7.7', 'drop.files.example'),
      port: 443,
      events: 200,
      bytes: 9e9,
    }),
  ),
};

const unusual: Incident = {
  name: 'a pod sends much to a name that it calls every hour',
  deployment: `${WEST}/payment`,
  rule: 'EXFILTRATION',
  also: [],
  records: [1, 2, 3, 4].map(place =>
    recordAt(
      at(15),
      {
        source: workloadEnd(`${WEST}/payment`),
        destination: named(`198.51.100.${place}`, 'api.payments.example'),
        port: 443,
        events: 100,
        bytes: 6e8,
      },
      place,
    ),
  ),
};

const unlocked: Incident = {
  name: 'a job calls a new address; its baseline is not locked',
  deployment: 'batch/loader',
  rule: 'NEW_EXTERNAL',
  also: [],
  records: [
    recordAt(at(11), {
      source: workloadEnd('batch/loader'),
      destination: { ip: '198.18.9.9' },
      port: 8443,
    }),
  ],
};

const sideways: Incident = {
  name: 'a pod of one shop asks the database of another',
  deployment: `${NORTH}/shipping`,
  rule: 'OFF_BASELINE',
  also: [],
  records: [
    recordAt(at(12), {
      source: workloadEnd(`${NORTH}/shipping`),
      destination: workloadEnd(`${EAST}/postgres`),
      port: 5432,
      events: 3,
    }),
  ],
};

const denied: Incident = {
  name: 'a pod is denied by the policy of a store',
  deployment: `${EAST}/email`,
  rule: 'DENIED',
  also: ['OFF_BASELINE'],
  records: [
    recordAt(at(13), {
      source: workloadEnd(`${EAST}/email`),
      destination: workloadEnd(`${EAST}/redis`),
      port: 6379,
      verdict: 'DENIED',
      events: 9,
    }),
  ],
};

const opened: Incident = {
  name: 'a deployment is called on a port that it never served',
  deployment: `${WEST}/frontend`,
  rule: 'OFF_BASELINE',
  also: ['NEW_PORT'],
  records: [
    recordAt(at(14), {
      source: workloadEnd(`${WEST}/frontend`),
      destination: workloadEnd(`${WEST}/cart`),
      port: 31_337,
    }),
  ],
};

export const INCIDENTS: readonly Incident[] = [
  scan,
  metadata,
  knownBad,
  exfiltration,
  unusual,
  unlocked,
  sideways,
  denied,
  opened,
];
