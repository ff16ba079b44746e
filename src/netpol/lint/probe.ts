import type { Point } from '../decide/point.js';
import type { PodFact } from '../facts.js';
import type { Judgement } from '../judge/code.js';
import type { Halves } from '../judge/judge.js';
import type { Protocol } from '../policy.js';
import { type Connection, type Decision, type Endpoint, Verdict } from '../verdict.js';

/** Asks the engine for a verdict; many are asked for, so without reasons. */
export type Probe = (connection: Connection) => Judgement;

/** Asks the engine what each direction says, and both together, where each subject is asked about few peers. */
export type ProbeAlone = (connection: Connection) => Halves & { readonly whole: Point };

/** Asks the engine for a verdict with the reasons of both directions. */
export type Explain = (connection: Connection) => Decision;

export const podEnd = ({ key }: PodFact): Endpoint => ({ kind: 'pod', key });

export const addressEnd = (address: string): Endpoint => ({ kind: 'address', address });

export const INGRESS_CONTROLLER: Endpoint = { kind: 'ingress-controller' };

export type Target = { readonly port: number; readonly protocol: Protocol };

export const connectionOf = (
  source: Endpoint,
  destination: Endpoint,
  { port, protocol }: Target,
): Connection => ({ source, destination, port, protocol });

export const isAllowed = ({ verdict }: { readonly verdict: Verdict }): boolean =>
  verdict === Verdict.ALLOWED;

/** Not only unknown: closed for certain. */
export const isDenied = ({ verdict }: { readonly verdict: Verdict }): boolean =>
  verdict === Verdict.DENIED;

/** `a`, or `a, b and 7 more`. */
export const listed = (names: readonly string[], most = 3): string => {
  const shown = names.slice(0, most).map(name => `\`${name}\``);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
};
