import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { formatNamed } from '../../../src/flows/formats/formats.js';
import { readRecords } from '../../../src/flows/formats/reading.js';
import type { Observation, ObservedPeer, Reading } from '../../../src/flows/observation.js';
import { settled } from './settled.js';

/** 2026-11-22T12:00:00Z in microseconds. */
export const RECEIVED_AT = Date.UTC(2026, 10, 22, 12) * 1000;

export type Read = Reading & { readonly format: string };

/** Reads a text in a format, or as what its records show. */
export const readAs = async (name: string, text: string | Uint8Array): Promise<Read> => {
  const { format } = formatNamed(name);
  assert.ok(format !== null, `format ${name} is not known`);
  const reader = format.open({ receivedAt: RECEIVED_AT });
  const input = typeof text === 'string' ? text : Readable.from([text]);
  for await (const batch of readRecords(input)) for (const record of batch) reader.push(record);
  return { ...settled(reader.take()), format: reader.formatName?.() ?? name };
};

/** `namespace/pod`, `namespace/Kind/name`, or what else says who it is. */
export const nameOf = (peer: ObservedPeer): string => {
  const { kind, namespace, pod, workload, service, node, ip, cidr, dnsNames, reserved } = peer;
  if (pod !== null) return `${namespace}/${pod}`;
  if (workload !== null) return `${namespace}/${workload.kind}/${workload.name}`;
  if (service !== null) return `svc:${service.namespace}/${service.name}`;
  if (kind === 'workload') return `${namespace}/${JSON.stringify(peer.labels)}`;
  return node ?? dnsNames[0] ?? cidr ?? ip ?? reserved ?? kind;
};

const portOf = ({ port, servicePort, protocol }: Observation): string =>
  `${protocol} ${port ?? '-'}${servicePort === null ? '' : ` (${servicePort})`}`;

/** `source -> destination TCP port (Service's port) VERDICT`, and how its direction is known. */
export const edgeOf = (observation: Observation): string =>
  [
    `${nameOf(observation.source)} -> ${nameOf(observation.destination)} ${portOf(observation)}`,
    observation.verdict,
    observation.isReply === null ? 'unknown' : observation.replyBasis,
  ].join(' ');

export const sumOf = (
  observations: readonly Observation[],
  field: 'events' | 'connections' | 'bytes',
): number => observations.reduce((sum, one) => sum + (one[field] ?? 0), 0);

export const jsonLines = (...records: readonly unknown[]): string =>
  records.map(one => JSON.stringify(one)).join('\n');

/** When the records of the cases were seen: seconds and milliseconds since 1970. */
export const SEEN_MS = Date.UTC(2026, 10, 22, 10);
export const SEEN_S = SEEN_MS / 1000;

export type Case = {
  readonly title: string;
  /** Found by the records; it is named where the records do not tell. */
  readonly format: string;
  readonly text: string;
  readonly edges: readonly string[];
  readonly skipped?: Readonly<Record<string, number>>;
  readonly rejected?: readonly string[];
};

/** Each case is read in its format, and as what its records show. */
export const testCases = (cases: readonly Case[]): void => {
  for (const { title, format, text, edges, skipped = {}, rejected = [] } of cases)
    test(title, async () => {
      for (const name of [format, 'auto']) {
        const read = await readAs(name, text);
        assert.equal(read.format, format);
        assert.deepEqual(read.observations.map(edgeOf), edges);
        assert.deepEqual(read.skipped, skipped);
        assert.deepEqual(read.rejected.map(({ code }) => code).toSorted(), [...rejected]);
      }
    });
};
