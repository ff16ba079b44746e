import { canonicalAddress } from '../../netpol/index.js';
import type { DnsAnswer, ObservedPeer } from '../observation.js';
import { SECOND } from '../time.js';

type Answer = { readonly name: string; readonly from: number; until: number };

/** A pod by its name, else an address; what has neither is the same only where all that is said of it is. */
type Client = string | ObservedPeer;

/** Records show more or less of one client, such as its labels: that makes it no other. */
const clientOf = (peer: ObservedPeer): Client =>
  peer.pod === null
    ? (peer.ip ?? peer)
    : `${peer.cluster ?? ''}/${peer.namespace ?? ''}/${peer.pod}`;

/** However it is written. */
const addressOf = (text: string): string => canonicalAddress(text) ?? text;

/**
 * Which names a client was told for an address. Names are per client: the same address may be another
 * name for the next one.
 */
export type DnsAnswers = {
  readonly clients: Map<Client, Map<string, Answer[]>>;
  size: number;
};

export const newDnsAnswers = (): DnsAnswers => ({ clients: new Map(), size: 0 });

/** A connection outlives its name's TTL; Cilium's DNS cache held names for at least an hour by default. */
const LEAST_LIFE = 3600;

/** How long a client may have used an address before the capture shows that it was told of it. */
const BEFORE = 3600;

/** What an answer says of one address, and between which times. */
export const answersOf = (
  client: ObservedPeer,
  time: number,
  { name, ips, ttl }: DnsResponse,
): readonly DnsAnswer[] =>
  ips.map(ip => ({
    client,
    address: ip,
    name,
    from: Math.max(0, time - BEFORE * SECOND),
    until: time + Math.max(ttl, LEAST_LIFE) * SECOND,
  }));

/** Answers are forgotten at this many, so that a stream without end needs bounded memory. */
const MOST = 200_000;

export type DnsResponse = {
  readonly name: string;
  /** In their one spelling. */
  readonly ips: readonly string[];
  /** Seconds. */
  readonly ttl: number;
};

const learnOne = (answers: Answer[], fresh: Answer): boolean => {
  const known = answers.find(({ name }) => name === fresh.name);
  if (known === undefined) return answers.push(fresh) > 0;
  known.until = Math.max(known.until, fresh.until);
  return false;
};

export const learnAnswer = (
  dns: DnsAnswers,
  peer: ObservedPeer,
  time: number,
  { name, ips, ttl }: DnsResponse,
): void => {
  if (dns.size > MOST) {
    dns.clients.clear();
    dns.size = 0;
  }
  const client = clientOf(peer);
  const addresses = dns.clients.get(client) ?? new Map<string, Answer[]>();
  dns.clients.set(client, addresses);
  const until = time + Math.max(ttl, LEAST_LIFE) * SECOND;
  for (const ip of ips) {
    const answers = addresses.get(ip) ?? [];
    addresses.set(ip, answers);
    if (learnOne(answers, { name, from: time, until })) dns.size++;
  }
};

const NONE: readonly string[] = [];

/** Names that the client had been told for the address by then; sorted. */
export const namesFor = (
  dns: DnsAnswers,
  client: ObservedPeer,
  ip: string,
  time: number,
): readonly string[] => {
  const answers = dns.clients.get(clientOf(client))?.get(addressOf(ip));
  if (answers === undefined) return NONE;
  return answers
    .filter(({ from, until }) => from <= time && time < until)
    .map(({ name }) => name)
    .toSorted();
};
