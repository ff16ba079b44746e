import { ObservedVerdict } from '../flow.js';
import {
  type Doubt,
  FlowDirection,
  FlowProtocol,
  type Observation,
  type ObservedPeer,
  PeerHint,
  type Reading,
  ReplyBasis,
  Reporter,
  SkipReason,
} from '../observation.js';
import { timeParser } from '../time.js';
import { isDiscard, trafficClassOf } from './class.js';
import { objectOf } from './coerce.js';
import {
  type FlowFormat,
  newTally,
  type ObservationReader,
  readingOf,
  reject,
  skip,
  type Tally,
} from './format.js';
import {
  blame,
  type Check,
  choiceField,
  countField,
  objectField,
  portField,
  refuseOthers,
  shown,
  textField,
  timeField,
} from './neutral-field.js';
import { neutralPeer } from './neutral-peer.js';
import type { JsonObject, RawRecord } from './record.js';
import { specialPeer } from './special-address.js';

const FIELDS: ReadonlySet<string> = new Set([
  'time',
  'firstSeen',
  'lastSeen',
  'source',
  'destination',
  'port',
  'servicePort',
  'protocol',
  'verdict',
  'connections',
  'events',
  'bytes',
  'direction',
  'reporter',
  'isReply',
  'id',
]);

type Stream = {
  readonly check: Check;
  /** Peers by their own text: a peer that was read before needs no checks. */
  readonly peers: Map<string, ObservedPeer>;
  tally: Tally;
};

const PEER_EXAMPLE = '{"namespace": "shop", "pod": "web-5c7d9-x2x8p"}';

const peerField = (stream: Stream, record: JsonObject, end: string): ObservedPeer | null => {
  const { check } = stream;
  const peer = objectField(check, record, end, PEER_EXAMPLE);
  if (peer === null)
    return blame(check, {
      code: 'NO_PEER',
      path: end,
      message: `record has no \`${end}\``,
      hint: `write it as \`${PEER_EXAMPLE}\``,
    });
  const key = JSON.stringify(peer);
  const known = stream.peers.get(key);
  if (known !== undefined) return known;
  const found = neutralPeer(check, peer, end);
  if (found !== null) stream.peers.set(key, found);
  return found;
};

/** "search shop.svc.cluster.local": a name without a dot is one beside its client, never one of the world. */
const isBare = (source: ObservedPeer, destination: ObservedPeer): boolean =>
  destination.kind === PeerHint.EXTERNAL &&
  destination.namespace === null &&
  source.namespace !== null &&
  destination.ip === null &&
  destination.cidr === null &&
  destination.dnsNames.some(name => !name.includes('.'));

/** One object for each name and namespace. */
function besideClient(
  { peers }: Stream,
  source: ObservedPeer,
  destination: ObservedPeer,
): ObservedPeer {
  if (!isBare(source, destination)) return destination;
  const key = `${source.namespace} ${destination.dnsNames.join()}`;
  const known = peers.get(key) ?? { ...destination, namespace: source.namespace };
  peers.set(key, known);
  return known;
}

type Times = { readonly firstSeen: number; readonly lastSeen: number };

const windowOf = (check: Check, record: JsonObject): Times | null => {
  const firstSeen = timeField(check, record, 'firstSeen');
  const lastSeen = timeField(check, record, 'lastSeen');
  if (firstSeen === null || lastSeen === null)
    return blame(check, {
      code: 'NO_TIME',
      path: firstSeen === null ? 'firstSeen' : 'lastSeen',
      message: 'record has no time',
      hint: 'give `time`, or both `firstSeen` and `lastSeen`',
    });
  if (lastSeen < firstSeen)
    return blame(check, {
      code: 'BAD_TIME',
      path: 'lastSeen',
      message: `\`lastSeen\` \`${shown(record['lastSeen'])}\` is before \`firstSeen\``,
      hint: 'exchange the two times',
    });
  return { firstSeen, lastSeen };
};

const timesOf = (check: Check, record: JsonObject): Times | null => {
  const time = timeField(check, record, 'time');
  if (time === null) return check.fault === null ? windowOf(check, record) : null;
  if (record['firstSeen'] == null && record['lastSeen'] == null)
    return { firstSeen: time, lastSeen: time };
  return blame(check, {
    code: 'BAD_TIME',
    path: 'time',
    message: 'record has both `time` and a window',
    hint: 'give `time`, or both `firstSeen` and `lastSeen`',
  });
};

const protocolOf = (check: Check, record: JsonObject): FlowProtocol => {
  const protocol = choiceField(check, record, 'protocol', FlowProtocol);
  if (protocol === null)
    blame(check, {
      code: 'NO_PROTOCOL',
      path: 'protocol',
      message: 'record has no `protocol`',
      hint: `use one of ${Object.keys(FlowProtocol).join(', ')}`,
    });
  return protocol ?? FlowProtocol.OTHER;
};

const WITH_PORTS: ReadonlySet<FlowProtocol> = new Set(['TCP', 'UDP', 'SCTP']);

