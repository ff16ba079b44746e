import type { ModelPod, Party } from './inventory.js';
import type { ContainerPort, Modes } from './objects.js';
import type { Touch } from './touch.js';

export type Direction = 'ingress' | 'egress';

/**
 * A verdict says UNDECIDABLE where a fact is missing; row 40: the map takes the rule for not matched.
 */
export type Purpose = 'verdict' | 'map';

/** One direction of one connection: whose policies are asked, and about what. */
export type Situation = {
  readonly direction: Direction;
  readonly subject: ModelPod;
  readonly peer: Party;
  readonly port: number | null;
  readonly protocol: string;
  readonly modes: Modes;
  readonly purpose: Purpose;
  /** A Service led the pod back to itself. */
  readonly loop: boolean;

  readonly touch: Touch;
};

export const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** The end that listens: policies' ports are always its ports. */
export const listener = ({ direction, subject, peer }: Situation): ModelPod | null =>
  direction === 'ingress' ? subject : peer.pod;

export const portNumber = ({ port }: Situation): number => {
  if (port === null) throw new Error('the model wants a port for TCP, UDP and SCTP');
  return port;
};

export const protocolOf = (port: ContainerPort): string => port.protocol || 'TCP';
