/**
 * Hubble's `flow.Flow` as protojson writes it with the names of the proto. Every field may be absent:
 * zero values are left out, exporters mask fields, and Retina fills only some.
 */
export type HubbleFlow = {
  readonly time?: unknown;
  readonly uuid?: unknown;
  readonly verdict?: unknown;
  readonly drop_reason?: unknown;
  readonly drop_reason_desc?: unknown;
  readonly IP?: HubbleIp | null;
  readonly l4?: HubbleL4 | null;
  readonly source?: HubbleEndpoint | null;
  readonly destination?: HubbleEndpoint | null;
  readonly Type?: unknown;
  readonly node_name?: unknown;
  readonly source_names?: unknown;
  readonly destination_names?: unknown;
  readonly source_service?: unknown;
  readonly destination_service?: unknown;
  readonly l7?: HubbleL7 | null;
  readonly reply?: unknown;
  readonly is_reply?: unknown;
  readonly event_type?: { readonly type?: unknown } | null;
  readonly traffic_direction?: unknown;
  readonly trace_observation_point?: unknown;
  readonly trace_reason?: unknown;
  readonly extensions?: unknown;
  readonly aggregate?: unknown;
  readonly egress_allowed_by?: unknown;
  readonly ingress_allowed_by?: unknown;
  readonly egress_denied_by?: unknown;
  readonly ingress_denied_by?: unknown;
};

type HubbleIp = { readonly source?: unknown; readonly destination?: unknown };

export type HubblePorts = {
  readonly source_port?: unknown;
  readonly destination_port?: unknown;
  readonly flags?: { readonly SYN?: unknown; readonly ACK?: unknown } | null;
};

export type HubbleIcmp = { readonly type?: unknown };

export type HubbleL4 = {
  readonly TCP?: HubblePorts | null;
  readonly UDP?: HubblePorts | null;
  readonly SCTP?: HubblePorts | null;
  readonly ICMPv4?: HubbleIcmp | null;
  readonly ICMPv6?: HubbleIcmp | null;
};

type HubbleL7 = {
  readonly type?: unknown;
  readonly dns?: {
    readonly query?: unknown;
    readonly ips?: unknown;
    readonly ttl?: unknown;
  } | null;
};

export type HubbleEndpoint = {
  readonly ID?: unknown;
  readonly identity?: unknown;
  readonly cluster_name?: unknown;
  readonly namespace?: unknown;
  readonly labels?: unknown;
  readonly pod_name?: unknown;
  readonly workloads?: unknown;
};

/** `MessageTypeDrop`, `MessageTypePolicyVerdict` and `MessageTypeAccessLog` of Cilium's monitor. */
export const EventType = { DROP: 1, POLICY_VERDICT: 5 } as const;

/** Numbers of `flow.TraceObservationPoint`. */
export const TRACE_POINTS: Readonly<Record<number, string>> = {
  1: 'TO_PROXY',
  2: 'TO_HOST',
  3: 'TO_STACK',
  4: 'TO_OVERLAY',
  5: 'FROM_ENDPOINT',
  6: 'FROM_PROXY',
  7: 'FROM_HOST',
  8: 'FROM_STACK',
  9: 'FROM_OVERLAY',
  10: 'FROM_NETWORK',
  11: 'TO_NETWORK',
  12: 'FROM_CRYPTO',
  13: 'TO_CRYPTO',
  101: 'TO_ENDPOINT',
};

export const TRAFFIC_DIRECTIONS: Readonly<Record<number, string>> = { 1: 'INGRESS', 2: 'EGRESS' };
export const FLOW_TYPES: Readonly<Record<number, string>> = { 1: 'L3_L4', 2: 'L7', 3: 'SOCK' };
export const L7_TYPES: Readonly<Record<number, string>> = {
  1: 'REQUEST',
  2: 'RESPONSE',
  3: 'SAMPLE',
};
export const TRACE_REASONS: Readonly<Record<number, string>> = {
  1: 'NEW',
  2: 'ESTABLISHED',
  3: 'REPLY',
  4: 'RELATED',
};
