import type { Random } from '../data/random.js';
import { CALLS, CANARY, CANARY_ON, GREEN, GREEN_FROM, portOf, SHOPS } from './cluster.js';
import { type End, named, some, type Told, type What, workloadEnd } from './record.js';

type Release = { readonly namespace: string; readonly name: string; readonly app?: string };

/** Calls of a release that stands beside one of the same name or in its place, and those to it. */
function ofRelease(random: Random, { namespace, name, app }: Release, tell: Told): void {
  const end = (text: string): End => workloadEnd(`${namespace}/${text === app ? name : text}`);
  const calls = [...CALLS, ['entrance', 'frontend', 300] as const];
  for (const [from, to, hourly] of calls)
    if (from === app || to === app)
      tell({
        source: from === 'entrance' ? workloadEnd('ingress/controller') : end(from),
        destination: end(to),
        port: portOf(to),
        events: some(random, hourly / 10),
      });
  const own = workloadEnd(`${namespace}/${name}`);
  tell({
    source: own,
    destination: workloadEnd('kube-system/coredns'),
    port: 53,
    protocol: 'UDP',
    events: some(random, 40),
  });
  tell({
    source: workloadEnd('monitoring/prometheus'),
    destination: own,
    port: 9102,
    events: 120,
  });
}

/** Jobs of Sundays, at four. */
function weekly(random: Random, tell: Told): void {
  for (const shop of SHOPS) {
    const audit = workloadEnd(`${shop}/audit`);
    const dns = workloadEnd('kube-system/coredns');
    tell({ source: audit, destination: dns, port: 53, protocol: 'UDP' });
    for (const store of ['postgres', 'redis'])
      tell({
        source: audit,
        destination: workloadEnd(`${shop}/${store}`),
        port: portOf(store),
        events: some(random, 30),
      });
    tell({ source: audit, destination: named('192.0.2.120', 'ledger.example'), port: 443 });
  }
}

/** Every day the shops have their certificates renewed; those of the entrance are asked for outside, once a week, and checked by whoever is asked. */
function certificates(random: Random, hour: number, tell: Told): void {
  for (const shop of SHOPS)
    tell({
      source: workloadEnd(`${shop}/frontend`),
      destination: workloadEnd('certificates/authority'),
      port: portOf('authority'),
    });
  if (Math.floor(hour / 24) % 7 !== 2) return;
  const asked: What = {
    source: workloadEnd('certificates/cert-manager'),
    destination: named(`192.0.2.${130 + random.number(40)}`, 'acme.authority.example'),
    port: 443,
    events: 6,
  };
  tell(asked);
  for (let place = 0; place < 4; place++)
    tell({
      source: { ip: `198.18.${random.number(200)}.${1 + random.number(250)}` },
      destination: workloadEnd('ingress/controller'),
      port: 8080,
    });
}

/** What does not happen every hour. */
export function seldom(random: Random, hour: number, tell: Told): void {
  const day = Math.floor(hour / 24);
  if (hour % 24 === 4 && day % 7 === 6) weekly(random, tell);
  if (hour % 24 === 2) certificates(random, hour, tell);
  if (day === CANARY_ON) ofRelease(random, CANARY, tell);
  if (day >= GREEN_FROM) ofRelease(random, GREEN, tell);
}
