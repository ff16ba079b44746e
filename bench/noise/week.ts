import { type Random, randomFrom } from '../data/random.js';
import { CALLS, NODES, nodeAddress, portOf, SHOPS, WORKLOADS } from './cluster.js';

export const HOUR_MS = 3_600_000;
export const HOURS = 7 * 24;
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
  readonly verdict: 'ALLOWED' | 'DENIED' | 'ERROR';
  readonly events: number;
  readonly bytes: number;
};

/** `shop-east/cart`; a fresh name of a pod each day, as after a redeploy. */
export const workloadEnd = (text: string): End => {
  const [namespace = '', name = ''] = text.split('/');
  const kind = WORKLOADS.find(one => one.namespace === namespace && one.name === name)?.kind;
  return { namespace, workload: { kind, name } };
};

export const named = (address: string, dnsName: string): End => ({ ip: address, dnsName });

type What = {
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

const some = (random: Random, about: number): number =>
  Math.max(1, Math.round(about / 2) + random.number(about));

type Told = (what: What) => void;

/** What everybody in a shop does all day. */
function shopHour(random: Random, shop: string, tell: Told): void {
  const end = (name: string): End => workloadEnd(`${shop}/${name}`);
  for (const [from, to, hourly] of CALLS) {
    const call = { source: end(from), destination: end(to), port: portOf(to) };
    tell({ ...call, events: some(random, hourly) });
    // A packet now and then is lost for a reason that is no policy.
    if (random.chance(0.05)) tell({ ...call, verdict: 'ERROR' });
  }
  // The provider's name stands for other addresses every day.
  const address = `198.51.100.${1 + random.number(200)}`;
  tell({
    source: end('payment'),
    destination: named(address, 'api.payments.example'),
    port: 443,
    events: some(random, 15),
  });
  tell({
    source: end('email'),
    destination: named(`192.0.2.${1 + random.number(60)}`, 'smtp.mail.example'),
    port: 587,
    events: some(random, 15),
  });
  tell({
    source: workloadEnd('ingress/controller'),
    destination: end('frontend'),
    port: 8080,
    events: some(random, 300),
  });
}

/** Queries, scrapes and probes, of all and by all. */
function sharedHour(random: Random, nodes: readonly string[], tell: Told): void {
  const dns = workloadEnd('kube-system/coredns');
  for (const { namespace, name } of WORKLOADS) {
    const end = workloadEnd(`${namespace}/${name}`);
    if (name === 'coredns' || name === 'report') continue;
    tell({ source: end, destination: dns, port: 53, protocol: 'UDP', events: some(random, 40) });
    // Large answers come over TCP, seldom.
    if (random.chance(0.02)) tell({ source: end, destination: dns, port: 53 });
    if (name === 'prometheus') continue;
    tell({
      source: workloadEnd('monitoring/prometheus'),
      destination: end,
      port: 9102,
      events: 120,
    });
    const node = nodes[random.number(nodes.length)] ?? '';
    tell({
      source: { node, ip: nodeAddress(node) },
      destination: end,
      port: portOf(name),
      events: 360,
    });
  }
  for (let client = 0; client < 12; client++)
    tell({
      source: { ip: `203.0.${random.number(100)}.${1 + random.number(250)}` },
      destination: workloadEnd('ingress/controller'),
      port: 8080,
      events: some(random, 20),
    });
}

/** At three in the night. */
function nightly(random: Random, tell: Told): void {
  for (const shop of SHOPS) {
    const report = workloadEnd(`${shop}/report`);
    tell({
      source: report,
      destination: workloadEnd('kube-system/coredns'),
      port: 53,
      protocol: 'UDP',
    });
    tell({
      source: report,
      destination: workloadEnd(`${shop}/postgres`),
      port: 5432,
      events: some(random, 12),
    });
    tell({ source: report, destination: workloadEnd(`${shop}/email`), port: 8085 });
  }
  const loader = workloadEnd('batch/loader');
  tell({
    source: loader,
    destination: workloadEnd('batch/warehouse'),
    port: 8080,
    events: 40,
    bytes: 4e9,
  });
  tell({
    source: loader,
    destination: named('192.0.2.99', 'archive.example'),
    port: 443,
    events: 40,
    bytes: 2e9,
  });
}

/** Training pods talk to each other on whatever port the library takes. */
function trainingHour(random: Random, tell: Told): void {
  const trainer = workloadEnd('training/trainer');
  tell({ source: trainer, destination: trainer, port: 29_500, events: 30 });
  for (let ring = 0; ring < 4; ring++)
    tell({
      source: trainer,
      destination: trainer,
      port: 40_000 + random.number(9_000),
      events: 50,
      bytes: 9e8,
    });
}

/** The day on which a node is added, since there is more to do. */
const ADDED_ON = 5;

export const nodesOn = (day: number): readonly string[] =>
  day < ADDED_ON ? NODES.slice(0, 3) : NODES;

/** An ordinary day, from its midnight on. Equal days and seeds give equal records. */
export function ordinaryDay(day: number, seed: number): readonly FlowRecord[] {
  const random = randomFrom(seed * 1_000 + day);
  const records: FlowRecord[] = [];
  for (let hour = day * 24; hour < day * 24 + 24; hour++) {
    const tell: Told = what => records.push(recordAt(hour, what, random.number(60)));
    for (const shop of SHOPS) shopHour(random, shop, tell);
    sharedHour(random, nodesOn(day), tell);
    trainingHour(random, tell);
    if (hour % 24 === 3) nightly(random, tell);
  }
  return records;
}
