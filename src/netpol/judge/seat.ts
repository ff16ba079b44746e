import type { Address } from '../addresses/address.js';
import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { type End, endOf } from '../decide/end.js';
import type { Party } from '../decide/party.js';
import type { Endpoint } from '../verdict.js';
import { isPlain } from './sides.js';

/** An endpoint resolved once, for many flows. */
export type Seat = {
  readonly endpoint: Endpoint;
  /** The one party that it means; null where there are several, or it is a Service. */
  readonly party: Party | null;
  /** Its place in the facts, or -1. */
  readonly pod: number;
  readonly podClass: PodClass | null;
  /** An address outside the cluster. */
  readonly address: Address | null;
};

const onlyParty = (end: End): Party | null =>
  end.kind === 'parties' && end.parties.length === 1 ? (end.parties[0] ?? null) : null;

export function seatOf(compiled: Compiled, endpoint: Endpoint): Seat {
  const party = onlyParty(endOf(compiled, endpoint));
  return {
    endpoint,
    party,
    pod: party?.kind === 'pod' ? party.pod : -1,
    podClass: party?.kind === 'pod' ? party.podClass : null,
    address: party !== null && isPlain(party) ? party.address : null,
  };
}
