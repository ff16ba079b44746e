import { canonicalCidr, dnsNameOf, readObjects } from '../../netpol/index.js';
import {
  FlowDirection,
  type ObservedPeer,
  PeerHint,
  Reporter,
  SkipReason,
} from '../observation.js';
import { addressOf, portOf, protocolOf, UNTOLD } from './candidate.js';
import { listOf, namedIn, objectOf, objectsOf, textOf } from './coerce.js';
import { type Candidate, isPortless } from './direction.js';
import { newPeer } from './peer.js';
import { type JsonObject, plainTextOf, type RawRecord } from './record.js';
import { REPORTED_FORWARD } from './reply.js';
import { offer, pass, peerFor, refuse, type SourceStream, sourceFormat } from './source.js';
import { TRUST } from './trust.js';

const KIND = 'NetworkNeighborhood';
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Kubescape writes kinds in both cases. */
const KINDS: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  replicaset: 'ReplicaSet',
  job: 'Job',
  cronjob: 'CronJob',
  pod: 'Pod',
};

type Subject = {
  readonly peer: ObservedPeer;
  readonly namespace: string;
  readonly line: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
};

/** An expression that says no more than a label; null: it says something else. */
const labelTold = (expression: JsonObject): readonly [string, string] | null => {
  const [key, [value, other]] = [textOf(expression['key']), listOf(expression['values'])];
  const isOne = expression['operator'] === 'In' && typeof value === 'string' && other === undefined;
  return key !== null && isOne ? [key, value] : null;
};

/** Labels that a selector asks for; null: it asks for something else, so that nobody is named. */
const labelsAsked = (selector: unknown): Readonly<Record<string, string>> | null => {
  const expressions = objectsOf(objectOf(selector)?.['matchExpressions']).map(labelTold);
  const told = expressions.filter(one => one !== null);
  if (told.length < expressions.length) return null;
  const labels = objectOf(objectOf(selector)?.['matchLabels']) ?? {};
  return { ...(labels as Readonly<Record<string, string>>), ...Object.fromEntries(told) };
};

const labelsOf = (selector: unknown): Readonly<Record<string, string>> =>
  labelsAsked(selector) ?? {};

/** The namespace that a neighbour's selector names; a selector of other labels names none. */
const namespaceOf = (neighbour: JsonObject, own: string): string | null => {
  const selector = objectOf(neighbour['namespaceSelector']);
  if (selector === null) return own;
  return labelsOf(selector)[NAMESPACE_NAME] ?? null;
};

const addressesOf = (neighbour: JsonObject): readonly string[] => {
  const told = [...listOf(neighbour['ipAddresses']), neighbour['ipAddress']];
  return [...new Set(told.flatMap(one => textOf(one) ?? []))];
};

const namesOf = (neighbour: JsonObject): readonly string[] => {
  const told = [...listOf(neighbour['dnsNames']), neighbour['dns']];
  return [...new Set(told.flatMap(one => textOf(one) ?? []).map(dnsNameOf))].toSorted();
};

const outsidePeer = (
  stream: SourceStream,
  text: string,
  dnsNames: readonly string[],
): ObservedPeer | null => {
  if (text === '*')
    return peerFor(stream, 'world', () => newPeer(PeerHint.WORLD, { reserved: 'world' }));
  const ip = addressOf(text);
  const cidr = ip === null ? canonicalCidr(text) : null;
  if (ip === null && cidr === null) return null;
  const kind = dnsNames.length > 0 || cidr !== null ? PeerHint.EXTERNAL : PeerHint.UNKNOWN;
  return peerFor(stream, `${text} ${dnsNames.join()}`, () => newPeer(kind, { ip, cidr, dnsNames }));
};

/** Who a neighbour is: pods by labels, or each of its addresses, or its name alone. */
const peersOf = (
  stream: SourceStream,
  neighbour: JsonObject,
  own: string,
): readonly ObservedPeer[] => {
  const labels = labelsOf(neighbour['podSelector']);
  if (Object.keys(labels).length > 0) {
    const namespace = namespaceOf(neighbour, own);
    const key = `${namespace}/${JSON.stringify(labels)}`;
    return [peerFor(stream, key, () => newPeer(PeerHint.WORKLOAD, { namespace, labels }))];
  }
  const dnsNames = namesOf(neighbour);
  const addresses = addressesOf(neighbour);
  if (addresses.length > 0)
    return addresses.flatMap(address => outsidePeer(stream, address, dnsNames) ?? []);
  if (dnsNames.length === 0) return [];
  const key = `names ${dnsNames.join()}`;
  return [peerFor(stream, key, () => newPeer(PeerHint.EXTERNAL, { dnsNames }))];
};