const refusePort = (check: Check, protocol: FlowProtocol, port: number | null): void => {
  if (port !== null && !WITH_PORTS.has(protocol))
    blame(check, {
      code: 'BAD_PORT',
      path: 'port',
      message: `protocol \`${protocol}\` has no ports, the record has \`${port}\``,
      hint: 'leave `port` out, or correct `protocol`',
    });
};

/** The port alone may tell, where the destination declares it. */
const UNTOLD: Doubt = { hints: 0, sourcePort: null };

type ReplyField = { readonly isReply: boolean | null; readonly basis: ReplyBasis };

/**
 * A record of our own format goes from client to server: left out means no reply. Null means that the
 * source does not know, which is not the same.
 */
const replyField = (check: Check, record: JsonObject): ReplyField => {
  const value = record['isReply'];
  if (typeof value === 'boolean') return { isReply: value, basis: ReplyBasis.REPORTED };
  if (value === undefined) return { isReply: false, basis: ReplyBasis.ASSUMED };
  if (value !== null)
    blame(check, {
      code: 'BAD_BOOLEAN',
      path: 'isReply',
      message: `\`isReply\` is \`${shown(value)}\`, not true, false or null`,
      hint: 'use null where the source does not know',
    });
  return { isReply: null, basis: ReplyBasis.ASSUMED };
};

const observationOf = (stream: Stream, record: JsonObject, line: number): Observation | null => {
  const { check } = stream;
  refuseOthers(check, record, '', FIELDS);
  const times = timesOf(check, record);
  const source = peerField(stream, record, 'source');
  const asked = peerField(stream, record, 'destination');
  const protocol = protocolOf(check, record);
  const port = portField(check, record, 'port');
  const servicePort = portField(check, record, 'servicePort');
  refusePort(check, protocol, port ?? servicePort);
  const { isReply, basis } = replyField(check, record);
  const counts = {
    connections: countField(check, record, 'connections'),
    events: countField(check, record, 'events') ?? 1,
    bytes: countField(check, record, 'bytes'),
  };
  const verdict = choiceField(check, record, 'verdict', ObservedVerdict);
  const direction = choiceField(check, record, 'direction', FlowDirection);
  const reporter = choiceField(check, record, 'reporter', Reporter);
  const recordId = textField(check, record, 'id');
  if (check.fault !== null || times === null || source === null || asked === null) return null;
  const destination = besideClient(stream, source, asked);
  return {
    firstSeen: times.firstSeen,
    lastSeen: times.lastSeen,
    source,
    destination,
    port,
    servicePort,
    protocol,
    verdict: verdict ?? ObservedVerdict.UNKNOWN,
    connections: counts.connections,
    events: counts.events,
    bytes: counts.bytes,
    direction: direction ?? FlowDirection.UNKNOWN,
    reporter: reporter ?? Reporter.UNKNOWN,
    countedBy: reporter === Reporter.SOURCE || reporter === Reporter.DESTINATION ? reporter : null,
    isReply,
    replyBasis: basis,
    doubt: isReply === null && port !== null ? UNTOLD : null,
    trafficClass: trafficClassOf({ source, destination, port: port ?? servicePort, protocol }),
    sourcePort: null,
    recordId,
    line,
  };
};

const skipReasonOf = (observation: Observation): SkipReason | null => {
  const { source, destination, protocol, port, servicePort, isReply } = observation;
  if (isReply === true) return SkipReason.REPLY;
  if (isDiscard(protocol, port)) return SkipReason.DISCARD_PORT;
  return specialPeer(source, destination, port ?? servicePort);
};

const takeObservation = (stream: Stream, observation: Observation): void => {
  const reason = skipReasonOf(observation);
  if (reason !== null) skip(stream.tally, reason, observation.firstSeen);
  else stream.tally.observations.push(observation);
};

const push = (stream: Stream, { value, line, fault }: RawRecord): void => {
  if (value === null) {
    reject(stream.tally, line, fault, null);
    return;
  }
  stream.check.fault = null;
  const observation = observationOf(stream, value, line);
  if (observation !== null) {
    takeObservation(stream, observation);
    return;
  }
  const wrong = stream.check.fault as Check['fault'];
  if (wrong !== null) stream.tally.rejected.push({ line, ...wrong });
};

/** Peers kept in memory between chunks. */
const MOST_PEERS = 200_000;

const take = (stream: Stream): Reading => {
  const { tally } = stream;
  stream.tally = newTally();
  if (stream.peers.size > MOST_PEERS) stream.peers.clear();
  return readingOf(tally);
};

const open = (): ObservationReader => {
  const stream: Stream = {
    check: { fault: null, parseTime: timeParser() },
    peers: new Map(),
    tally: newTally(),
  };
  return { push: record => push(stream, record), take: () => take(stream) };
};

/** Our own record, for every source that has no format of its own here. */
export const neutral: FlowFormat = {
  name: 'neutral',
  aliases: ['json', 'jsonl', 'ndjson', 'weirgate'],
  about: "this server's own record as JSON lines, or a list of them",
  claims: ({ value }) =>
    value !== null &&
    typeof value['protocol'] === 'string' &&
    objectOf(value['source']) !== null &&
    objectOf(value['destination']) !== null,
  open,
};
