import type { ObservedPolicy, ObservedVerdict } from './flow.js';

/** What the source says a peer is; attribution decides with the inventory. */
export const PeerHint = {
  POD: 'pod',
  WORKLOAD: 'workload',
  NODE: 'node',
  HOST: 'host',
  SERVICE: 'service',
  EXTERNAL: 'external',
  WORLD: 'world',
  APISERVER: 'apiserver',
  HEALTH: 'health',
  INGRESS: 'ingress',
  UNMANAGED: 'unmanaged',
  UNKNOWN: 'unknown',
} as const;
export type PeerHint = (typeof PeerHint)[keyof typeof PeerHint];

export type WorkloadName = { readonly kind: string; readonly name: string };
export type ServiceName = { readonly namespace: string; readonly name: string };

/**
 * One end of an observation as its source described it. Within one reader the same peer is the same
 * object, so it can be a `Map` key. A reader may still fill `labels`, `namespaceLabels` and `workload`
 * of a pod when a later record of the stream tells them.
 *
 * - `pod`: `namespace` and `pod`; the name beats every address and label (it may be a replaced pod).
 * - `workload`: `workload`, or `labels` alone. Its address is never kept: behind an L7 proxy it is the node's.
 * - `service`: `service`; the address is the Service's, before translation.
 * - `host`: the node that reported, by `node`; `node`: another node, by `ip`.
 * - `external`: `cidr`, `ip` or `dnsNames`; `world`: outside by identity, whatever its `ip` looks like.
 * - `unknown`: `ip` only.
 */
export type ObservedPeer = {
  readonly kind: PeerHint;
  readonly namespace: string | null;
  readonly pod: string | null;
  readonly workload: WorkloadName | null;
  /** The pod's labels without those that Cilium and controllers add; null: not told. */
  readonly labels: Readonly<Record<string, string>> | null;
  /** Labels of the namespace; null: not told. */
  readonly namespaceLabels: Readonly<Record<string, string>> | null;
  readonly ip: string | null;
  readonly cidr: string | null;
  /** Lower case, without the final dot; names that this client looked up. */
  readonly dnsNames: readonly string[];
  readonly node: string | null;
  readonly service: ServiceName | null;
  /** Another cluster of a mesh; null: the cluster that reports. */
  readonly cluster: string | null;
  /** The deciding `reserved:` label of Cilium, without the prefix. */
  readonly reserved: string | null;
};

export const FlowProtocol = {
  TCP: 'TCP',
  UDP: 'UDP',
  SCTP: 'SCTP',
  ICMP: 'ICMP',
  ICMPV6: 'ICMPV6',
  OTHER: 'OTHER',
} as const;
export type FlowProtocol = (typeof FlowProtocol)[keyof typeof FlowProtocol];

/** Point of view of the end that reported. */
export const FlowDirection = {
  INGRESS: 'INGRESS',
  EGRESS: 'EGRESS',
  UNKNOWN: 'UNKNOWN',
} as const;
export type FlowDirection = (typeof FlowDirection)[keyof typeof FlowDirection];

export const Reporter = {
  SOURCE: 'SOURCE',
  DESTINATION: 'DESTINATION',
  BOTH: 'BOTH',
  NODE: 'NODE',
  UNKNOWN: 'UNKNOWN',
} as const;
export type Reporter = (typeof Reporter)[keyof typeof Reporter];

/** An end that counts its own traffic. */
export type CountingEnd = typeof Reporter.SOURCE | typeof Reporter.DESTINATION;

/** How `isReply` was decided, from sure to unsure. */
export const ReplyBasis = {
  REPORTED: 'reported',
  CONNTRACK: 'conntrack',
  TCP_FLAGS: 'tcp_flags',
  ICMP_TYPE: 'icmp_type',
  OBSERVATION_POINT: 'observation_point',
  /** A Service's address is asked, and never asks. */
  SERVICE: 'service',
  /** One end declares its port, by its containers or a Service, and the other does not. */
  DECLARED: 'declared',
  /** Other records show that one end listens at its port. */
  LISTENING: 'listening',
  /** An end that several ends talk to is the server. */
  PAIRING: 'pairing',
  PORT_HEURISTIC: 'port_heuristic',
  ASSUMED: 'assumed',
} as const;
export type ReplyBasis = (typeof ReplyBasis)[keyof typeof ReplyBasis];

