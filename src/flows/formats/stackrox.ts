import { canonicalCidr } from '../../netpol/index.js';
import { type ObservedPeer, PeerHint, SkipReason } from '../observation.js';
import { jsonOf, portOf, protocolOf, UNTOLD } from './candidate.js';
import { namedIn, objectOf, objectsOf, textOf } from './coerce.js';
import { isPortless } from './direction.js';
import { newPeer } from './peer.js';
import type { JsonObject, RawRecord } from './record.js';
import { REPORTED_FORWARD } from './reply.js';
import { offer, pass, peerFor, refuse, type SourceStream, sourceFormat } from './source.js';
import { TRUST } from './trust.js';

const deploymentPeer = (stream: SourceStream, entity: JsonObject): ObservedPeer | null => {
  const deployment = objectOf(entity['deployment']);
  const name = textOf(deployment?.['name']);
  const namespace = textOf(deployment?.['namespace']);
  if (name === null || namespace === null) return null;
  // The graph does not tell the kind; attribution finds the workload by its name.
  return peerFor(stream, `${namespace}/${name}`, () =>
    newPeer(PeerHint.WORKLOAD, { namespace, workload: { kind: 'Deployment', name } }),
  );
};

/** A block of addresses by its CIDR; providers' networks of several blocks by their name. */
const externalPeer = (stream: SourceStream, entity: JsonObject): ObservedPeer | null => {
  const source = objectOf(entity['externalSource']);
  const name = textOf(source?.['name']);
  const cidr = canonicalCidr(textOf(source?.['cidr']) ?? '');
  if (cidr === null && name === null) return null;
  return peerFor(stream, `external ${cidr ?? name}`, () =>
    cidr === null
      ? newPeer(PeerHint.WORLD, { reserved: name })
      : newPeer(PeerHint.EXTERNAL, { cidr }),
  );
};

const peerOf = (stream: SourceStream, node: JsonObject | null): ObservedPeer | null => {
  const entity = objectOf(node?.['entity']);
  switch (entity?.['type']) {
    case 'DEPLOYMENT':
      return deploymentPeer(stream, entity);
    case 'EXTERNAL_SOURCE':
      return externalPeer(stream, entity);
    case 'INTERNET':
      return peerFor(stream, 'world', () => newPeer(PeerHint.WORLD, { reserved: 'world' }));
    case 'INTERNAL_ENTITIES':
      return peerFor(stream, 'internal', () => newPeer(PeerHint.UNMANAGED, {}));
    default:
      return null;
  }
};

type Edge = {
  readonly from: JsonObject;
  readonly to: JsonObject | null;
  readonly property: JsonObject;
};

/** Edges name their destinations by place in `nodes`. */
const edgesOf = (nodes: readonly JsonObject[]): readonly Edge[] =>
  nodes.flatMap(from =>
    Object.entries(objectOf(from['outEdges']) ?? {}).flatMap(([place, edge]) =>
      objectsOf(objectOf(edge)?.['properties']).map(property => ({
        from,
        to: nodes[Number(place)] ?? null,
        property,
      })),
    ),
  );

/** Central's enumeration, by name or number: `ANY` and `UNKNOWN` tell none, and its numbers are not IANA's. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  1: 'tcp',
  2: 'udp',
  3: 'icmp',
  5: 'sctp',
  TCP: 'tcp',
  UDP: 'udp',
  ICMP: 'icmp',
  SCTP: 'sctp',
};

const protocolIn = (property: JsonObject) =>
  protocolOf(namedIn(PROTOCOLS, String(property['protocol']).replace('L4_PROTOCOL_', '')));

const takeEdge = (stream: SourceStream, { from, to, property }: Edge, line: number): void => {
  const source = peerOf(stream, from);
  const destination = peerOf(stream, to);
  if (source === null || destination === null) {
    refuse(stream, line, {
      code: 'NO_PEER',
      message: `an edge of the graph has no ${source === null ? 'source' : 'destination'}`,
      hint: 'export the graph whole: edges name nodes by their place in `nodes`',
    });
    return;
  }
  const told = property['lastActiveTimestamp'];
  // An edge without a time is active at the moment.
  const isTold = told !== undefined && told !== null;
  const active = typeof told === 'string' ? stream.parseTime(told) : null;
  const time = isTold ? active : stream.receivedAt;
  const protocol = protocolIn(property);
  if (time === null) {
    refuse(stream, line, {
      code: 'BAD_TIME',
      message: `\`lastActiveTimestamp\` \`${String(told)}\` is no time between 2000 and 2100`,
      hint: 'check the clock of the source',
    });
    return;
  }
  offer(stream, {
    ...UNTOLD,
    line,
    firstSeen: time,
    lastSeen: time,
    source,
    destination,
    port: isPortless(protocol) ? null : portOf(property['port']),
    protocol,
    told: REPORTED_FORWARD,
  });
};

const read = (stream: SourceStream, record: RawRecord): void => {
  const graph = jsonOf(stream, record);
  if (graph === null) return;
  const edges = edgesOf(objectsOf(graph['nodes']));
  const isSeen = edges.some(({ property }) => typeof property['lastActiveTimestamp'] === 'string');
  if (edges.length > 0 && !isSeen) {
    refuse(stream, record.line, {
      code: 'NOT_OBSERVED',
      message: 'no edge of the graph has a time: it shows what policies allow, not what was seen',
      hint: 'export `GET /v1/networkgraph/cluster/ID`, which has `lastActiveTimestamp`',
    });
    return;
  }
  if (edges.length === 0 && Array.isArray(graph['nodes'])) pass(stream, SkipReason.NO_DATA);
  if (!Array.isArray(graph['nodes']))
    refuse(stream, record.line, {
      code: 'NOT_STACKROX',
      message: 'record has no `nodes`',
      hint: 'export `GET /v1/networkgraph/cluster/ID`',
    });
  for (const edge of edges) takeEdge(stream, edge, record.line);
};

export const stackrox = sourceFormat({
  name: 'stackrox',
  aliases: ['rhacs'],
  about: "StackRox's network graph: `GET /v1/networkgraph/cluster/ID`",
  trust: TRUST.stackrox,
  claims: ({ value }) =>
    Array.isArray(value?.['nodes']) && objectOf(objectOf(value['nodes'][0])?.['entity']) !== null,
  remember: () => null,
  read,
});
