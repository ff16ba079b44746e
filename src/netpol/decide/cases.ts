import { type Compiled, ofFacts } from '../compile/compiled.js';
import type { Program } from '../compile/program.js';
import type { ServiceFact, ServicePort } from '../facts.js';
import { Direction } from '../policy.js';
import { isSamePod } from '../twin.js';
import { Basis, type Connection } from '../verdict.js';
import { backendsOf, isHeadless, podParty, podsBehind } from './backends.js';
import type { Case } from './case.js';
import { addressEnd, type Doubt, type End, endOf, everyAddress } from './end.js';
import type { Party } from './party.js';
import { type PointProtocol, protocolOf } from './point.js';
import { programFor } from './side.js';
import { lastOf, representatives } from './stretches.js';

export type Cases = {
  /** Every pair of ends that the connection can mean; at least one. */
  readonly cases: readonly Case[];
  /** Why verdicts of the cases may differ; the first is the one to name. */
  readonly doubts: readonly Doubt[];
  /** One end could be anything, or any address of a block. */
  readonly open: boolean;
  /** Why nobody answers at the destination; null where somebody may. */
  readonly unanswered: string | null;
  /** The Service that was asked; null where none was. */
  readonly service: ServiceFact | null;
};

type Destination = Pick<Case, 'port'> & { readonly end: End };

const titleOf = ({ namespace, name }: ServiceFact): string => `\`${namespace}/${name}\``;

const mixed = (service: ServiceFact): Doubt => ({
  basis: Basis.MIXED_BACKENDS,
  missing: `which backend of the Service ${titleOf(service)} answered`,
});

const noBackend = (missing: string): End => ({
  kind: 'unknown',
  doubt: { basis: Basis.UNRESOLVED_PEER, missing },
});

const portText = ({ protocol, port }: ServicePort): string => `${protocol} ${port}`;

/** Why nobody answers: the Service has no such port, or no pod is behind it. */
function lackOf({ service, port, node }: AskedService, protocol: PointProtocol): string {
  const title = `the Service ${titleOf(service)}`;
  const { ports } = service;
  const offered = ports.some(
    each => protocolOf(each.protocol) === protocol && (port === null || each.port === port),
  );
  if (!offered && !isHeadless(service) && protocol !== null && port !== null) {
    const others = ports.map(portText).join(', ');
    return `${title} has no port ${protocol} ${port}, ${others === '' ? 'and no other' : `but ${others}`}`;
  }
  const where = node === null ? '' : ` on node \`${node}\`, which hands on to its own pods alone`;
  return `a pod behind ${title}${port === null ? '' : ` at port ${port}`}${where}`;
}

/** Services that every node answers for at a port of its own. */
export const nodePorts = ofFacts(
  ({ index: { facts } }): ReadonlyMap<string, readonly [ServiceFact, number]> =>
    new Map(
      facts.services.flatMap(service =>
        service.ports.flatMap(({ protocol, port, nodePort }) =>
          nodePort === null ? [] : [[`${protocol} ${nodePort}`, [service, port] as const]],
        ),
      ),
    ),
);

/** A Service, and the port that the client asks of it. */
type AskedService = {
  readonly service: ServiceFact;
  readonly port: number | null;
  readonly outside: boolean;
  /** The node that is asked, where it hands on to its own pods alone; else null. */
  readonly node: string | null;
};

/** Null where the destination is none. */
function serviceAt(
  compiled: Compiled,
  end: End,
  port: number | null,
  protocol: PointProtocol,
): AskedService | null {
  if (end.kind === 'service')
    return { service: end.service, port, outside: end.outside, node: null };
  if (end.kind !== 'parties' || end.parties.some(({ kind }) => kind !== 'node')) return null;
  const [service, listed] = nodePorts(compiled.engine).get(`${protocol} ${port}`) ?? [];
  if (service === undefined || listed === undefined) return null;
  const [party] = end.parties;
  const node =
    party?.kind === 'node' && service.keepsClientAddress === true ? party.node.name : null;
  return { service, port: listed, outside: true, node };
}

