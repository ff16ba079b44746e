import { isEphemeral } from './reply.js';

/**
 * Who was seen to be a server, within the memory of one stream: addresses and ports that somebody opened
 * a connection to, and how many peers each end has talked with.
 */
export type Servers = {
  /** By address: ports that a SYN, connection tracking or a Service has shown to listen. */
  readonly listening: Map<string, Set<number>>;
  /** By end: the first peers that it was seen with, up to `MANY`. */
  readonly peers: Map<string, string[]>;
};

export const newServers = (): Servers => ({ listening: new Map(), peers: new Map() });

/** Ends remembered; a stream without end starts anew. */
const MOST = 100_000;

export const learnServer = ({ listening }: Servers, ip: string, port: number): void => {
  if (listening.size > MOST) listening.clear();
  const ports = listening.get(ip);
  if (ports === undefined) listening.set(ip, new Set([port]));
  else ports.add(port);
};

export const isServer = ({ listening }: Servers, ip: string, port: number): boolean =>
  listening.get(ip)?.has(port) === true;

/** Both ways of a conversation, each with the address and port of its ends. */
export type Ends = {
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly port: number;
};

const endOf = (ip: string, port: number, protocol: string): string => `${ip} ${port} ${protocol}`;

/** So many peers of one port has no client: two may be one server, by its Service's address and its own. */
const MANY = 3;

const learnPeer = (peers: Servers['peers'], end: string, peer: string): void => {
  const known = peers.get(end);
  if (known === undefined) peers.set(end, [peer]);
  else if (known.length < MANY && !known.includes(peer)) known.push(peer);
};

/** A record in either direction teaches both ends' peers. */
export const learnPair = ({ peers }: Servers, ends: Ends, protocol: string): void => {
  if (peers.size > MOST) peers.clear();
  const source = endOf(ends.sourceIp, ends.sourcePort, protocol);
  const destination = endOf(ends.destinationIp, ends.port, protocol);
  learnPeer(peers, source, destination);
  learnPeer(peers, destination, source);
};

/** True: the destination is the server. False: the source is. Null: the stream has not shown it. */
export const serverByFacts = (servers: Servers, ends: Ends): boolean | null => {
  const asked = isServer(servers, ends.destinationIp, ends.port);
  const asks = isServer(servers, ends.sourceIp, ends.sourcePort);
  return asked === asks ? null : asked;
};

/**
 * By the pairing of ends: an end that several peers talk with is the server of one that has fewer, since a
 * client opens each connection from a port of its own. Two peers prove it unless the ports say otherwise.
 */
export const serverByPairs = ({ peers }: Servers, ends: Ends, protocol: string): boolean | null => {
  const asked = peers.get(endOf(ends.destinationIp, ends.port, protocol))?.length ?? 0;
  const asks = peers.get(endOf(ends.sourceIp, ends.sourcePort, protocol))?.length ?? 0;
  const most = Math.max(asked, asks);
  if (asked === asks || most < 2) return null;
  const [server, client] =
    asked > asks ? [ends.port, ends.sourcePort] : [ends.sourcePort, ends.port];
  return most < MANY && isEphemeral(server) && !isEphemeral(client) ? null : asked > asks;
};
