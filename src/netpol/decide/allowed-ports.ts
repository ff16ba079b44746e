import type { Compiled } from '../compile/compiled.js';
import { Direction, type Protocol } from '../policy.js';
import { type PortSet, PROTOCOLS, portSetOf } from '../ports/port-set.js';
import { type Endpoint, Verdict } from '../verdict.js';
import { casesOf } from './cases.js';
import { answerAll } from './decide.js';
import { startsOf } from './point.js';
import { sideOf } from './side.js';

/** Every port at which some answer may change: of the rules at both ends, and the Service's own. */
function changes(
  compiled: Compiled,
  source: Endpoint,
  destination: Endpoint,
  protocol: Protocol,
): readonly number[] {
  const { cases } = casesOf(compiled, { source, destination, port: null, protocol });
  const sides = cases.flatMap(at => [
    sideOf(compiled, {
      subject: at.source,
      peer: at.destination,
      direction: Direction.EGRESS,
      loop: false,
    }),
    sideOf(compiled, {
      subject: at.destination,
      peer: at.source,
      direction: Direction.INGRESS,
      loop: false,
    }),
  ]);
  const services = destination.kind === 'pod' ? [] : compiled.facts.services;
  const served = services.flatMap(({ ports }) =>
    ports.flatMap(({ port, nodePort }) => [port, nodePort ?? port]),
  );
  const around = served.flatMap(port => [port, port + 1]).filter(port => port <= 65_535);
  return [...new Set([...startsOf(compiled.engine.table, sides, protocol), ...around])].sort(
    (one, other) => one - other,
  );
}

/** The ports on which `decide` says ALLOWED between two ends; a Service's as its clients name them. */
export function allowedPorts(compiled: Compiled, source: Endpoint, destination: Endpoint): PortSet {
  const ranges = PROTOCOLS.flatMap(protocol => {
    const starts = changes(compiled, source, destination, protocol);
    return starts.flatMap((from, place) => {
      const connection = { source, destination, port: from, protocol };
      const { whole } = answerAll(compiled, connection, question => sideOf(compiled, question));
      const to = (starts[place + 1] ?? 65_536) - 1;
      return whole.verdict === Verdict.ALLOWED ? [{ protocol, from, to }] : [];
    });
  });
  return portSetOf(ranges);
}