const BASES: readonly string[] = Object.values(ReplyBasis);

/** The one that is surer. */
export const surerOf = (one: ReplyBasis, other: ReplyBasis): ReplyBasis =>
  BASES.indexOf(one) <= BASES.indexOf(other) ? one : other;

/** What a flow is for. `HARNESS` is set by people only. */
export const TrafficClass = {
  APP: 'app',
  DNS: 'dns',
  HEALTH_PROBE: 'health-probe',
  NODE_AGENT: 'node-agent',
  SCRAPE: 'scrape',
  CONTROL_PLANE: 'control-plane',
  EXTERNAL: 'external',
  PLATFORM: 'platform',
  /** A cloud's metadata service, which hands out credentials: anomalous by default. */
  METADATA: 'metadata',
  HARNESS: 'harness',
} as const;
export type TrafficClass = (typeof TrafficClass)[keyof typeof TrafficClass];

/**
 * Of the classes that the records of one flow have, the last in this order is the flow's, whichever record comes
 * first. A probe is one only while all of its records are; a call of the metadata service stays one.
 */
export const CLASSES_BY_RANK: readonly TrafficClass[] = [
  TrafficClass.HEALTH_PROBE,
  TrafficClass.EXTERNAL,
  TrafficClass.APP,
  TrafficClass.SCRAPE,
  TrafficClass.NODE_AGENT,
  TrafficClass.PLATFORM,
  TrafficClass.DNS,
  TrafficClass.CONTROL_PLANE,
  TrafficClass.HARNESS,
  TrafficClass.METADATA,
];

const RANKS: ReadonlyMap<string, number> = new Map(
  CLASSES_BY_RANK.map((name, rank) => [name, rank]),
);

const rankOf = (name: string): number => RANKS.get(name) ?? -1;

/** The class of a flow that has records of both. */
export const classOfBoth = (one: string, other: string): string =>
  rankOf(one) >= rankOf(other) ? one : other;

/** Who the record alone makes believe asked whom, where it does not prove it. Bits of a set. */
export const DirectionHint = {
  /** The source's word, as far as it goes. */
  TOLD_FORWARD: 1,
  TOLD_REPLY: 2,
  /** What systems use port numbers for. */
  PORTS_FORWARD: 4,
  PORTS_REPLY: 8,
} as const;

/** A record that does not prove who asked whom: the inventory and other records may tell. */
export type Doubt = {
  /** A set of `DirectionHint`. */
  readonly hints: number;
  /** Of the end that is the source as the record shows it; null: not told. */
  readonly sourcePort: number | null;
};

/** One record of a source, client to server; what is plainly a reply is skipped by the readers. */
export type Observation = {
  /** Microseconds since 1970 as a safe integer (until 2255); `timeText` writes it for SQL. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly source: ObservedPeer;
  readonly destination: ObservedPeer;
  /** The pod's port after DNAT. Null: no such thing, or dropped by the source, or only `servicePort` is known. */
  readonly port: number | null;
  /** The Service's port before DNAT. */
  readonly servicePort: number | null;
  readonly protocol: FlowProtocol;
  readonly verdict: ObservedVerdict;
  /** Connections that began; null where the source does not tell. Never the number of records. */
  readonly connections: number | null;
  /** 0: the record shows a packet again that another record has counted. */
  readonly events: number;
  readonly bytes: number | null;
  readonly direction: FlowDirection;
  readonly reporter: Reporter;
  /** The end whose own count this is, so that the other may count the same; null: whatever it counts is counted here alone. */
  readonly countedBy: CountingEnd | null;
  /** Null: unknown, which is not false; to be shown, but no evidence for a policy. */
  readonly isReply: boolean | null;
  readonly replyBasis: ReplyBasis;
  /** Left out or null: `isReply` stands as it is. */
  readonly doubt?: Doubt | null;
  readonly trafficClass: TrafficClass;
  /** The client's port; null where the source dropped it. */
  readonly sourcePort: number | null;
  /** What the source names as having decided; left out: it names nothing. */
  readonly policies?: readonly ObservedPolicy[] | null;
  /** The source's own id of the record. */
  readonly recordId: string | null;
  /** Line in the input, or place in the list, from 1. */
  readonly line: number;
};

