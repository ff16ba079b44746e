import type { DeclaredPort } from './peer.js';

export const Holder = {
  POD: 'POD',
  SERVICE: 'SERVICE',
  NODE: 'NODE',
  /** A node, at an address out of those of pods by which it speaks to pods of other nodes: of a tunnel, of `cilium_host`. */
  TUNNEL: 'TUNNEL',
  /** A node, at another address out of those of pods: of a bridge, a health check. */
  GATEWAY: 'GATEWAY',
} as const;
export type Holder = (typeof Holder)[keyof typeof Holder];

/** Who held an address, within a half-open interval of observation time. */
export type Holding = {
  readonly address: string;
  /** Null for a Service whose pods belong to no deployment, or to several. */
  readonly peerId: string | null;
  readonly holder: Holder;
  /** `namespace/name` of a pod or Service, name of a node. */
  readonly holderName: string;
  readonly validFrom: string;
  readonly validTo: string | null;
};

export type DeclaredServicePort = {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: DeclaredPort['protocol'];
  /** Number, or name on the pod. */
  readonly targetPort: number | string;
  readonly nodePort: number | null;
};

/** The pod's port behind a Service's port; null when the pod declares no port of that name. */
export function podPortOf(
  { targetPort, protocol }: DeclaredServicePort,
  declared: readonly DeclaredPort[],
): number | null {
  if (typeof targetPort === 'number') return targetPort;
  const named = declared.find(port => port.name === targetPort && port.protocol === protocol);
  return named?.port ?? null;
}

/** Addresses at which a Service without a selector answers, each at all of the ports. */
export type Endpoints = {
  readonly addresses: readonly string[];
  readonly ports: readonly DeclaredPort[];
};
