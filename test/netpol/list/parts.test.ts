import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  answerByParts,
  type Connection,
  compile,
  decide,
  decisionOfParts,
  type Facts,
  type FoundPeer,
  type Policy,
  peerResolver,
  withTwins,
} from '../../../src/netpol/index.js';
import {
  anyPod,
  block,
  facts,
  labelled,
  namespace,
  namespaceNamed,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  tcp,
  udp,
} from '../evaluation/build.js';

const HTTP = { name: 'http', port: 8080, protocol: 'TCP' } as const;
const THERE = facts({
  namespaces: [namespace('shop'), namespace('data')],
  pods: [
    pod('shop/web'),
    pod('shop/api', { ports: [HTTP] }),
    pod('shop/cron'),
    pod('data/db', { addresses: ['10.0.3.4'] }),
  ],
});

const asker = (there: Facts, policies: readonly Policy[]) => {
  const compiled = compile(withTwins(there), policies);
  const resolve = peerResolver(there, null);
  const found = (text: string): FoundPeer & { text: string } => {
    const peer = resolve(text);
    if ('fault' in peer) throw new Error(peer.fault);
    return { ...peer, text };
  };
  const ask = (connection: Connection) => decide(compiled, connection);
  return (src: string, dst: string, port: number | null = null, protocol = 'TCP') => {
    const question = { source: found(src), destination: found(dst), port, protocol };
    return { ask, ...answerByParts(compiled, ask, question) };
  };
};

type Answers = ReturnType<ReturnType<typeof asker>>;

const linesOf = ({ parts }: Pick<Answers, 'parts'>): readonly string[] =>
  parts.map(
    ({ sources, destinations, ports, decision: { verdict } }) =>
      `${sources.join(' ')} => ${destinations.join(' ')} ${ports} ${verdict}`,
  );

const DB = networkPolicy({
  namespace: 'data',
  ingress: [
    {
      peers: [{ kind: 'pods', namespaces: labelled({}), pods: labelled({ app: 'api' }) }],
      ports: [tcp(5432)],
    },
    { peers: [block('10.0.0.0/8', '10.2.0.0/16')], ports: [tcp(5432), udp(53)] },
  ],
});

test('of a namespace workloads with one answer are told together, and the whole is not decided', () => {
  const answers = asker(THERE, [DB])('ns:shop', 'data/db', 5432);
  assert.deepEqual(linesOf(answers), [
    'shop/web[Deployment] shop/cron[Deployment] => data/db TCP 5432 DENIED',
    'shop/api[Deployment] => data/db TCP 5432 ALLOWED',
  ]);
  const { verdict, basis, missing } = decisionOfParts(answers);
  assert.deepEqual([verdict, basis], ['UNDECIDABLE', 'unresolved-peer']);
  assert.match(missing ?? '', /ALLOWED for 1, DENIED for 1/);
  const closed = asker(THERE, [networkPolicy({ namespace: 'data', ingress: [] })]);
  assert.equal(decisionOfParts(closed('namespace:shop', 'ns:data', 1)).verdict, 'DENIED');
});

test('a workload of the namespace towards itself is two of its pods', () => {
  const own = networkPolicy({ ingress: [{ peers: [podsLabelled({ app: 'web' })] }] });
  assert.deepEqual(linesOf(asker(THERE, [own])('ns:shop', 'ns:shop', 80)), [
    'shop/web[Deployment] => shop/web[Deployment] shop/api[Deployment] shop/cron[Deployment] TCP 80 ALLOWED',
    'shop/api[Deployment] shop/cron[Deployment] => shop/web[Deployment] shop/api[Deployment] shop/cron[Deployment] TCP 80 DENIED',
  ]);
});

test('a block is cut where rules tell its addresses apart, and pods inside are said not to be meant', () => {
  const answers = asker(THERE, [DB])('10.0.0.0/8', 'data/db', 53, 'UDP');
  assert.deepEqual(linesOf(answers), [
    '10.0.0.0-10.1.255.255 10.3.0.0-10.255.255.255 => data/db UDP 53 ALLOWED',
    '10.2.0.0-10.2.255.255 => data/db UDP 53 DENIED',
  ]);
  assert.match(answers.notes.join(), /one address of `10.0.0.0\/8` is that of pods/);
  assert.deepEqual(asker(THERE, [DB])('192.0.2.0/24', 'data/db', 1).notes, []);
});

