import type { Compiled } from '../compile/compiled.js';
import { casesOf } from '../decide/cases.js';
import { destinationProfile } from '../decide/direct.js';
import { matchPeer, NO } from '../decide/match.js';
import type { Party } from '../decide/party.js';
import { protocolOf } from '../decide/point.js';
import { programFor, readingOf } from '../decide/side.js';
import { Direction, type Protocol } from '../policy.js';
import { formatPortSet, LAST_PORT, portSetOf } from '../ports/port-set.js';
import type { Range } from '../ranges.js';
import type { Connection } from '../verdict.js';

/** Ports that are asked about as one; null: the question’s own port, or all of them. */
export type Span = Range<number> | null;

type Side = {
  readonly subject: Party;
  readonly peer: Party;
  readonly direction: Direction;
};

/** The ports of each rule that may match. */
function rangesOf(compiled: Compiled, { subject, peer, direction }: Side, protocol: Protocol) {
  if (subject.kind !== 'pod') return [];
  const reading = readingOf(compiled);
  const { table, index } = compiled.engine;
  const program = programFor(compiled, direction, subject.podClass, reading);
  const question = { program, direction, profile: subject.podClass.profile, peer, reading };
  return program.rules
    .filter(rule => matchPeer(rule, peer, reading, index.nodes.all) !== NO)
    .flatMap(rule => table.at(rule.portsOn(destinationProfile(rule, question))).ports[protocol]);
}

/** Ports at which a rule that may match begins or ends to speak, on both sides of a pair. */
function portCuts(compiled: Compiled, connection: Connection, protocol: Protocol) {
  const cuts = new Set([1]);
  const cutBy = (subject: Party, peer: Party, direction: Direction): void => {
    for (const { from, to } of rangesOf(compiled, { subject, peer, direction }, protocol)) {
      cuts.add(from);
      if (to < LAST_PORT) cuts.add(to + 1);
    }
  };
  const { cases } = casesOf(compiled, connection);
  if (cases.some(({ viaService }) => viaService)) return [];
  for (const { source, destination } of cases) {
    cutBy(source, destination, Direction.EGRESS);
    cutBy(destination, source, Direction.INGRESS);
  }
  return [...cuts].sort((one, other) => one - other);
}

/** The spans of ports to ask about, one by one; null for a question that has no span. */
export function spansOf(compiled: Compiled, connection: Connection): readonly Span[] {
  const protocol = protocolOf(connection.protocol);
  if (connection.port !== null || protocol === null) return [null];
  const cuts = portCuts(compiled, connection, protocol);
  if (cuts.length < 2) return [null];
  return cuts.map((from, place) => ({ from, to: (cuts[place + 1] ?? LAST_PORT + 1) - 1 }));
}

/** `TCP 80,443`, and `TCP` for all ports. */
export function portsText(
  { port, protocol }: Pick<Connection, 'port' | 'protocol'>,
  spans: readonly Span[],
): string {
  if (port !== null) return `${protocol} ${port}`;
  const known = protocolOf(protocol);
  const ranges = spans.flatMap(span =>
    span === null || known === null ? [] : { protocol: known, ...span },
  );
  const all =
    ranges.length === 0 ||
    (ranges.length === 1 && ranges[0]?.to === LAST_PORT && ranges[0].from === 1);
  return all ? protocol : formatPortSet(portSetOf(ranges));
}