type Neighbour = { readonly value: JsonObject; readonly isEgress: boolean };

const candidateOf = (
  subject: Subject,
  peer: ObservedPeer,
  port: JsonObject,
  isEgress: boolean,
): Candidate => {
  const protocol = protocolOf(port['protocol']);
  return {
    ...UNTOLD,
    line: subject.line,
    firstSeen: subject.firstSeen,
    lastSeen: subject.lastSeen,
    source: isEgress ? subject.peer : peer,
    destination: isEgress ? peer : subject.peer,
    port: isPortless(protocol) ? null : portOf(port['port']),
    protocol,
    direction: isEgress ? FlowDirection.EGRESS : FlowDirection.INGRESS,
    reporter: isEgress ? Reporter.SOURCE : Reporter.DESTINATION,
    told: REPORTED_FORWARD,
  };
};

/** What a neighbour misses to be a flow; null: nothing. */
const lackOf = (
  neighbour: JsonObject,
  peers: readonly ObservedPeer[],
  ports: readonly JsonObject[],
): string | null => {
  if (peers.length > 0) return ports.length > 0 ? null : 'has no ports';
  return labelsAsked(neighbour['podSelector']) === null
    ? 'has a selector that is more than labels'
    : 'has no selector, address or name';
};

/** One of several may be none; where all are, the neighbour is nobody. */
const refuseAddresses = (stream: SourceStream, line: number, neighbour: JsonObject): void => {
  for (const text of addressesOf(neighbour))
    if (outsidePeer(stream, text, []) === null)
      refuse(stream, line, {
        code: 'BAD_ADDRESS',
        message: `\`${text.slice(0, 60)}\` is neither an address nor a block of a neighbour`,
        hint: 'write an address, a block such as `10.0.0.0/8`, or `*`',
      });
};

const takeNeighbour = (stream: SourceStream, subject: Subject, neighbour: Neighbour): void => {
  const { value, isEgress } = neighbour;
  const peers = peersOf(stream, value, subject.namespace);
  const ports = objectsOf(value['ports']);
  const lack = lackOf(value, peers, ports);
  if (lack !== null)
    refuse(stream, subject.line, {
      code: peers.length === 0 ? 'NO_PEER' : 'NO_PORT',
      message: `a neighbour of \`${subject.peer.workload?.name}\` ${lack}`,
      hint: 'export it with `kubectl get networkneighborhoods -A -o json`',
    });
  else refuseAddresses(stream, subject.line, value);
  for (const peer of peers)
    for (const port of ports) offer(stream, candidateOf(subject, peer, port, isEgress));
};

type Times = { readonly firstSeen: number; readonly lastSeen: number };

/** Learned from its creation to its last change; the upload's time where neither is told. */
const timesOf = (stream: SourceStream, metadata: JsonObject): Times => {
  const texts = [
    metadata['creationTimestamp'],
    ...listOf(metadata['managedFields']).map(field => objectOf(field)?.['time']),
  ];
  const times = texts.flatMap(text =>
    typeof text === 'string' ? (stream.parseTime(text) ?? []) : [],
  );
  if (times.length === 0) return { firstSeen: stream.receivedAt, lastSeen: stream.receivedAt };
  return { firstSeen: Math.min(...times), lastSeen: Math.max(...times) };
};

