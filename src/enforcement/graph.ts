import type { Peer } from '../inventory/peer.js';

export const EdgeState = {
  /** Gray: no policy governs any of its ports. */
  NO_POLICY: 'NO_POLICY',
  /** Green: governed and permitted. */
  ALLOWED: 'ALLOWED',
  /** Red: some port is anomalous. */
  ANOMALOUS: 'ANOMALOUS',
} as const;
export type EdgeState = (typeof EdgeState)[keyof typeof EdgeState];

/** One port of an edge: a flow. */
export type GraphPort = {
  readonly flowId: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly events: string;
  readonly lastSeenAt: string;
  readonly governed: boolean;
  readonly anomalous: boolean;
  readonly inBaseline: boolean;
};

/** All flows from one peer to another. */
export type GraphEdge = {
  readonly sourceId: string;
  readonly destinationId: string;
  readonly ports: readonly GraphPort[];
  /** Of an edge that stands for more flows than `ports` shows. */
  readonly whole?: { readonly flowCount: number; readonly state: EdgeState };
};

export type Graph = {
  readonly nodes: readonly Peer[];
  readonly edges: readonly GraphEdge[];
  /** Edges that were found, and are more than the graph shows; without those that were not counted. */
  readonly omittedEdges: number;
  /** Where more edges were found than were looked at: how many these are. The others were not counted. */
  readonly lookedAt: number | null;
};

/** ANOMALOUS if any of its ports is, else NO_POLICY, else ALLOWED (docs/identity-and-time.md, States of an edge). */
export function stateOf(ports: readonly Pick<GraphPort, 'governed' | 'anomalous'>[]): EdgeState {
  if (ports.some(({ anomalous }) => anomalous)) return EdgeState.ANOMALOUS;
  return ports.some(({ governed }) => governed) ? EdgeState.ALLOWED : EdgeState.NO_POLICY;
}
