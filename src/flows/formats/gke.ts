import { type ObservedPolicy, ObservedVerdict } from '../flow.js';
import { FlowDirection, type ObservedPeer, PeerHint, Reporter } from '../observation.js';
import {
  addressOf,
  anyTimeOf,
  countingEnd,
  jsonOf,
  portOf,
  protocolOf,
  refusePeer,
  refuseTime,
  UNTOLD,
} from './candidate.js';
import { namedIn, objectOf, objectsOf, textOf, toldCount } from './coerce.js';
import { type Candidate, isPortless } from './direction.js';
import { newPeer } from './peer.js';
import type { JsonObject, RawRecord } from './record.js';
import { REPORTED_FORWARD } from './reply.js';
import { addressPeer, offer, peerFor, refuse, type SourceStream, sourceFormat } from './source.js';
import { TRUST } from './trust.js';

/** The entry as the node wrote it, or within Cloud Logging's. */
const payloadOf = (value: JsonObject): JsonObject => objectOf(value['jsonPayload']) ?? value;

/** Google's VPC flow logs have a `connection` too, in both ways, and no `disposition`: nobody tells who asked there. */
const connectionOf = (value: JsonObject): JsonObject | null => {
  const payload = payloadOf(value);
  const connection = objectOf(payload['connection']);
  const isDecided = textOf(payload['disposition']) !== null;
  return isDecided && textOf(connection?.['src_ip']) !== null ? connection : null;
};

const peerOf = (stream: SourceStream, end: JsonObject | null, ip: string): ObservedPeer => {
  const namespace = textOf(end?.['namespace'] ?? end?.['pod_namespace']);
  const pod = textOf(end?.['pod_name']);
  const name = textOf(end?.['workload_name']);
  const kind = textOf(end?.['workload_kind']);
  if (namespace === null) return addressPeer(stream, ip);
  const workload = name === null || kind === null ? null : { kind, name };
  if (pod !== null)
    return peerFor(stream, `pod/${namespace}/${pod}`, () =>
      newPeer(PeerHint.POD, { namespace, pod, ip, workload }),
    );
  if (workload === null) return addressPeer(stream, ip);
  return peerFor(stream, `${namespace}/${workload.kind}/${workload.name}`, () =>
    newPeer(PeerHint.WORKLOAD, { namespace, workload }),
  );
};

const ACTIONS: Readonly<Record<string, ObservedPolicy['action']>> = {
  [ObservedVerdict.ALLOWED]: 'ALLOW',
  [ObservedVerdict.DENIED]: 'DENY',
};

const VERDICTS: Readonly<Record<string, ObservedVerdict>> = {
  allow: ObservedVerdict.ALLOWED,
  deny: ObservedVerdict.DENIED,
};

const REPORTS: Readonly<Record<string, Pick<Candidate, 'direction' | 'reporter'>>> = {
  ingress: { direction: FlowDirection.INGRESS, reporter: Reporter.DESTINATION },
  egress: { direction: FlowDirection.EGRESS, reporter: Reporter.SOURCE },
};

/** Those that allowed the connection, as the log names them; none is named for a denial by default. */
const policiesOf = (
  payload: JsonObject,
  verdict: ObservedVerdict,
  direction: FlowDirection | undefined,
): readonly ObservedPolicy[] | null => {
  const action = namedIn(ACTIONS, verdict);
  if (action === undefined) return null;
  const told = direction === undefined || direction === FlowDirection.UNKNOWN ? null : direction;
  const found = objectsOf(payload['policies']).flatMap(policy => {
    const name = textOf(policy['name']);
    if (name === null) return [];
    const [kind, namespace] = [textOf(policy['kind']), textOf(policy['namespace'])];
    return [{ action, direction: told, kind, namespace, name }];
  });
  return found.length === 0 ? null : found;
};

const candidateOf = (
  stream: SourceStream,
  value: JsonObject,
  connection: JsonObject,
  line: number,
): Candidate | null => {
  const payload = payloadOf(value);
  const time = anyTimeOf(stream, value['timestamp'] ?? payload['timestamp']);
  if (time === null) return refuseTime(stream, line, 'timestamp');
  const sourceIp = addressOf(connection['src_ip']);
  const destinationIp = addressOf(connection['dest_ip']);
  if (sourceIp === null) return refusePeer(stream, line, 'connection.src_ip');
  if (destinationIp === null) return refusePeer(stream, line, 'connection.dest_ip');
  const protocol = protocolOf(connection['protocol']);
  const portless = isPortless(protocol);
  const report = namedIn(REPORTS, String(connection['direction']).toLowerCase());
  const verdict =
    namedIn(VERDICTS, String(payload['disposition']).toLowerCase()) ?? ObservedVerdict.UNKNOWN;
  const count = Math.max(1, toldCount(payload['count']) ?? 1);
  return {
    ...UNTOLD,
    ...report,
    line,
    firstSeen: time,
    lastSeen: time,
    source: peerOf(stream, objectOf(payload['src']), sourceIp),
    destination: peerOf(stream, objectOf(payload['dest']), destinationIp),
    sourceIp,
    destinationIp,
    sourcePort: portless ? null : portOf(connection['src_port']),
    port: portless ? null : portOf(connection['dest_port']),
    protocol,
    verdict,
    policies: policiesOf(payload, verdict, report?.direction),
    events: count,
    connections: count,
    told: REPORTED_FORWARD,
    recordId: textOf(value['insertId']),
    countedBy: countingEnd(report?.reporter),
  };
};

const read = (stream: SourceStream, record: RawRecord): void => {
  const value = jsonOf(stream, record);
  if (value === null) return;
  const connection = connectionOf(value);
  if (connection === null) {
    refuse(stream, record.line, {
      code: 'NOT_GKE',
      message: 'record has no `connection` with a `disposition`',
      hint: 'export the log `policy-action`: `gcloud logging read` with `--format=json`; VPC flow logs do not tell who asked',
    });
    return;
  }
  const candidate = candidateOf(stream, value, connection, record.line);
  if (candidate !== null) offer(stream, candidate);
};

export const gke = sourceFormat({
  name: 'gke',
  aliases: ['gke-policy', 'dataplane-v2'],
  about: 'network policy logs of GKE Dataplane V2',
  trust: TRUST.gke,
  claims: ({ value }) => value !== null && connectionOf(value) !== null,
  remember: () => null,
  read,
});
