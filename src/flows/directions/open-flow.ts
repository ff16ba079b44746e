import { isEphemeral, mayBeClient } from '../formats/reply.js';
import { DirectionHint, FlowProtocol, ReplyBasis } from '../observation.js';

/** An end of flows: a peer at a port. */
export type FlowEnd = {
  readonly peerId: string;
  readonly port: number;
  readonly protocol: string;
};

/** A flow none of whose records proves who asked whom. */
export type OpenFlow = {
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number;
  readonly protocol: string;
  /** Ports that its source had: the least ones, sorted. */
  readonly sourcePorts: readonly number[];
  /** A set of `DirectionHint`: what its records make believe. */
  readonly hints: number;
};

/** So many ports of a source are kept: one that has more is a client's. */
const MOST_PORTS = 16;

/** The ports that are kept, as `least_ports` of the database. */
export const leastPorts = (ports: readonly number[]): readonly number[] =>
  [...new Set(ports)].toSorted((one, other) => one - other).slice(0, MOST_PORTS);

export type Direction = { readonly isReply: boolean | null; readonly basis: ReplyBasis };

export const endKey = ({ peerId, port, protocol }: FlowEnd): string =>
  `${peerId} ${port} ${protocol}`;

export const askedEnd = ({ destinationId, port, protocol }: OpenFlow): FlowEnd => ({
  peerId: destinationId,
  port,
  protocol,
});

export const askingEnds = ({ sourceId, sourcePorts, protocol }: OpenFlow): readonly FlowEnd[] =>
  sourcePorts.map(port => ({ peerId: sourceId, port, protocol }));

export const endsOf = (flow: OpenFlow): readonly FlowEnd[] => [askedEnd(flow), ...askingEnds(flow)];

/** By the key of an end: those that it was seen with, by their keys. */
export type Opposites = ReadonlyMap<string, ReadonlyMap<string, FlowEnd>>;

export function oppositesOf(flows: Iterable<OpenFlow>): Opposites {
  const found = new Map<string, Map<string, FlowEnd>>();
  const meet = (one: FlowEnd, other: FlowEnd): void => {
    const key = endKey(one);
    const known = found.get(key) ?? new Map<string, FlowEnd>();
    found.set(key, known.set(endKey(other), other));
  };
  for (const flow of flows) {
    const asked = askedEnd(flow);
    for (const asking of askingEnds(flow)) {
      meet(asked, asking);
      meet(asking, asked);
    }
  }
  return found;
}

/** So many opposite ends of one port has no client: two may be one server, by its Service's address and its own. */
const MANY = 3;

const isAtClientPort = ({ port }: FlowEnd): boolean => isEphemeral(port);

const peersOf = (ends: readonly FlowEnd[]): number =>
  new Set(ends.map(({ peerId }) => peerId)).size;

/**
 * How many of the ends make believe that the one they are seen with is asked. A client of TCP opens each connection from a
 * port of its own, though several pods of it may have the same one, and so may its connections to several servers: ends at
 * ports of servers are none. One socket of UDP talks with many ports of one peer, and with the servers of many: whoever
 * asks. There only peers count, and those at ports that systems give to clients.
 */
const clientsOf = ({ port, protocol }: FlowEnd, ends: readonly FlowEnd[]): number =>
  protocol === FlowProtocol.UDP
    ? peersOf(ends.filter(isAtClientPort))
    : ends.filter(end => mayBeClient(end.port, port)).length;

/**
 * An end that so many are seen with listens, whatever comes later. Of one at a port that systems give to clients it takes
 * more: pods of one deployment may have the same. The port of any other tells as well, so that ports of one peer do.
 */
export function isShownByPairs(end: FlowEnd, opposite: ReadonlyMap<string, FlowEnd>): boolean {
  const clients = [...opposite.values()].filter(isAtClientPort);
  return isEphemeral(end.port) ? clientsOf(end, clients) >= MOST_PORTS : clients.length >= MANY;
}

/** What is known beside the flow itself. */
export type Shown = {
  readonly listens: (end: FlowEnd) => boolean;
  readonly opposites: Opposites;
};

const direction = (isReply: boolean, basis: ReplyBasis): Direction => ({ isReply, basis });

/** What the records make believe; null: nothing, or both. */
function hinted(hints: number, forward: number, reply: number): boolean | null {
  const isForward = (hints & forward) !== 0;
  const isReply = (hints & reply) !== 0;
  return isForward === isReply ? null : isReply;
}

const byPorts = ({ hints }: OpenFlow): boolean | null =>
  hinted(hints, DirectionHint.PORTS_FORWARD, DirectionHint.PORTS_REPLY);

const asks = (flow: OpenFlow, { listens }: Pick<Shown, 'listens'>): boolean =>
  flow.sourcePorts.length > 0 && askingEnds(flow).every(listens);

/** A reply, whatever comes later: its source listens, and its ports do not say otherwise. */
export const isReplyForGood = (flow: OpenFlow, shown: Pick<Shown, 'listens'>): boolean =>
  byPorts(flow) === true && asks(flow, shown);

function byListeners(flow: OpenFlow, shown: Shown): boolean | null {
  const isAsked = shown.listens(askedEnd(flow));
  const isAsking = asks(flow, shown);
  if (isAsked !== isAsking) return isAsking;
  return isAsked ? byPorts(flow) : null;
}

/**
 * An end that many talk with is the server of one that has fewer. Two ports of one peer prove it for TCP, unless the port
 * numbers say otherwise.
 */
function byPairs(flow: OpenFlow, { opposites }: Shown): boolean | null {
  const { protocol } = flow;
  const oppositeOf = (end: FlowEnd): readonly FlowEnd[] => [
    ...(opposites.get(endKey(end))?.values() ?? []),
  ];
  const countedOf = (end: FlowEnd): number => clientsOf(end, oppositeOf(end));
  const ends = askingEnds(flow);
  const asked = countedOf(askedEnd(flow));
  const asking = Math.max(0, ...ends.map(countedOf));
  const most = Math.max(asked, asking);
  if (asked === asking || most < 2) return null;
  const isReply = asking > asked;
  if (most >= MANY) return isReply;
  const servers = isReply ? ends.filter(end => countedOf(end) === most) : [askedEnd(flow)];
  const isShown = (end: FlowEnd): boolean =>
    peersOf(oppositeOf(end)) === 1 && byPorts(flow) !== !isReply;
  return protocol !== FlowProtocol.UDP && servers.some(isShown) ? isReply : null;
}

const UNKNOWN: Direction = { isReply: null, basis: ReplyBasis.ASSUMED };

/**
 * Who asked whom, by what others prove before what the flow's own records make believe: the same whichever of them came
 * first.
 */
export function directionOf(flow: OpenFlow, shown: Shown): Direction {
  const { TOLD_FORWARD, TOLD_REPLY } = DirectionHint;
  const answers = [
    [byListeners(flow, shown), ReplyBasis.LISTENING],
    [hinted(flow.hints, TOLD_FORWARD, TOLD_REPLY), ReplyBasis.REPORTED],
    [byPairs(flow, shown), ReplyBasis.PAIRING],
    [byPorts(flow), ReplyBasis.PORT_HEURISTIC],
  ] as const;
  for (const [isReply, basis] of answers) if (isReply !== null) return direction(isReply, basis);
  return UNKNOWN;
}
