import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INGEST, type Lab, labs } from '../support/lab.js';
import { lawRuns } from '../support/law-runs.js';
import { pod, reserved, wrapped } from './formats/hubble-records.js';
import { edges } from './support/whose.js';
import { SERVED } from './support/whose-service.js';

/** Each starts from a cluster of its own; 31 more, of seven records, were tried by hand. */
const RUNS = lawRuns(4);

const lab = labs();

const ADDRESS = '198.51.100.7';

const answer = (at: string, query: string, client = 'web'): object =>
  wrapped({
    time: `2026-11-22T${at}Z`,
    is_reply: true,
    source: pod('dns-1', 'dns'),
    destination: pod(`${client}-1`, client),
    IP: { source: '10.0.0.53', destination: '10.0.0.1' },
    l4: { UDP: { source_port: 53, destination_port: 40_000 } },
    l7: { type: 'RESPONSE', dns: { query, ips: [ADDRESS], ttl: 30, rcode: 0 } },
  });

const call = (at: string, client = 'web'): object =>
  wrapped({
    time: `2026-11-22T${at}Z`,
    is_reply: false,
    source: pod(`${client}-1`, client),
    destination: reserved('world'),
    IP: { source: '10.0.0.1', destination: ADDRESS },
  });

const toBalancer = (at: string): object =>
  wrapped({
    time: `2026-11-22T${at}Z`,
    is_reply: false,
    source: pod('web-1', 'web'),
    destination: reserved('world'),
    IP: { source: '10.0.0.1', destination: ADDRESS },
    l4: { TCP: { source_port: 40_000, destination_port: 80 } },
  });

const upload = ({ call: ask }: Lab, records: readonly object[]): Promise<unknown> =>
  ask(INGEST, { format: 'hubble', records: records.map(one => JSON.stringify(one)).join('\n') });

/** By what the address outside is shown. */
const nameIn = async (shop: Lab): Promise<string | undefined> =>
  (await edges(shop)).flatMap(edge => /EXTERNAL:(\S+)/.exec(edge)?.[1] ?? [])[0];

test('an answer names what its client called within an hour before it or while it holds, and nothing else', async () => {
  const answered = answer('10:00:00', 'api.example.com.');
  const cases: readonly (readonly [object, string])[] = [
    [call('10:30:00'), 'api.example.com'],
    [call('09:30:00'), 'api.example.com'],
    [call('11:30:00'), ADDRESS],
    [call('08:30:00'), ADDRESS],
    [call('10:30:00', 'job'), ADDRESS],
  ];
  for (const [place, [called, name]] of cases.entries()) {
    const shop = lab(`times-${place}`);
    for (const one of [called, answered]) await upload(shop, [one]);
    assert.equal(await nameIn(shop), name, JSON.stringify(called));
  }
});

test(`the name of an address depends on neither order nor cut of answers and calls (${RUNS} runs)`, async () => {
  const records = [
    answer('10:00:00', 'b.example.com'),
    answer('10:10:00', 'a.example.com'),
    call('09:50:00'),
    call('10:05:00'),
    call('13:00:00', 'job'),
  ];
  let run = 0;
  const orders = fc.shuffledSubarray(records, { minLength: records.length });
  const property = fc.asyncProperty(orders, fc.integer({ min: 1, max: 5 }), async (order, size) => {
    const shop = lab(`orders-${run++}`);
    for (let at = 0; at < order.length; at += size) await upload(shop, order.slice(at, at + size));
    assert.equal(await nameIn(shop), 'a.example.com');
  });
  await fc.assert(property, { numRuns: RUNS });
});

test("an address that an answer named as a Service's load balancer is the Service, whether the import, the answer or the call comes last", async () => {
  const shop = lab('balancer');
  const calls = {
    call: [toBalancer('10:00:10')],
    answer: [answer('10:00:00', 'api-1.elb.example.net.')],
  };
  for (const order of [
    ['call', 'answer'],
    ['answer', 'call'],
  ] as const) {
    const known = lab(`balancer-${order.join('-')}`);
    await known.take(SERVED, { observedAt: '2026-11-20T00:00:00Z' });
    for (const one of order) await upload(known, calls[one]);
    assert.deepEqual(
      (await edges(known)).filter(edge => edge.includes('80/')),
      ['shop/web -> shop/api TCP 80/8080'],
    );
  }
  await upload(shop, [toBalancer('10:00:10')]);
  await upload(shop, [answer('10:00:00', 'api-1.elb.example.net.')]);
  assert.equal(await nameIn(shop), 'api-1.elb.example.net');
  await shop.take(SERVED, { observedAt: '2026-11-20T00:00:00Z' });
  const found = (await edges(shop)).filter(edge => edge.includes('80/'));
  assert.deepEqual(found, ['shop/web -> shop/api TCP 80/8080']);
  assert.equal(await nameIn(shop), undefined);
});
