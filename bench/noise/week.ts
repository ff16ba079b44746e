import { type Random, randomFrom } from '../data/random.js';
import { CALLS, nodeAddress, nodesOn, OWN_NODE, portOf, SHOPS, WORKLOADS } from './cluster.js';
import {
  type End,
  type FlowRecord,
  named,
  podEnd,
  recordAt,
  some,
  type Told,
  workloadEnd,
} from './record.js';
import { seldom } from './seldom.js';

/** What everybody in a shop does all day. */
function shopHour(random: Random, shop: string, hour: number, tell: Told): void {
  const end = (name: string): End => podEnd(`${shop}/${name}`, hour, random);
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
    if (name === 'coredns' || name === 'report' || name === 'audit') continue;
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
    const node = namespace === 'batch' ? OWN_NODE : (nodes[random.number(nodes.length)] ?? '');
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

/** An ordinary day, from its midnight on. Equal days and seeds give equal records. */
export function ordinaryDay(day: number, seed: number): readonly FlowRecord[] {
  const random = randomFrom(seed * 1_000 + day);
  const records: FlowRecord[] = [];
  for (let hour = day * 24; hour < day * 24 + 24; hour++) {
    const tell: Told = what => records.push(recordAt(hour, what, random.number(60)));
    for (const shop of SHOPS) shopHour(random, shop, hour, tell);
    sharedHour(random, nodesOn(day), tell);
    trainingHour(random, tell);
    if (hour % 24 === 3) nightly(random, tell);
    seldom(random, hour, tell);
  }
  return records;
}
