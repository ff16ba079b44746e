import type { Random } from '../data/random.js';
import { WORKLOADS } from './cluster.js';

export const HOUR_MS = 3_600_000;
/** A Monday. */
export const START = Date.parse('2026-11-02T00:00:00Z');

/** An end of a record, and a record, of our own format. */
export type End = object;
export type FlowRecord = {
  readonly time: string;
  readonly source: End;
  readonly destination: End;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly verdict: 'ALLOWED' | 'DENIED' | 'AUDIT' | 'ERROR';
  readonly events: number;
  readonly bytes: number;
};

/** `shop-east/cart`, whichever of its pods. */
export const workloadEnd = (text: string): End => {
  const [namespace = '', name = ''] = text.split('/');
  const kind = WORKLOADS.find(one => one.namespace === namespace && one.name === name)?.kind;
  return { namespace, workload: { kind: kind ?? 'Deployment', name } };
};

/** One of its pods: their names change with each release, and there are as many as there is to do. */
export const podEnd = (text: string, hour: number, random: Random): End => {
  const release = Math.floor(hour / 48);
  const replicas = 2 + Math.round(4 * Math.sin((Math.PI * (hour % 24)) / 24));
  const name = text.slice(text.indexOf('/') + 1);
  return {
    ...workloadEnd(text),
    pod: `${name}-${(release * 7_919 + 54_321).toString(16)}-${random.number(replicas)}`,
  };
};

export const named = (address: string, dnsName: string): End => ({ ip: address, dnsName });

export type What = {
  readonly source: End;
  readonly destination: End;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
  readonly verdict?: FlowRecord['verdict'];
  readonly events?: number;
  readonly bytes?: number;
};

export const recordAt = (hour: number, { events = 1, ...what }: What, minute = 7): FlowRecord => ({
  time: new Date(START + hour * HOUR_MS + minute * 60_000).toISOString(),
  protocol: 'TCP',
  verdict: 'ALLOWED',
  bytes: events * 900,
  ...what,
  events,
});

export const some = (random: Random, about: number): number =>
  Math.max(1, Math.round(about / 2) + random.number(about));

export type Told = (what: What) => void;
