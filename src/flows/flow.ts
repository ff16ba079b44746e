export const ObservedVerdict = {
  ALLOWED: 'ALLOWED',
  DENIED: 'DENIED',
  AUDIT: 'AUDIT',
  ERROR: 'ERROR',
  UNKNOWN: 'UNKNOWN',
} as const;
/** What the dataplane said. */
export type ObservedVerdict = (typeof ObservedVerdict)[keyof typeof ObservedVerdict];

/** A directed edge, stored once: a row of `flow`. Times are ISO text in UTC with microseconds. */
export type Flow = {
  readonly clusterId: number;
  /** First 128 bits of SHA-256 over (source, destination, port, protocol). */
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  /** The pod's port after DNAT; null where the protocol has none or the source dropped it. */
  readonly port: number | null;
  readonly protocol: string;
  readonly servicePort: number | null;
  readonly trafficClass: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** The latest. */
  readonly observedVerdict: ObservedVerdict;
  readonly events: string;
  readonly connections: string | null;
  readonly bytes: string | null;
};