test('without a port the ports are cut where rules tell them apart, by name too', () => {
  const policy = networkPolicy({
    ingress: [{ peers: [anyPod], ports: [portNamed('http'), tcp(1, 9)] }],
  });
  assert.deepEqual(linesOf(asker(THERE, [policy])('data/db', 'shop/api')), [
    'data/db => shop/api TCP 1-9,8080 ALLOWED',
    'data/db => shop/api TCP 10-8079,8081-65535 DENIED',
  ]);
  assert.deepEqual(linesOf(asker(THERE, [policy])('data/db', 'shop/api', null, 'ICMP')), [
    'data/db => shop/api ICMP UNDECIDABLE',
  ]);
});

test('what is said of a part holds for each address and port in it', () => {
  const blocks = fc.constantFrom(
    block('10.0.0.0/8'),
    block('10.0.0.0/8', '10.0.3.0/24'),
    block('10.0.3.0/25'),
    block('0.0.0.0/0', '10.0.0.0/9'),
    namespaceNamed('shop'),
  );
  const ports = fc.constantFrom(null, [tcp(80)], [tcp(70, 90)], [tcp(443), udp(53)]);
  const ingress = fc.array(
    fc.record({ peers: fc.array(blocks, { minLength: 1, maxLength: 2 }), ports }),
    { maxLength: 3 },
  );
  const address = fc
    .tuple(fc.constantFrom(0, 3, 128), fc.integer({ min: 0, max: 255 }))
    .map(([one, two]) => `10.${one === 128 ? 128 : 0}.${one % 128}.${two}`)
    .filter(text => text !== '10.0.3.4');
  const numberOf = (text: string): number =>
    text.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
  const isIn = (ranges: readonly string[], at: number): boolean =>
    ranges.some(range => {
      const [from = '', to = from] = range.split('-');
      return numberOf(from) <= at && at <= numberOf(to);
    });
  let told = 0;
  fc.assert(
    fc.property(ingress, address, fc.integer({ min: 60, max: 460 }), (rules, from, port) => {
      const policies = [networkPolicy({ namespace: 'data', ingress: rules })];
      const { ask, parts } = asker(THERE, policies)('10.0.0.0/8', 'data/db');
      const holding = parts.filter(
        part =>
          isIn(part.sources, numberOf(from)) &&
          (part.ports === 'TCP' || isInPorts(part.ports, port)),
      );
      assert.equal(holding.length, 1, `${from} ${port}`);
      const { verdict } = ask({
        source: { kind: 'address', address: from },
        destination: { kind: 'pod', key: 'data/db' },
        port,
        protocol: 'TCP',
      });
      assert.equal(holding[0]?.decision.verdict, verdict);
      told += 1;
    }),
    { numRuns: 200, seed: 20_261_130 },
  );
  assert.ok(told > 0);
});

/** Of texts such as `TCP 1-79,81`. */
const isInPorts = (text: string, port: number): boolean =>
  text
    .slice('TCP '.length)
    .split(',')
    .some(range => {
      const [from = 0, to = from] = range.split('-').map(Number);
      return from <= port && port <= to;
    });

test('of a question with too many pairs the rest is counted, and the whole is not decided', () => {
  const compiled = compile(withTwins(THERE), []);
  const resolve = peerResolver(THERE, null);
  const shop = resolve('ns:shop');
  if ('fault' in shop) throw new Error(shop.fault);
  const end = { ...shop, text: 'ns:shop' };
  const asked = { source: end, destination: end, port: 80, protocol: 'TCP', most: 4 };
  const answers = answerByParts(compiled, connection => decide(compiled, connection), asked);
  assert.equal(answers.left, 5);
  const { verdict, missing } = decisionOfParts(answers);
  assert.equal(verdict, 'UNDECIDABLE');
  assert.match(missing ?? '', /^5 pairs/);
});