const comesFromOutside = (end: End): boolean =>
  end.kind === 'addresses' ||
  (end.kind === 'parties' && end.parties.every(({ kind }) => kind === 'address'));

const isOpenToOutside = ({ type }: ServiceFact): boolean =>
  type === 'NodePort' || type === 'LoadBalancer';

/** Row 20: what comes by a NodePort or load balancer may have the address of any node. */
function nodesAsSources({ engine }: Compiled): readonly Party[] {
  const nodes = engine.index.nodes.all;
  return (nodes.length > 0 ? nodes : [{ name: '', labels: null, addresses: [], among: [] }]).map(
    node => ({
      kind: 'node',
      node,
    }),
  );
}

/** What decides at the known end, in every reading: it says where addresses differ. */
export const programsOf = (
  compiled: Compiled,
  parties: readonly Party[],
  direction: Direction,
): readonly Program[] =>
  parties.flatMap(party =>
    party.kind === 'pod'
      ? [programFor(compiled, direction, party.podClass, { hostsAsPods: true })]
      : [],
  );

export function partiesOf(
  compiled: Compiled,
  end: End,
  programs: readonly Program[],
): readonly Party[] {
  if (end.kind === 'parties') return end.parties;
  if (end.kind === 'service') {
    return podsBehind(compiled, end.service).map(pod => podParty(compiled, pod));
  }
  const unknown = end.kind === 'unknown';
  const block = unknown ? everyAddress(compiled) : end.block;
  const addresses = representatives(block, programs);
  const name = unknown ? null : end.name;
  const parties: readonly Party[] = addresses.map((address, place) => ({
    kind: 'address',
    address,
    until: lastOf(block, address, addresses[place + 1]),
    name,
    perhapsNode: unknown,
  }));
  return unknown ? [{ kind: 'stranger' }, ...parties] : parties;
}

const doubtOf = (end: End): readonly Doubt[] => {
  if (end.kind === 'service') return [mixed(end.service)];
  return end.doubt === null ? [] : [end.doubt];
};

function destinationsOf(compiled: Compiled, connection: Connection) {
  const end = endOf(compiled, connection.destination);
  const protocol = protocolOf(connection.protocol);
  const asked = serviceAt(compiled, end, connection.port, protocol);
  if (asked === null) {
    const plain: Destination = { end, port: connection.port };
    return { asked, destinations: [plain] };
  }
  const isThere = (pod: number): boolean => {
    const own = compiled.facts.pods[pod]?.node ?? null;
    return asked.node === null || own === null || own === asked.node;
  };
  const backends = backendsOf(compiled, asked.service, asked.port, protocol)
    .filter(({ pod }) => isThere(pod))
    .map(
      ({ pod, port }): Destination => ({
        end: { kind: 'parties', parties: [podParty(compiled, pod)], doubt: null },
        port,
      }),
    );
  const all = [...backends, ...endpointDestinations(compiled, asked, protocol)];
  const nobody: Destination = { end: noBackend(lackOf(asked, protocol)), port: null };
  return { asked, destinations: all.length === 0 ? [nobody] : all };
}

/** Of a Service without selector: the addresses that its endpoints list, each as what it is. */
function endpointDestinations(
  compiled: Compiled,
  { service, port }: AskedService,
  protocol: PointProtocol,
): readonly Destination[] {
  const wanted = service.ports.filter(
    each => protocolOf(each.protocol) === protocol && (port === null || each.port === port),
  );
  return (service.endpoints ?? []).flatMap(({ addresses, ports }) => {
    const targets = isHeadless(service)
      ? [port]
      : ports
          .filter(({ name, protocol: own }) =>
            wanted.some(each => each.protocol === own && (each.name ?? null) === name),
          )
          .map(each => each.port);
    return addresses.flatMap(address =>
      targets.map(target => ({ end: addressEnd(compiled, address), port: target })),
    );
  });
}

