import type { ObservedVerdict } from '../flow.js';
import type { FlowDirection, ObservedPeer } from '../observation.js';
import { type TimeParser, timeParser } from '../time.js';
import { textOf } from './coerce.js';
import { type DnsAnswers, newDnsAnswers } from './dns-answers.js';
import { newTally, type ReaderOptions, type Tally } from './format.js';
import { type Book, newBook } from './hubble-book.js';
import type { HubbleFlow } from './hubble-flow.js';
import { newRefused, type Refused } from './refused-packet.js';
import type { PacketShape, ReplyDecision } from './reply.js';
import { newSamePacket, type SamePacket } from './same-packet.js';

/** The node that reported; its cluster is in the name where that is not `default`. */
export type ReportingNode = { readonly name: string | null; readonly book: Book };

/** A flow whose ends are known and whose direction is not decided yet. */
export type Draft = {
  readonly flow: HubbleFlow;
  readonly line: number;
  readonly time: number;
  readonly verdict: ObservedVerdict;
  readonly shape: PacketShape;
  readonly source: ObservedPeer;
  readonly destination: ObservedPeer;
  readonly point: string;
  readonly direction: FlowDirection;
};

/** A record that waits for its chunk's end. */
export type Held = { readonly draft: Draft; readonly told: ReplyDecision | null };

/**
 * Whether the stream's records carry `is_reply`. Very old Hubble has only `reply`, left out when false.
 * What is found holds for the whole stream; `is_reply` beats `reply`, whenever it shows up.
 */
export const ReplyStyle = { UNKNOWN: 'unknown', OLD: 'old', THREE_VALUED: 'three-valued' } as const;
export type ReplyStyle = (typeof ReplyStyle)[keyof typeof ReplyStyle];

/** What the records of one stream have told so far. */
export type Stream = {
  /** One a reporting cluster; a relay of a mesh merges several. */
  readonly books: Map<string, Book>;
  readonly nodes: Map<unknown, ReportingNode>;
  readonly dns: DnsAnswers;
  readonly packets: SamePacket;
  readonly refused: Refused;
  /** Texts that are IP addresses, and their shortest form. */
  readonly addresses: Map<unknown, string>;
  readonly parseTime: TimeParser;
  readonly receivedAt: number;
  style: ReplyStyle;
  /** Records of this chunk whose direction the rest of it may tell, with what they say themselves. */
  held: Held[];
  tally: Tally;
};

export const newStream = ({ receivedAt }: ReaderOptions): Stream => ({
  books: new Map(),
  nodes: new Map(),
  dns: newDnsAnswers(),
  packets: newSamePacket(),
  refused: newRefused(),
  addresses: new Map(),
  parseTime: timeParser(),
  receivedAt,
  style: ReplyStyle.UNKNOWN,
  held: [],
  tally: newTally(),
});

const bookOf = (stream: Stream, cluster: string | null): Book => {
  const known = stream.books.get(cluster ?? '');
  if (known !== undefined) return known;
  const book = newBook(cluster);
  stream.books.set(cluster ?? '', book);
  return book;
};

/** The reporting node of a record: `cluster/node`, or `node` alone. */
export const nodeOf = (stream: Stream, { node_name }: HubbleFlow): ReportingNode => {
  const known = stream.nodes.get(node_name);
  if (known !== undefined) return known;
  const text = textOf(node_name);
  const slash = text?.indexOf('/') ?? -1;
  const node: ReportingNode = {
    name: text?.slice(slash + 1) ?? null,
    book: bookOf(stream, slash > 0 ? (text?.slice(0, slash) ?? null) : null),
  };
  stream.nodes.set(node_name, node);
  return node;
};

/** Peers kept in memory; a stream without end starts anew with what it learns. */
const MOST_PEERS = 200_000;

export const boundMemory = (stream: Stream): void => {
  let size = stream.nodes.size;
  for (const book of stream.books.values()) size += book.size;
  if (size <= MOST_PEERS) return;
  stream.books.clear();
  stream.nodes.clear();
  stream.dns.clients.clear();
  stream.dns.size = 0;
};
