import { ObservedVerdict } from '../flow.js';
import {
  FlowDirection,
  FlowProtocol,
  type ObservedPeer,
  PeerHint,
  Reporter,
  SkipReason,
} from '../observation.js';
import {
  addressOf,
  anyTimeOf,
  jsonOf,
  portOf,
  refusePeer,
  refuseTime,
  UNTOLD,
} from './candidate.js';
import { objectOf, textOf } from './coerce.js';
import type { Candidate } from './direction.js';
import { newPeer } from './peer.js';
import type { JsonObject, RawRecord } from './record.js';
import { REPORTED_FORWARD } from './reply.js';
import {
  addressPeer,
  offer,
  pass,
  peerFor,
  refuse,
  type SourceStream,
  sourceFormat,
} from './source.js';
import { TRUST } from './trust.js';

type Socket = { readonly ip: string; readonly port: number | null; readonly peer: ObservedPeer };

/** `k=v,k=v` or an object; null: not told. */
const labelsOf = (value: unknown): ObservedPeer['labels'] => {
  const object = objectOf(value);
  const pairs =
    object === null
      ? (textOf(value)?.split(',') ?? []).map(pair => pair.trim().split(/=(.*)/s))
      : Object.entries(object).map(([key, told]) => [key, String(told)]);
  const told = pairs.flatMap(([key, label]) =>
    label === undefined ? [] : [[key, label] as const],
  );
  return told.length === 0 ? null : Object.fromEntries(told);
};

/** Kubernetes' name of the other end, which newer gadgets add, and which the one that was built in wrote beside the address. */
const namedSocket = (stream: SourceStream, end: JsonObject, ip: string): ObservedPeer | null => {
  const k8s = objectOf(end['k8s']) ?? end;
  const name = textOf(k8s['name']) ?? textOf(k8s['podname']);
  const namespace = textOf(k8s['namespace']);
  if (name === null || namespace === null) return null;
  if (k8s['kind'] === 'svc')
    return peerFor(stream, `svc/${namespace}/${name}`, () =>
      newPeer(PeerHint.SERVICE, { namespace, ip, service: { namespace, name } }),
    );
  if (k8s['kind'] !== 'pod') return null;
  const labels = labelsOf(k8s['labels']);
  return peerFor(stream, `pod/${namespace}/${name} ${JSON.stringify(labels)}`, () =>
    newPeer(PeerHint.POD, { namespace, pod: name, ip, labels }),
  );
};

/** The container that the gadget watched. */
const localPeer = (stream: SourceStream, event: JsonObject, ip: string): ObservedPeer | null => {
  const k8s = objectOf(event['k8s']) ?? event;
  const namespace = textOf(k8s['namespace']);
  const pod = textOf(k8s['podName']) ?? textOf(k8s['pod']);
  if (namespace === null || pod === null) return null;
  const owner = objectOf(k8s['owner']);
  const [kind, name] = [textOf(owner?.['kind']), textOf(owner?.['name'])];
  const workload =
    kind === null || name === null || kind === 'ReplicaSet' || kind === 'Job'
      ? null
      : { kind, name };
  const labels = labelsOf(k8s['podLabels']);
  return peerFor(stream, `local/${namespace}/${pod} ${JSON.stringify(labels)}`, () =>
    newPeer(PeerHint.POD, { namespace, pod, ip, workload, labels }),
  );
};

const socketOf = (stream: SourceStream, event: JsonObject, field: 'src' | 'dst'): Socket | null => {
  const end = objectOf(event[field]);
  const ip = addressOf(end?.['addr']);
  if (end === null || ip === null) return null;
  const local = field === 'src' ? localPeer(stream, event, ip) : null;
  const peer = local ?? namedSocket(stream, end, ip) ?? addressPeer(stream, ip);
  return { ip, port: portOf(end['port']), peer };
};

type Kind = 'connect' | 'accept';

const kindOf = (event: JsonObject): Kind | null => {
  // The gadget that was built in: its `type` is that of the message.
  const type = event['type'] === 'normal' ? event['operation'] : event['type'];
  return type === 'connect' || type === 'accept' ? type : null;
};

/** Of accept, `src` is the local listener and `dst` the client. */
const sidesOf = (kind: Kind, src: Socket, dst: Socket) =>
  kind === 'connect' ? { client: src, server: dst } : { client: dst, server: src };

/** A socket that does not wait is answered so while it connects. */
const IN_PROGRESS = 'EINPROGRESS';

const verdictOf = (kind: Kind, event: JsonObject): ObservedVerdict => {
  const error = textOf(event['error']);
  if (error !== null && error !== IN_PROGRESS) return ObservedVerdict.ERROR;
  return kind === 'accept' ? ObservedVerdict.ALLOWED : ObservedVerdict.UNKNOWN;
};

const candidateOf = (
  stream: SourceStream,
  kind: Kind,
  event: JsonObject,
  line: number,
): Candidate | null => {
  const time = anyTimeOf(stream, event['timestamp'] ?? event['timestamp_raw']);
  if (time === null) return refuseTime(stream, line, 'timestamp');
  const src = socketOf(stream, event, 'src');
  const dst = socketOf(stream, event, 'dst');
  if (src === null) return refusePeer(stream, line, 'src');
  if (dst === null) return refusePeer(stream, line, 'dst');
  const { client, server } = sidesOf(kind, src, dst);
  const isConnect = kind === 'connect';
  return {
    ...UNTOLD,
    line,
    firstSeen: time,
    lastSeen: time,
    source: client.peer,
    destination: server.peer,
    sourceIp: client.ip,
    destinationIp: server.ip,
    sourcePort: client.port,
    port: server.port,
    protocol: FlowProtocol.TCP,
    verdict: verdictOf(kind, event),
    connections: 1,
    direction: isConnect ? FlowDirection.EGRESS : FlowDirection.INGRESS,
    reporter: isConnect ? Reporter.SOURCE : Reporter.DESTINATION,
    told: REPORTED_FORWARD,
    // Both ends may be watched, each of which counts the connection; its client may see the Service where its server sees the pod.
    countedBy: isConnect ? Reporter.SOURCE : Reporter.DESTINATION,
  };
};

const read = (stream: SourceStream, record: RawRecord): void => {
  const event = jsonOf(stream, record);
  if (event === null) return;
  const kind = kindOf(event);
  if (kind === null && event['type'] === undefined) {
    refuse(stream, record.line, {
      code: 'NOT_TRACE_TCP',
      message: 'record has no `type`: it is of another gadget than `trace_tcp`',
      hint: 'record `kubectl gadget run trace_tcp -A -o json`, which tells who connected to whom',
    });
    return;
  }
  if (kind === null) {
    pass(stream, SkipReason.NOT_A_START);
    return;
  }
  const candidate = candidateOf(stream, kind, event, record.line);
  if (candidate !== null) offer(stream, candidate);
};

export const inspektorGadget = sourceFormat({
  name: 'inspektor-gadget',
  aliases: ['ig', 'trace_tcp', 'gadget'],
  about: 'Inspektor Gadget: `kubectl gadget run trace_tcp -o json`',
  trust: TRUST['inspektor-gadget'],
  claims: ({ value }) =>
    typeof objectOf(value?.['src'])?.['addr'] === 'string' &&
    typeof objectOf(value?.['dst'])?.['addr'] === 'string',
  remember: () => null,
  read,
});