/** A Service as a source is any of its pods; one without pods could be anything. */
function sourceEnd(compiled: Compiled, connection: Connection): End {
  const end = endOf(compiled, connection.source);
  return end.kind === 'service' && podsBehind(compiled, end.service).length === 0
    ? noBackend(`a pod behind the Service ${titleOf(end.service)}`)
    : end;
}

const isOpen = ({ kind }: End): boolean => kind === 'addresses' || kind === 'unknown';

/** A pair whose one end is open is asked for every answer that the other end's rules can tell apart. */
function pairsOf(compiled: Compiled, from: End, to: Destination, extra: readonly Party[]) {
  // Only an open end is cut by what the other one's rules tell apart.
  const known = (open: End, end: End, direction: Direction) =>
    !isOpen(open) || isOpen(end)
      ? []
      : programsOf(compiled, partiesOf(compiled, end, []), direction);
  const sources = partiesOf(compiled, from, known(from, to.end, Direction.INGRESS));
  const destinations = partiesOf(compiled, to.end, known(to.end, from, Direction.EGRESS));
  const pairs = [...sources, ...extra].flatMap(source =>
    destinations.map(destination => ({ source, destination, port: to.port })),
  );
  return pairs.length === 1 ? pairs : pairs.filter(pair => !isOnePodTwice(compiled, pair));
}

/** Of a workload's traffic to itself: the one pod of a label set, and its twin. */
function isOnePodTwice(
  { facts }: Compiled,
  { source, destination }: Pick<Case, 'source' | 'destination'>,
): boolean {
  if (source.kind !== 'pod' || destination.kind !== 'pod' || source.alone !== true) return false;
  const [one, other] = [facts.pods[source.pod], facts.pods[destination.pod]];
  return one !== undefined && other !== undefined && isSamePod(one, other);
}

/** That an end is not known outweighs that its other end has several label sets. */
const inOrder = (doubts: readonly Doubt[]): readonly Doubt[] => {
  const ofSets = ({ basis }: Doubt): boolean => basis === Basis.MIXED_LABEL_SETS;
  return doubts.some(ofSets)
    ? [...doubts.filter(doubt => !ofSets(doubt)), ...doubts.filter(ofSets)]
    : doubts;
};

const SNAT: Doubt = {
  basis: Basis.UNDEFINED_SNAT,
  missing: 'whether the source address is kept on the way through a node',
};

/** Resolves both ends on the facts, and a Service to its pods and their ports. */
export function casesOf(compiled: Compiled, connection: Connection): Cases {
  const from = sourceEnd(compiled, connection);
  const { asked, destinations } = destinationsOf(compiled, connection);
  // Where nobody answers it does not matter from whom.
  const answered = destinations.some(({ end }) => end.kind !== 'unknown');
  const rewritten =
    asked !== null &&
    answered &&
    asked.service.keepsClientAddress !== true &&
    (asked.outside || (isOpenToOutside(asked.service) && comesFromOutside(from)));
  const viaService = asked !== null;
  return {
    cases: destinations
      .flatMap(to => pairsOf(compiled, from, to, rewritten ? nodesAsSources(compiled) : []))
      .map((pair): Case => ({ ...pair, viaService })),
    doubts: inOrder([
      ...(rewritten ? [SNAT] : []),
      ...(asked !== null && destinations.length > 1 ? [mixed(asked.service)] : []),
      ...destinations.flatMap(to => doubtOf(to.end)),
      ...doubtOf(from),
    ]),
    open: [from, ...destinations.map(to => to.end)].some(isOpen),
    service: asked?.service ?? null,
    unanswered: asked === null || answered ? null : lackOf(asked, protocolOf(connection.protocol)),
  };
}
