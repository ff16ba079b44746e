import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllPorts, NO_PORTS, portSetOf } from '../../../src/netpol/ports/port-set.js';
import {
  EVERYTHING_ALLOWED,
  NOTHING,
  OTHER_PROTOCOLS,
  type TrafficId,
  trafficTable,
} from '../../../src/netpol/ports/traffic.js';

const tcp = (from: number, to = from) => portSetOf([{ protocol: 'TCP', from, to }]);

test('every port is all ports of all three protocols, and nothing less', () => {
  const whole = (['TCP', 'UDP', 'SCTP'] as const).map(protocol => ({
    protocol,
    from: 1,
    to: 65_535,
  }));
  assert.equal(isAllPorts(portSetOf(whole)), true);
  assert.equal(isAllPorts(portSetOf(whole.slice(1))), false);
  const [first, ...others] = whole;
  if (first === undefined) return;
  assert.equal(isAllPorts(portSetOf([{ ...first, to: 65_534 }, ...others])), false);
  assert.equal(isAllPorts(portSetOf([{ ...first, from: 2 }, ...others])), false);
  const split = [
    { ...first, to: 10 },
    { ...first, from: 12 },
  ];
  assert.equal(isAllPorts(portSetOf([...split, ...others])), false);
  assert.equal(isAllPorts(NO_PORTS), false);
});

test('equal sets have equal numbers, and those with other protocols another', () => {
  const table = trafficTable();
  assert.equal(table.numberOf(tcp(80), false), table.numberOf(tcp(80, 80), false));
  assert.notEqual(table.numberOf(tcp(80), false), table.numberOf(tcp(80), true));
  assert.deepEqual(table.at(table.numberOf(tcp(80), true)), { ports: tcp(80), other: true });
  assert.deepEqual(table.at(NOTHING), { ports: NO_PORTS, other: false });
  assert.deepEqual(table.at(OTHER_PROTOCOLS), { ports: NO_PORTS, other: true });
  assert.equal(table.at(EVERYTHING_ALLOWED).other, true);
  assert.throws(() => table.at(99 as TrafficId), {
    name: 'RangeError',
    message: 'no traffic set has the number 99',
  });
});

test('operations agree with the sets behind the numbers, for every pair and asked twice', () => {
  const table = trafficTable();
  const numbers = [
    NOTHING,
    EVERYTHING_ALLOWED,
    OTHER_PROTOCOLS,
    ...[1, 5, 9, 14].flatMap(from =>
      [false, true].map(other => table.numberOf(tcp(from, from + 6), other)),
    ),
  ];
  const holds = (number: TrafficId, port: number): boolean =>
    table.at(number).ports.TCP.some(({ from, to }) => from <= port && port <= to);
  const ports = Array.from({ length: 25 }, (_, place) => place + 1);
  const operations = {
    unite: (one: boolean, other: boolean) => one || other,
    intersect: (one: boolean, other: boolean) => one && other,
    subtract: (one: boolean, other: boolean) => one && !other,
  };
  for (const round of [1, 2]) {
    for (const [name, combine] of Object.entries(operations)) {
      for (const one of numbers) {
        for (const other of numbers) {
          const found = table[name as keyof typeof operations](one, other);
          const text = `${name} ${one} ${other}, round ${round}`;
          const { other: others } = table.at(found);
          assert.equal(others, combine(table.at(one).other, table.at(other).other), text);
          assert.deepEqual(
            ports.filter(port => holds(found, port)),
            ports.filter(port => combine(holds(one, port), holds(other, port))),
            text,
          );
        }
      }
    }
  }
});

test('the union of many is what it is one after the other, few or many, other protocols among them or not', () => {
  const table = trafficTable();
  const numbers = Array.from({ length: 40 }, (_, place) =>
    table.numberOf(tcp(place * 3 + 1, place * 3 + 1 + (place % 4)), place === 30),
  );
  for (const many of [0, 1, 2, 8, 9, 30, 31, 40]) {
    const some = [...numbers.slice(0, many), NOTHING, ...numbers.slice(0, many)];
    const oneByOne = some.reduce((sum, one) => table.unite(sum, one), NOTHING as TrafficId);
    assert.equal(table.uniteAll(some), oneByOne, `${many}`);
  }
});

test('among very many sets no two pairs are taken for each other', () => {
  const table = trafficTable();
  for (let port = 1; table.numberOf(tcp(port), false) < 40_000; port++);
  // `1 * 2 ** 26 + 40_000` is `2_049 * 2 ** 15 + 7_232` as well.
  assert.equal(table.intersect(2_049 as TrafficId, 7_232 as TrafficId), NOTHING);
  assert.equal(table.intersect(EVERYTHING_ALLOWED, 40_000 as TrafficId), 40_000);
});
