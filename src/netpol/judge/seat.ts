import type { Address } from '../addresses/address.js';
import { type Compiled, ofState } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { type End, endOf } from '../decide/end.js';
import type { Party } from '../decide/party.js';
import type { Endpoint } from '../verdict.js';
import { isPlain } from './sides.js';

/** An endpoint resolved once, for many flows. */
export type Seat = {
  /** Seats of one set are numbered from 0; endpoints that no verdict tells apart have one seat. */
  readonly number: number;
  readonly endpoint: Endpoint;
  readonly end: End;
  /** The one party that it means; null where there are several, or it is a Service. */
  readonly party: Party | null;
  /** Its place in the facts, or -1. */
  readonly pod: number;
  readonly podClass: PodClass | null;
  /** An address outside the cluster. */
  readonly address: Address | null;
};

/** What tells an endpoint from others of its kind. */
function nameOf(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'pod':
      return endpoint.key;
    case 'address':
      return endpoint.address;
    case 'block':
      return endpoint.cidr;
    case 'node':
    case 'domain':
      return endpoint.name;
    case 'service':
      return `${endpoint.namespace}/${endpoint.name}`;
    case 'ingress-controller':
    case 'api-server':
      return '';
    case 'unresolved':
      // The reason is told with a decision; no verdict depends on it.
      return '';
  }
}

const onlyParty = (end: End): Party | null =>
  end.kind === 'parties' && end.parties.length === 1 ? (end.parties[0] ?? null) : null;

function resolved(compiled: Compiled, endpoint: Endpoint, number: number): Seat {
  const end = endOf(compiled, endpoint);
  const party = onlyParty(end);
  return {
    number,
    endpoint,
    end,
    party,
    pod: party?.kind === 'pod' ? party.pod : -1,
    podClass: party?.kind === 'pod' ? party.podClass : null,
    address: party !== null && isPlain(party) ? party.address : null,
  };
}

type Seats = { readonly byKind: Map<Endpoint['kind'], Map<string, Seat>>; count: number };

const seatsOf = ofState((): Seats => ({ byKind: new Map(), count: 0 }));

/** Each endpoint is resolved once a set. */
export function seatOf(compiled: Compiled, endpoint: Endpoint): Seat {
  const seats = seatsOf(compiled);
  let ofKind = seats.byKind.get(endpoint.kind);
  if (ofKind === undefined) {
    ofKind = new Map();
    seats.byKind.set(endpoint.kind, ofKind);
  }
  const name = nameOf(endpoint);
  const known = ofKind.get(name);
  if (known !== undefined) return known;
  const seat = resolved(compiled, endpoint, seats.count++);
  ofKind.set(name, seat);
  return seat;
}