/** Why a record that is sound is no observation. */
export const SkipReason = {
  REPLY: 'reply',
  REPLY_UNKNOWN_OVERLAY: 'reply-unknown-overlay',
  NODE_DNS_PROXY: 'node-dns-proxy',
  NOT_A_FLOW: 'not-a-flow',
  NODE_STATUS: 'node-status',
  AGENT_EVENT: 'agent-event',
  DEBUG_EVENT: 'debug-event',
  LOST_EVENTS: 'lost-events',
  DISCARD_PORT: 'udp-discard-port',
  /** 127.0.0.0/8 and ::1: a pod that talks to itself, 127.0.0.6 of Istio among them. */
  LOOPBACK: 'loopback',
  /** 0.0.0.0/8 and `::`. */
  UNSPECIFIED_ADDRESS: 'unspecified-address',
  MULTICAST: 'multicast',
  LINK_LOCAL: 'link-local',
  /** The source marks it as reported twice, or another record of the stream tells the same connection better. */
  REPORTED_TWICE: 'reported-twice',
  /** The end of a connection, or news of a running one. */
  NOT_A_START: 'not-a-start',
  NO_DATA: 'no-data',
} as const;
export type SkipReason = (typeof SkipReason)[keyof typeof SkipReason];

/** A record that could not be used: `message` and `hint` in the form of a `Problem`. */
export type Rejected = {
  readonly line: number;
  readonly code: string;
  readonly message: string;
  /** Inside the record, such as `source.workload.name`; null: the record as a whole. */
  readonly path: string | null;
  readonly hint: string | null;
};

/** Codes of notices. */
export const NoticeCode = {
  DROP_UNEXPLAINED: 'DROP_UNEXPLAINED',
  PROTOCOL_UNTOLD: 'PROTOCOL_UNTOLD',
} as const;
export type NoticeCode = (typeof NoticeCode)[keyof typeof NoticeCode];

/** What is to be known of accepted records: said once for a stream, of the first of them. */
export type Notice = {
  readonly line: number;
  readonly code: NoticeCode;
  readonly message: string;
  readonly hint: string;
};

/** An end that was seen to listen by a record that is no observation: it answered. */
export type Listener = {
  readonly peer: ObservedPeer;
  readonly port: number;
  readonly protocol: FlowProtocol;
  readonly at: number;
};

/** What a client was told by DNS: a name for an address, and between which times it holds. */
export type DnsAnswer = {
  readonly client: ObservedPeer;
  readonly address: string;
  readonly name: string;
  readonly from: number;
  readonly until: number;
};

/** Names of clusters that do not agree, each list sorted. */
export type ClusterNames = {
  /** Of the cluster that reports: it goes by all of them. */
  readonly own: readonly string[];
  /** Nothing tells which of them is the one that reports: all are taken for it. */
  readonly undecided: readonly string[];
};

type Skips = Readonly<Partial<Record<SkipReason, number>>>;

/** What a run of records gave: each record is in exactly one of the three. */
export type Reading = {
  readonly observations: readonly Observation[];
  readonly rejected: readonly Rejected[];
  readonly skipped: Skips;
  /** Of those, the ones with a time, by hour (microseconds). Left out: none has one. */
  readonly skippedHours?: ReadonlyMap<number, Skips>;
  /** Events that the source says it lost. */
  readonly lost: number;
  /** The greatest factor that the source told: one of so many was recorded. Null: it told none. */
  readonly sampling: number | null;
  /** Each once. */
  readonly listeners: readonly Listener[];
  /** Each client, address and name once. Left out: none. */
  readonly answers?: readonly DnsAnswer[];
  /** Each code once. Left out: none. */
  readonly notices?: readonly Notice[];
  /** Left out or null: they agree, or the source names none. */
  readonly clusterNames?: ClusterNames | null;
};
