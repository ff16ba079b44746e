import { hubble } from '../../../src/flows/formats/hubble.js';
import { readRecords } from '../../../src/flows/formats/reading.js';
import { recordsOf } from '../../../src/flows/formats/record.js';
import type { Observation, ObservedPeer, Reading } from '../../../src/flows/observation.js';
import { settled } from './settled.js';

export type Json = Record<string, unknown>;

export const RECEIVED_AT = Date.UTC(2024, 0, 1) * 1000;

const clusterLabel = 'k8s:io.cilium.k8s.policy.cluster=east';

/** A pod of namespace `shop` as Hubble describes it. */
export const pod = (name: string, app = name, identity = 1000 + app.length): Json => ({
  ID: 7,
  identity,
  namespace: 'shop',
  labels: [`k8s:app=${app}`, clusterLabel, 'k8s:io.kubernetes.pod.namespace=shop'],
  pod_name: name,
});

export const reserved = (...names: readonly string[]): Json => ({
  labels: names.map(name => `reserved:${name}`),
});

export const tcp = (source_port: number, destination_port: number, flags: Json = {}): Json => ({
  TCP: { source_port, destination_port, flags },
});

/** A forward flow from pod `web-1` to pod `api-1`, port 8080, seen where it reaches its end. */
export const flow = (changes: Json = {}): Json => ({
  time: '2024-05-01T10:00:00.123456789Z',
  verdict: 'FORWARDED',
  IP: { source: '10.0.0.1', destination: '10.0.0.2', ipVersion: 'IPv4' },
  l4: tcp(40_000, 8080, { ACK: true }),
  source: pod('web-1', 'web'),
  destination: pod('api-1', 'api'),
  Type: 'L3_L4',
  node_name: 'node-a',
  event_type: { type: 4 },
  traffic_direction: 'INGRESS',
  trace_observation_point: 'TO_ENDPOINT',
  is_reply: false,
  ...changes,
});

export const wrapped = (changes: Json = {}): Json => {
  const inner = flow(changes);
  return { flow: inner, node_name: inner['node_name'], time: inner['time'] };
};

/** Reads records that stand in one chunk. */
export const readAll = (...records: readonly Json[]): Reading => {
  const reader = hubble.open({ receivedAt: RECEIVED_AT });
  for (const record of recordsOf(records)) reader.push(record);
  return settled(reader.take());
};

export const readText = async (text: string): Promise<Reading> => {
  const reader = hubble.open({ receivedAt: RECEIVED_AT });
  for await (const batch of readRecords(text)) for (const record of batch) reader.push(record);
  return settled(reader.take());
};

/** The only observation of some records; fails where there are more or fewer. */
export const only = (...records: readonly Json[]): Observation => {
  const { observations, skipped, rejected } = readAll(...records);
  const [observation] = observations;
  if (observation === undefined || observations.length > 1)
    throw new Error(JSON.stringify({ observations, skipped, rejected }));
  return observation;
};

/** The named fields of a peer. */
export const pick = (peer: ObservedPeer, ...fields: readonly (keyof ObservedPeer)[]): Json =>
  Object.fromEntries(fields.map(field => [field, peer[field]]));
