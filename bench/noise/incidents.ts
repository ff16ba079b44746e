import { CALLS, portOf, SHOPS } from './cluster.js';
import { type FlowRecord, named, recordAt, workloadEnd } from './record.js';

/** Something that somebody should hear of, and what a good answer is. */
export type Incident = {
  readonly name: string;
  /** Whose alert it is, as `namespace/name`; or what else it is about: the name of a policy, a set, a source. */
  readonly about: string;
  /** The rule that must tell of it. */
  readonly rule: string;
  /** Rules that tell of it rightly, too. */
  readonly also: readonly string[];
  readonly records: readonly FlowRecord[];
};

export const BAD_ADDRESS = '203.0.113.66';

/** A Sunday. */
export const LAST_DAY = 13;

/** Nothing comes of it: from, until. */
export const SILENT_HOURS = [LAST_DAY * 24 + 17, LAST_DAY * 24 + 21] as const;

/** Of the set that is in force from the second week on. */
export const SET = { name: 'tight', namespace: 'batch' } as const;

/** What somebody forbids when the first week is over. */
export const FORBIDDEN = {
  deployment: `${SHOPS[1]}/email`,
  direction: 'EGRESS',
  peer: `${SHOPS[1]}/postgres`,
  port: 5432,
  protocol: 'TCP',
} as const;

const [EAST, WEST, NORTH] = SHOPS;

/** On the last day, by its hour. */
const at = (hour: number): number => LAST_DAY * 24 + hour;

const scanned = SHOPS.flatMap(shop =>
  [...new Set(CALLS.map(([, to]) => to))].map(to => ({ to: `${shop}/${to}`, port: portOf(to) })),
);

const scan: Incident = {
  name: 'a pod tries ports of all shops within an hour',
  about: `${WEST}/ads`,
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
  about: `${EAST}/cart`,
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
  about: `${NORTH}/email`,
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
  about: `${EAST}/catalog`,
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
  about: `${WEST}/payment`,
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
  about: 'batch/loader',
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
  about: `${NORTH}/shipping`,
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
  about: `${EAST}/email`,
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
  about: `${WEST}/frontend`,
  rule: 'NEW_PORT',
  also: ['OFF_BASELINE'],
  records: [
    recordAt(at(14), {
      source: workloadEnd(`${WEST}/frontend`),
      destination: workloadEnd(`${WEST}/cart`),
      port: 31_337,
    }),
  ],
};

const audited: Incident = {
  name: 'a pod does what a policy in audit mode would deny',
  about: `${EAST}/shipping`,
  rule: 'AUDITED',
  also: ['OFF_BASELINE'],
  records: [
    recordAt(at(16), {
      source: workloadEnd(`${EAST}/shipping`),
      destination: workloadEnd(`${EAST}/catalog`),
      port: 3550,
      verdict: 'AUDIT',
    }),
  ],
};

const forbidden: Incident = {
  name: 'a pod does what somebody forbade',
  about: FORBIDDEN.deployment,
  rule: 'FORBIDDEN',
  also: ['OFF_BASELINE'],
  records: [
    recordAt(at(16), {
      source: workloadEnd(FORBIDDEN.deployment),
      destination: workloadEnd(FORBIDDEN.peer),
      port: FORBIDDEN.port,
    }),
  ],
};

const unlearned: Incident = {
  name: 'a pod reaches a job through a policy that lets everybody in, and no baseline of the two is locked',
  about: 'monitoring/prometheus',
  rule: 'UNLEARNED',
  also: [],
  records: [
    recordAt(at(16), {
      source: workloadEnd('monitoring/prometheus'),
      destination: workloadEnd('batch/loader'),
      port: 8080,
    }),
  ],
};

/** What the snapshot of the last day shows, and what does not come. */
const edited: Incident = {
  name: 'somebody edits a policy of a store by hand',
  about: `NetworkPolicy ${EAST}/redis`,
  rule: 'POLICY_CHANGED',
  also: [],
  records: [],
};

const drifted: Incident = {
  name: 'a policy of a set that was applied lets everybody in',
  about: SET.name,
  rule: 'DRIFT',
  also: [],
  records: [],
};

const silent: Incident = {
  name: 'for four hours nothing comes of the source',
  about: 'neutral',
  rule: 'INGESTION_GAP',
  also: [],
  records: [],
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
  audited,
  forbidden,
  unlearned,
  edited,
  drifted,
  silent,
];