const subjectOf = (stream: SourceStream, value: JsonObject, line: number): Subject | null => {
  const metadata = objectOf(value['metadata']) ?? {};
  const labels = objectOf(metadata['labels']) ?? {};
  const name = textOf(labels['kubescape.io/workload-name']);
  const kind = textOf(labels['kubescape.io/workload-kind']);
  const namespace =
    textOf(labels['kubescape.io/workload-namespace']) ?? textOf(metadata['namespace']);
  if (name === null || kind === null || namespace === null)
    return refuse(
      stream,
      line,
      {
        code: 'NO_PEER',
        message: 'NetworkNeighborhood does not say whose it is',
        hint: 'export it with its labels `kubescape.io/workload-kind`, `-name` and `-namespace`',
      },
      'metadata.labels',
    );
  const workload = { kind: namedIn(KINDS, kind.toLowerCase()) ?? kind, name };
  const matched = labelsOf(value['spec']);
  const peer = peerFor(stream, `${namespace}/${workload.kind}/${name}`, () =>
    newPeer(PeerHint.WORKLOAD, {
      namespace,
      workload,
      labels: Object.keys(matched).length === 0 ? null : matched,
    }),
  );
  return { peer, namespace, line, ...timesOf(stream, metadata) };
};

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

const neighboursOf = (container: JsonObject): readonly Neighbour[] => [
  ...objectsOf(container['ingress']).map(value => ({ value, isEgress: false })),
  ...objectsOf(container['egress']).map(value => ({ value, isEgress: true })),
];

/** As the API server's list gives them. */
const NO_SPEC = {
  code: 'NO_SPEC',
  message: 'NetworkNeighborhood has no containers: it is its metadata alone',
  hint: 'a list leaves `spec` out: get them one by one, or ask for the list with `resourceVersion=fullSpec`',
};

const takeObject = (stream: SourceStream, value: JsonObject, line: number): void => {
  if (value['kind'] !== KIND) {
    refuse(stream, line, {
      code: 'NOT_KUBESCAPE',
      message: `record is a \`${String(value['kind'] ?? 'thing without kind')}\`, not a NetworkNeighborhood`,
      hint: 'objects of the cluster go to `weirgate cluster import`',
    });
    return;
  }
  const subject = subjectOf(stream, value, line);
  if (subject === null) return;
  const spec = objectOf(value['spec']) ?? {};
  const containers = CONTAINERS.flatMap(field => objectsOf(spec[field]));
  const neighbours = containers.flatMap(neighboursOf);
  if (containers.length === 0) refuse(stream, line, NO_SPEC, 'spec');
  else if (neighbours.length === 0) pass(stream, SkipReason.NO_DATA);
  for (const neighbour of neighbours) takeNeighbour(stream, subject, neighbour);
};

/** Lines of YAML, until the document or the chunk ends. */
type Yaml = { lines: string[]; line: number };

const endDocument = (stream: SourceStream, yaml: Yaml): void => {
  const { lines, line } = yaml;
  yaml.lines = [];
  if (lines.length === 0) return;
  const { objects, problems } = readObjects([{ file: 'flows', text: lines.join('\n') }]);
  for (const { message, hint } of problems)
    refuse(stream, line, {
      code: 'NOT_YAML',
      message,
      hint: hint ?? 'export it with `kubectl get networkneighborhoods -A -o json`',
    });
  for (const { value } of objects) takeObject(stream, value, line);
};

const read = (stream: SourceStream, record: RawRecord, yaml: Yaml): void => {
  const text = plainTextOf(record);
  if (text === null) {
    if (record.value === null) refuse(stream, record.line, record.fault);
    else takeObject(stream, record.value, record.line);
    return;
  }
  if (text.startsWith('---')) {
    endDocument(stream, yaml);
    return;
  }
  if (yaml.lines.length === 0) yaml.line = record.line;
  yaml.lines.push(text);
};

export const kubescape = sourceFormat<Yaml>({
  name: 'kubescape',
  aliases: ['networkneighborhood'],
  about: 'Kubescape NetworkNeighborhoods as JSON or YAML',
  trust: TRUST.kubescape,
  claims: record =>
    String(record.value?.['apiVersion']).startsWith('spdx.softwarecomposition.kubescape.io/') ||
    /^\s*(?:- +)?apiVersion: *"?spdx\.softwarecomposition\.kubescape\.io\//.test(
      plainTextOf(record) ?? '',
    ),
  // Lines of YAML.
  mayTake: record => plainTextOf(record) !== null,
  remember: () => ({ lines: [], line: 1 }),
  read,
  flush: endDocument,
});
